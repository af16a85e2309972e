import { DescribeSecretCommand, type DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { type ActingClients, type Read, read } from './attempt.ts';
import { regionOfStore } from './rotation/store.ts';

/** What AWS shows of a secret whose rotation is watched; no value. */
export interface RotationSight {
  readonly deleted: boolean;
  /** Secrets Manager rotates it, by a function or by itself, and that is switched on. */
  readonly rotates: boolean;
  /** Labels by version. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Looks at a secret; `not-found`: AWS says that it does not exist. */
export function lookAtRotation(clients: ActingClients, secretId: string): Promise<Read<RotationSight>> {
  const client = clients.secretsManager(regionOfStore(secretId));
  return read('secretsmanager:DescribeSecret', async () =>
    sightOf(await client.send(new DescribeSecretCommand({ SecretId: secretId }))),
  );
}

function sightOf(secret: DescribeSecretCommandOutput): RotationSight {
  return {
    deleted: secret.DeletedDate !== undefined,
    rotates: secret.RotationEnabled ?? secret.Type !== undefined,
    labels: secret.VersionIdsToStages ?? {},
    tags: Object.fromEntries((secret.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}
