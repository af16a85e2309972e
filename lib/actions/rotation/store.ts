import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { awsError, mapAwsError } from '../../aws/index.ts';
import { Sensitive } from '../../domain/sensitive.ts';
import type { RotationClients } from './clients.ts';
import { secretlessError } from './secretless.ts';

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';

/** What a secret says of itself, without any value. */
export interface Store {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly rotationEnabled: boolean;
  readonly deleted: boolean;
  readonly owningService: string | undefined;
  readonly primaryRegion: string | undefined;
  /** Versions that carry a label, by id. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** The version that carries a label; undefined when none does. */
export function versionWith({ labels }: Store, label: string): string | undefined {
  return Object.keys(labels).find((id) => labels[id]?.includes(label));
}

/** The Region in the ARN of a secret. */
export function regionOfStore(secretId: string): string {
  return secretId.split(':')[3] ?? '';
}

/** Undefined when there is no such secret. Throws the `aws-` codes. */
export async function readStore(clients: RotationClients, secretId: string): Promise<Store | undefined> {
  const region = regionOfStore(secretId);
  try {
    const answer = await clients
      .secretsManager(region)
      .send(new DescribeSecretCommand({ SecretId: secretId }));
    return storeOf(answer, secretId, region);
  } catch (error) {
    if (mapAwsError(error, DESCRIBE).code === 'ResourceNotFound') return undefined;
    throw awsError(error, DESCRIBE, region);
  }
}

const DESCRIBE = 'secretsmanager:DescribeSecret';

function storeOf(secret: DescribeSecretCommandOutput, secretId: string, region: string): Store {
  return {
    arn: secret.ARN ?? secretId,
    name: secret.Name ?? '',
    region,
    tags: Object.fromEntries((secret.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    rotationEnabled: secret.RotationEnabled === true,
    deleted: secret.DeletedDate !== undefined,
    owningService: secret.OwningService,
    primaryRegion: secret.PrimaryRegion,
    labels: secret.VersionIdsToStages ?? {},
  };
}

/** What a version holds, in memory only. */
export type VersionValue = { readonly text: Sensitive } | { readonly binary: true };

const READ = 'secretsmanager:GetSecretValue';

/** The value of a version; undefined when it has none. Throws `kms-denied` and the `aws-` codes. */
export function readVersion(
  clients: RotationClients,
  store: Store,
  versionId: string,
): Promise<VersionValue | undefined> {
  return readValue(clients, store.arn, { VersionId: versionId });
}

/** The current value of a secret; as `readVersion`. For Secrets Manager the secret was used today. */
export function readCurrent(
  clients: Pick<RotationClients, 'secretsManager'>,
  secretId: string,
): Promise<VersionValue | undefined> {
  return readValue(clients, secretId, { VersionStage: CURRENT });
}

async function readValue(
  clients: Pick<RotationClients, 'secretsManager'>,
  secretId: string,
  which: { readonly VersionId: string } | { readonly VersionStage: string },
): Promise<VersionValue | undefined> {
  try {
    const answer = await clients
      .secretsManager(regionOfStore(secretId))
      .send(new GetSecretValueCommand({ SecretId: secretId, ...which }));
    if (answer.SecretString !== undefined) return { text: new Sensitive(answer.SecretString) };
    return answer.SecretBinary === undefined ? undefined : { binary: true };
  } catch (error) {
    if (mapAwsError(error, READ).code === 'ResourceNotFound') return undefined;
    throw secretlessError(error, READ, secretId);
  }
}
