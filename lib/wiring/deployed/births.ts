import { accountIdSchema as accountId, textSchema as text } from '../../domain/common-schemas.ts';
import { credentialOfId } from '../../domain/credential.ts';
import { JanitorError } from '../../domain/error.ts';
import { parseInstant } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { actorOfCall, userIdentitySchema } from '../../identity/index.ts';
import { compilePolicy, type Policy, personOf } from '../../policy/index.ts';
import { type ActingContext, type Newborn, type TaggedNewborn, tagNewborn } from '../../sweep/index.ts';
import type { Environment } from './environment.ts';
import { type Hub, openRecord } from './hub.ts';
import { actingIn, openMember } from './member.ts';

/** What both calls have in common. CloudTrail adds fields, so unknown ones are passed over, never kept. */
const call = {
  eventID: text,
  eventTime: z.iso.datetime(),
  awsRegion: text,
  recipientAccountId: accountId,
  requestID: z.optional(text),
  errorCode: z.optional(z.string()),
  userIdentity: userIdentitySchema,
};

const createAccessKey = z.object({
  ...call,
  eventSource: z.literal('iam.amazonaws.com'),
  eventName: z.literal('CreateAccessKey'),
  responseElements: z.nullish(
    z.object({
      accessKey: z.object({
        accessKeyId: z.string().check(z.regex(/^[A-Z0-9]{16,128}$/)),
        /** Absent for a key of the root user. */
        userName: z.optional(z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/))),
      }),
    }),
  ),
});

const createSecret = z.object({
  ...call,
  eventSource: z.literal('secretsmanager.amazonaws.com'),
  eventName: z.literal('CreateSecret'),
  requestParameters: z.object({ name: z.string().check(z.minLength(1), z.maxLength(512)) }),
  /** CloudTrail's own example has none, and its field names are not always written alike. */
  responseElements: z.nullish(
    z.object({ arn: z.optional(z.string()), aRN: z.optional(z.string()), ARN: z.optional(z.string()) }),
  ),
});

/** CloudTrail's word on an event bus of a new access key or secret. */
export const birthEventSchema = z
  .object({
    account: accountId,
    'detail-type': z.literal('AWS API Call via CloudTrail'),
    detail: z.discriminatedUnion('eventName', [createAccessKey, createSecret]),
  })
  .check(
    z.refine(({ account, detail }) => account === detail.recipientAccountId, {
      error: 'the event comes from another account than it speaks of',
    }),
  );
type BirthDetail = z.infer<typeof birthEventSchema>['detail'];

/** What a call made; a reason where it made nothing that is ours to look after. Throws `event-invalid`. */
export async function newbornOf(detail: BirthDetail, policy: Policy): Promise<Newborn | { reason: string }> {
  const { errorCode, eventID, eventTime, awsRegion, requestID, userIdentity } = detail;
  if (errorCode !== undefined) return { reason: `the call failed (${errorCode}) and made nothing` };
  const place = placeOf(detail);
  if ('reason' in place) return place;
  return {
    place,
    eventId: eventID,
    at: parseInstant(eventTime),
    region: awsRegion,
    requestId: requestID,
    creator: await actorOfCall(userIdentity, (principal) => personOf(policy, principal)),
  };
}

function placeOf(detail: BirthDetail): Newborn['place'] | { reason: string } {
  if (detail.eventName === 'CreateSecret') return secretOf(detail);
  const key = detail.responseElements?.accessKey;
  if (key === undefined) throw invalid('a key was created, but the event does not say which');
  const { accessKeyId, userName } = key;
  if (userName === undefined) return { reason: 'a key of the root user is reported and never touched' };
  return { kind: 'access-key', accessKeyId, userName };
}

function secretOf(detail: z.infer<typeof createSecret>): Newborn['place'] {
  const { requestParameters, responseElements, recipientAccountId, awsRegion: region } = detail;
  const arn = responseElements?.arn ?? responseElements?.aRN ?? responseElements?.ARN;
  if (arn === undefined) return { kind: 'secret', region, secretId: requestParameters.name };
  const named = credentialOfId(arn);
  if (named?.kind !== 'secret' || named.accountId !== recipientAccountId || named.region !== region) {
    throw invalid(`"${arn}" is no secret of account ${recipientAccountId} in ${region}`);
  }
  return { kind: 'secret', region, secretId: arn };
}

function invalid(why: string): JanitorError {
  return new JanitorError(`the event of CloudTrail cannot be used: ${why}`, {
    code: 'event-invalid',
    source: 'system',
    hint: 'The next sweep finds the credential; compare the event in the dead-letter queue with CloudTrail.',
  });
}

export interface Nursery {
  readonly hub: Hub;
  readonly environment: Pick<
    Environment,
    'HOME_REGION' | 'STATE_TABLE' | 'MEMBER_ROLE_PREFIX' | 'MODE' | 'MANAGEMENT_ACCOUNT'
  >;
  readonly policy: Policy;
}

/** Enters the account of a newborn and looks after it there. Throws `member-unreachable`, and what the use case throws. */
export async function lookAfter(
  { hub, environment, policy }: Nursery,
  account: string,
  newborn: Newborn,
): Promise<TaggedNewborn> {
  const access = { ...environment, accountId: account, sessionName: `birth-${newborn.eventId}` };
  const member = await openMember(hub, access);
  if (!member.ok) throw unreachable(account, member.reason);
  const { clients } = member;
  const mayAct = environment.MODE === 'enforce' && account !== environment.MANAGEMENT_ACCOUNT;
  const context: ActingContext = {
    clock: hub.clock,
    policy,
    judge: compilePolicy(policy),
    accountId: account,
    partition: hub.partition,
    clients,
    pause: clients.pause,
    ledger: hub.ledger,
    ...openRecord(hub, environment),
    actor: hub.actor,
    acting: mayAct ? actingIn(hub, access) : undefined,
    holder: `${hub.actor.arn}/${hub.newId()}`,
  };
  try {
    return await tagNewborn(context, newborn);
  } finally {
    clients.close();
  }
}

function unreachable(account: string, why: string): JanitorError {
  return new JanitorError(`account ${account} does not let the janitor in: ${why}`, {
    code: 'member-unreachable',
    source: 'access',
    hint: 'Deploy the member roles there, or stop forwarding births from it.',
  });
}
