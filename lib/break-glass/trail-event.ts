import { accountIdSchema } from '../domain/common-schemas.ts';
import { withoutSecret } from '../domain/secret-shape.ts';
import { fromMillis, type Instant } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/** One call as CloudTrail tells of it, as far as incidents are about it. */
export interface TrailEvent {
  /** The same in every account that CloudTrail tells of it. */
  readonly id: string;
  readonly at: Instant;
  /** `sts:AssumeRole`, however the partition spells its services */
  readonly name: string;
  readonly region: string;
  /** Whose trail tells of it. */
  readonly accountId: string;
  /** Who made it, in one text. */
  readonly principal: string;
  /** ARNs of who made it: of the session, and of its role. None when another account's trail tells of it. */
  readonly callerArns: readonly string[];
  readonly callerAccountId?: string;
  /** Of an IAM user whose ARN a failed sign-in does not show. */
  readonly userName?: string;
  readonly sourceIp?: string;
  readonly accessKeyId?: string;
  readonly error?: string;
  readonly assumed?: {
    readonly roleArn: string;
    readonly sessionName?: string;
    readonly sourceIdentity?: string;
    readonly accessKeyId?: string;
  };
}

const MOST_CHARACTERS = 512;
/** As much of any text as the record keeps: one line, and nothing that looks like a secret. */
const line = z.pipe(
  z.string().check(z.minLength(1)),
  z.transform((text) =>
    withoutSecret(text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, MOST_CHARACTERS)),
  ),
);
/** What is not of its type is passed over: CloudTrail writes null, empty and other things where nothing is. */
const perhaps = z.catch(z.optional(line), undefined);
const inside = <T extends z.core.$ZodShape>(shape: T) =>
  z.catch(z.optional(z.partial(z.object(shape))), undefined);

/** CloudTrail has many more fields, and adds to them: only what has to be there is insisted on. */
const detailSchema = z.lazy(() =>
  z.object({
    eventID: line,
    sharedEventID: perhaps,
    eventTime: z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))),
    eventSource: z.string().check(z.regex(/^[a-z0-9.-]{1,100}$/)),
    eventName: line,
    eventType: perhaps,
    awsRegion: line,
    recipientAccountId: z.catch(z.optional(accountIdSchema), undefined),
    sourceIPAddress: perhaps,
    errorCode: perhaps,
    errorMessage: perhaps,
    userIdentity: inside({
      type: perhaps,
      arn: perhaps,
      principalId: perhaps,
      accountId: perhaps,
      userName: perhaps,
      accessKeyId: perhaps,
      sessionContext: inside({ sessionIssuer: inside({ arn: perhaps }) }),
    }),
    requestParameters: inside({ roleArn: perhaps, roleSessionName: perhaps, sourceIdentity: perhaps }),
    responseElements: inside({
      ConsoleLogin: perhaps,
      credentials: inside({ accessKeyId: perhaps }),
    }),
  }),
);
type Detail = z.output<typeof detailSchema>;

/** As EventBridge wraps it; the detail alone will do as well. */
const wrappedSchema = z.lazy(() => z.object({ 'detail-type': z.string(), detail: z.unknown() }));

/** Undefined: it is not of the form of CloudTrail. Events that AWS makes by itself, for nobody, are of no interest. */
export function parseTrailEvent(input: unknown): TrailEvent | undefined {
  const wrapped = wrappedSchema.safeParse(input);
  const parsed = detailSchema.safeParse(wrapped.success ? wrapped.data.detail : input);
  if (!parsed.success) return undefined;
  const detail = parsed.data;
  const { userIdentity: who, requestParameters: asked } = detail;
  const accountId = detail.recipientAccountId ?? who?.accountId;
  if (accountId === undefined) return undefined;
  return {
    id: detail.sharedEventID ?? detail.eventID,
    at: fromMillis(Date.parse(detail.eventTime)),
    name: `${detail.eventSource.replace(/\.amazonaws\.(?:com(?:\.cn)?|cn)$/, '')}:${detail.eventName}`,
    region: detail.awsRegion,
    accountId,
    principal: who?.arn ?? who?.principalId ?? who?.userName ?? 'somebody whom CloudTrail does not name',
    callerArns: [who?.arn, who?.sessionContext?.sessionIssuer?.arn].filter((each) => each !== undefined),
    ...defined('callerAccountId', who?.accountId),
    ...defined('userName', who?.userName),
    ...defined('sourceIp', detail.sourceIPAddress),
    ...defined('accessKeyId', who?.accessKeyId),
    ...defined('error', errorOf(detail)),
    ...(asked?.roleArn === undefined ? {} : { assumed: { roleArn: asked.roleArn, ...assumedIn(detail) } }),
  };
}

function assumedIn({ requestParameters: asked, responseElements: answered }: Detail) {
  return {
    ...defined('sessionName', asked?.roleSessionName),
    ...defined('sourceIdentity', asked?.sourceIdentity),
    ...defined('accessKeyId', answered?.credentials?.accessKeyId),
  };
}

/** A sign-in that failed says so in what it answers. */
function errorOf({ errorCode, errorMessage, responseElements }: Detail): string | undefined {
  if (errorCode !== undefined) return errorCode;
  return responseElements?.ConsoleLogin === 'Failure' ? (errorMessage ?? 'Failure') : undefined;
}

function defined<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: string });
}
