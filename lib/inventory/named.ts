import { GetUserCommand } from '@aws-sdk/client-iam';
import { type AwsClients, mapAwsError } from '../aws/index.ts';
import { credentialOfId } from '../domain/credential.ts';
import { known } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { type Reread, rereadCredential } from './reread.ts';
import { SOURCE } from './source.ts';

/**
 * A credential by the id that somebody wrote. IAM finds a key by the name of its user alone, and the path in the id decides
 * about protection, owner and chain: an id whose user is not exactly that one names nothing, and is not found.
 */
export async function readNamedCredential(clients: AwsClients, id: string, now: Instant): Promise<Reread> {
  const named = credentialOfId(id);
  if (named === undefined) return { found: false };
  if (named.kind !== 'access-key' || named.principal === undefined) {
    return rereadCredential(clients, named, now);
  }
  const facts = { ...named.facts, accessKeyId: known(named.name, now, 'its id') };
  const [other, fresh] = await Promise.all([
    otherThan(clients, named.principal),
    rereadCredential(clients, { ...named, facts }, now),
  ]);
  return other ?? fresh;
}

/** Undefined when the user is who the id says. */
async function otherThan(
  clients: AwsClients,
  { arn, userName }: { readonly arn: string; readonly userName: string },
): Promise<Exclude<Reread, { found: true }> | undefined> {
  try {
    const command = new GetUserCommand({ UserName: userName });
    const { User } = await clients.limiter.run(() => clients.iam.send(command));
    return User?.Arn === arn ? undefined : { found: false };
  } catch (error) {
    const { code, message } = mapAwsError(error, SOURCE.user);
    return code === 'NoSuchEntity' ? { found: false } : { found: 'unknown', reason: message };
  }
}
