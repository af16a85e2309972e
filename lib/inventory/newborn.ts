import { GetUserCommand } from '@aws-sdk/client-iam';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { type AwsClients, mapAwsError } from '../aws/index.ts';
import { accessKeyCredentialId, type Credential, credentialOfId } from '../domain/credential.ts';
import { known } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { type Reread, rereadCredential } from './reread.ts';
import { SOURCE } from './source.ts';

/** Where a credential was made, as far as the record of the call tells. */
export type NewbornPlace =
  | { readonly kind: 'access-key'; readonly userName: string; readonly accessKeyId: string }
  /** `secretId`: its ARN, or only its name, since CloudTrail may leave out what the call answered. */
  | { readonly kind: 'secret'; readonly region: string; readonly secretId: string };

type Found = { readonly found: true; readonly credential: Credential } | Exclude<Reread, { found: true }>;

/** A credential that was just made, with the freshest facts. Its id is learnt here: a key's has its user's path. */
export async function findNewborn(clients: AwsClients, place: NewbornPlace, now: Instant): Promise<Reread> {
  const identified =
    place.kind === 'access-key'
      ? await identifyKey(clients, place, now)
      : await identifySecret(clients, place);
  return identified.found === true ? rereadCredential(clients, identified.credential, now) : identified;
}

async function identifyKey(
  clients: AwsClients,
  { userName, accessKeyId }: Extract<NewbornPlace, { kind: 'access-key' }>,
  now: Instant,
): Promise<Found> {
  return lookUp(SOURCE.user, undefined, async () => {
    const { User } = await clients.iam.send(new GetUserCommand({ UserName: userName }));
    const credential = credentialOfId(accessKeyCredentialId(User?.Arn ?? '', accessKeyId));
    if (credential === undefined) return undefined;
    return {
      ...credential,
      facts: { ...credential.facts, accessKeyId: known(accessKeyId, now, 'the record of its creation') },
    };
  });
}

async function identifySecret(
  clients: AwsClients,
  { region, secretId }: Extract<NewbornPlace, { kind: 'secret' }>,
): Promise<Found> {
  const named = credentialOfId(secretId);
  if (named !== undefined) return { found: true, credential: named };
  return lookUp(SOURCE.secret, region, async () => {
    const secret = await clients
      .secretsManager(region)
      .send(new DescribeSecretCommand({ SecretId: secretId }));
    return credentialOfId(secret.ARN ?? '');
  });
}

const GONE: readonly string[] = ['NoSuchEntity', 'ResourceNotFound'];

async function lookUp(
  source: string,
  region: string | undefined,
  call: () => Promise<Credential | undefined>,
): Promise<Found> {
  try {
    const credential = await call();
    if (credential !== undefined) return { found: true, credential };
    return { found: 'unknown', reason: `${source} answered without an ARN` };
  } catch (error) {
    const { code, message } = mapAwsError(error, source, region);
    return GONE.includes(code) ? { found: false } : { found: 'unknown', reason: message };
  }
}
