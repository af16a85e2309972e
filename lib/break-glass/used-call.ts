import type { Event } from '@aws-sdk/client-cloudtrail';
import type { Touched, UsedCall } from '../domain/grant-evidence.ts';
import { withoutSecret } from '../domain/secret-shape.ts';
import { fromMillis } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/** A value of another form is passed over: CloudTrail's records differ by service. */
const text = z.catch(z.optional(z.string().check(z.minLength(1), z.maxLength(2048))), undefined);
const texts = z.catch(z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(2048)))), undefined);

/** What is looked at of a record. Everything else of it, and values above all, is never kept. */
const recordSchema = z.lazy(() =>
  z.object({
    userIdentity: z.catch(z.optional(z.object({ arn: text })), undefined),
    awsRegion: text,
    errorCode: text,
    errorMessage: text,
    requestParameters: z.catch(
      z.nullish(
        z.object({
          secretId: text,
          secretIdList: texts,
          name: text,
          userName: text,
          roleArn: text,
          target: text,
        }),
      ),
      undefined,
    ),
    responseElements: z.catch(
      z.nullish(
        z.object({
          accessKey: z.catch(z.optional(z.object({ accessKeyId: text, userName: text })), undefined),
          arn: text,
          aRN: text,
          ARN: text,
        }),
      ),
      undefined,
    ),
  }),
);
type TrailRecord = z.infer<typeof recordSchema>;

/** Calls that show the value of a secret. */
const SECRET_READS = new Set(['GetSecretValue', 'BatchGetSecretValue']);
/** Calls that give a secret a value, which whoever calls knows. */
const SECRET_WRITES = new Set(['CreateSecret', 'PutSecretValue', 'UpdateSecret']);
const MOST_RESOURCES = 20;

/**
 * What is kept of an event that was looked up in a Region; undefined when it has no id or no time, or is of another session
 * than the one asked for, `role/name`: whoever takes a grant chooses its id, and other sessions may have that name.
 */
export function usedCallOf(event: Event, region: string, session?: string): UsedCall | undefined {
  const { EventId: eventId, EventTime: at, EventName: action = 'unknown', AccessKeyId } = event;
  if (eventId === undefined || at === undefined) return undefined;
  const record = recordOf(event.CloudTrailEvent);
  const by = record.userIdentity?.arn;
  if (session !== undefined && by !== undefined && !by.endsWith(`:assumed-role/${session}`)) return undefined;
  const service = (event.EventSource ?? 'unknown').replace(/\.amazonaws\.com(\.cn)?$/, '');
  const touched = record.errorCode === undefined ? touchedBy(service, action, record) : [];
  return {
    eventId,
    at: fromMillis(at.getTime()),
    service,
    action,
    region: record.awsRegion ?? region,
    ...(event.ReadOnly === undefined ? {} : { readOnly: event.ReadOnly === 'true' }),
    resources: resourcesOf(event, record),
    ...(record.errorCode === undefined ? {} : { error: withoutSecret(record.errorCode) }),
    accessKeyId: AccessKeyId ?? 'unknown',
    ...(touched.length === 0 ? {} : { touched }),
  };
}

function recordOf(json: string | undefined): TrailRecord {
  try {
    return recordSchema.safeParse(JSON.parse(json ?? '{}')).data ?? {};
  } catch {
    return {};
  }
}

/** Names of what the call was about; of a call that was denied, what AWS says it was denied on. */
function resourcesOf(event: Event, record: TrailRecord): string[] {
  const { secretId, secretIdList = [], name, userName, roleArn, target } = record.requestParameters ?? {};
  const denied = /on resource: (?:user |role )?(\S+)/.exec(record.errorMessage ?? '')?.[1];
  const named = (event.Resources ?? []).map(({ ResourceName }) => ResourceName);
  const all = [...named, secretId, ...secretIdList, name, userName, roleArn, target, denied];
  const present = all.filter((each) => each !== undefined && each !== '' && each !== '*');
  return [...new Set(present.map((each) => withoutSecret(each ?? '')))].slice(0, MOST_RESOURCES);
}

function touchedBy(service: string, action: string, record: TrailRecord): Touched[] {
  if (service === 'iam' && action === 'CreateAccessKey') {
    const { accessKeyId, userName } = record.responseElements?.accessKey ?? {};
    if (accessKeyId === undefined) return [];
    return [
      {
        kind: 'access-key',
        how: 'written',
        name: accessKeyId,
        ...(userName === undefined ? {} : { userName }),
      },
    ];
  }
  if (service !== 'secretsmanager') return [];
  if (!SECRET_READS.has(action) && !SECRET_WRITES.has(action)) return [];
  const how = SECRET_READS.has(action) ? 'read' : 'written';
  return secretsIn(record).map((name) => ({ kind: 'secret', how, name }));
}

/** An ARN that the answer shows is surer than the name that was asked for. */
function secretsIn({ requestParameters, responseElements }: TrailRecord): string[] {
  const arn = responseElements?.arn ?? responseElements?.aRN ?? responseElements?.ARN;
  if (arn !== undefined) return [arn];
  const { secretId, secretIdList = [], name } = requestParameters ?? {};
  const one = secretId ?? name;
  return one === undefined ? secretIdList : [one, ...secretIdList];
}
