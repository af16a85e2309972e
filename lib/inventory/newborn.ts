import { GetUserCommand } from '@aws-sdk/client-iam';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { type AwsClients, mapAwsError } from '../aws/index.ts';
import { accessKeyCredentialId, credentialOfId } from '../domain/credential.ts';
import { known, unknown } from '../domain/fact.ts';
import type { Clock, Instant } from '../domain/time.ts';
import { listAccessKeys } from './access-keys.ts';
import { type Reread, rereadCredential } from './reread.ts';
import { SOURCE } from './source.ts';

/** Where a credential was made, as far as the record of the call tells. */
export type NewbornPlace =
  | { readonly kind: 'access-key'; readonly userName: string; readonly accessKeyId: string }
  /** `secretId`: its ARN, or only its name, since CloudTrail may leave out what the call answered. */
  | { readonly kind: 'secret'; readonly region: string; readonly secretId: string };

/**
 * A credential that was just made, under its id, which for a key has the path of its user. Of a key only status and
 * creation are read here.
 */
export async function findNewborn(clients: AwsClients, place: NewbornPlace, now: Instant): Promise<Reread> {
  return place.kind === 'access-key'
    ? findKey(clients, place, { now: () => now })
    : findSecret(clients, place, now);
}

async function findKey(
  clients: AwsClients,
  { userName, accessKeyId }: Extract<NewbornPlace, { kind: 'access-key' }>,
  clock: Clock,
): Promise<Reread> {
  const userArn = await arnFrom(SOURCE.user, undefined, async () => {
    const { User } = await clients.iam.send(new GetUserCommand({ UserName: userName }));
    return User?.Arn;
  });
  if (!userArn.ok) return userArn.missing;
  const credential = credentialOfId(accessKeyCredentialId(userArn.arn, accessKeyId));
  if (credential === undefined) return { found: 'unknown', reason: `"${userArn.arn}" is no user` };
  const listed = await listAccessKeys(clients, clock, userName);
  if (!listed.ok) return missing(listed.failure);
  const key = listed.keys.find((each) => each.accessKeyId === accessKeyId);
  if (key === undefined) return { found: false };
  const { createdAt, status, readAt } = key;
  const facts = {
    ...credential.facts,
    accessKeyId: known(accessKeyId, readAt, SOURCE.accessKeys),
    status: known(status, readAt, SOURCE.accessKeys),
    createdAt:
      createdAt === undefined
        ? unknown(`${SOURCE.accessKeys} gave no creation date`)
        : known(createdAt, readAt, SOURCE.accessKeys),
  };
  return { found: true, credential: { ...credential, facts } };
}

async function findSecret(
  clients: AwsClients,
  { region, secretId }: Extract<NewbornPlace, { kind: 'secret' }>,
  now: Instant,
): Promise<Reread> {
  const named = credentialOfId(secretId);
  if (named !== undefined) return rereadCredential(clients, named, now);
  const secret = await arnFrom(SOURCE.secret, region, async () => {
    const command = new DescribeSecretCommand({ SecretId: secretId });
    return (await clients.secretsManager(region).send(command)).ARN;
  });
  if (!secret.ok) return secret.missing;
  const credential = credentialOfId(secret.arn);
  if (credential === undefined) return { found: 'unknown', reason: `"${secret.arn}" is no secret` };
  return rereadCredential(clients, credential, now);
}

type Missing = Exclude<Reread, { found: true }>;

async function arnFrom(
  source: string,
  region: string | undefined,
  call: () => Promise<string | undefined>,
): Promise<{ readonly ok: true; readonly arn: string } | { readonly ok: false; readonly missing: Missing }> {
  try {
    const arn = await call();
    if (arn !== undefined) return { ok: true, arn };
    return { ok: false, missing: { found: 'unknown', reason: `${source} answered without an ARN` } };
  } catch (error) {
    return { ok: false, missing: missing(mapAwsError(error, source, region)) };
  }
}

const GONE: readonly string[] = ['NoSuchEntity', 'ResourceNotFound'];

function missing({ code, message }: { readonly code: string; readonly message: string }): Missing {
  return GONE.includes(code) ? { found: false } : { found: 'unknown', reason: message };
}
