import { ListUserTagsCommand, type Tag } from '@aws-sdk/client-iam';
import { type AwsClients, mapAwsError } from '../aws/index.ts';
import type { Credential, Facts } from '../domain/credential.ts';
import { known, knownValue, unknown } from '../domain/fact.ts';
import type { Clock, Instant } from '../domain/time.ts';
import { listAccessKeys } from './access-keys.ts';
import { laterUse, readLastUse } from './last-used.ts';
import { describeSecret } from './secret-replicas.ts';
import { SOURCE } from './source.ts';
import { tagRecord } from './user-details.ts';

/**
 * found: its facts as of now, single ones possibly unknown. Not found: AWS says that it is gone. Unknown: nobody
 * can tell, and nothing may be done to it.
 */
export type Reread =
  | { readonly found: true; readonly credential: Credential }
  | { readonly found: false }
  | { readonly found: 'unknown'; readonly reason: string };

/** The freshest facts of one credential, read immediately before an act. Only keys and secrets are acted on. */
export async function rereadCredential(
  clients: AwsClients,
  credential: Credential,
  now: Instant,
): Promise<Reread> {
  const clock: Clock = { now: () => now };
  if (credential.kind === 'access-key') return rereadKey(clients, clock, credential);
  if (credential.kind === 'secret') return rereadSecret(clients, clock, credential);
  return { found: 'unknown', reason: `a ${credential.kind} is never acted on, so it is not read again` };
}

async function rereadKey(clients: AwsClients, clock: Clock, credential: Credential): Promise<Reread> {
  const accessKeyId = knownValue(credential.facts.accessKeyId);
  const { principal } = credential;
  if (accessKeyId === undefined || principal === undefined) {
    return { found: 'unknown', reason: 'its access key id was not read' };
  }
  const { userName } = principal;
  const [listed, use, tags] = await Promise.all([
    listAccessKeys(clients, clock, userName),
    readLastUse(clients, clock, { accessKeyId, userName }),
    readTags(clients, clock, userName),
  ]);
  if (!listed.ok) {
    const isGone = listed.failure.code === 'NoSuchEntity';
    return isGone ? { found: false } : { found: 'unknown', reason: listed.failure.message };
  }
  const key = listed.keys.find((each) => each.accessKeyId === accessKeyId);
  if (key === undefined) return { found: false };
  const fresh = <T>(value: T) => known(value, key.readAt, SOURCE.accessKeys);
  const createdAt =
    key.createdAt === undefined
      ? unknown(`${SOURCE.accessKeys} gave no creation date`)
      : fresh(key.createdAt);
  const facts: Facts = {
    ...credential.facts,
    status: fresh(key.status),
    createdAt,
    accessKeyId: fresh(accessKeyId),
    lastUsedAt: laterUse(credential.facts.lastUsedAt, use.fact),
    tags,
  };
  return { found: true, credential: { ...credential, facts } };
}

async function readTags(clients: AwsClients, clock: Clock, userName: string): Promise<Facts['tags']> {
  const tags: Tag[] = [];
  let marker: string | undefined;
  try {
    do {
      const input = { UserName: userName, Marker: marker };
      const page = await clients.limiter.run(() => clients.iam.send(new ListUserTagsCommand(input)));
      tags.push(...(page.Tags ?? []));
      marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (marker !== undefined);
    return known(tagRecord(tags), clock.now(), SOURCE.userTags);
  } catch (error) {
    return unknown(`${SOURCE.userTags} failed (${mapAwsError(error, SOURCE.userTags).code})`);
  }
}

async function rereadSecret(clients: AwsClients, clock: Clock, credential: Credential): Promise<Reread> {
  const { id, name, accountId, region } = credential;
  const described = await describeSecret(clients, clock, { arn: id, name, accountId, region });
  if (described.ok) {
    const { lastUsedAt, ...facts } = described.credential.facts;
    const use =
      lastUsedAt === undefined ? {} : { lastUsedAt: laterUse(credential.facts.lastUsedAt, lastUsedAt) };
    return { found: true, credential: { ...credential, facts: { ...facts, ...use } } };
  }
  const isGone = described.failure.code === 'ResourceNotFound';
  return isGone ? { found: false } : { found: 'unknown', reason: described.failure.message };
}
