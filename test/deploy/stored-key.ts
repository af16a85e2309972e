import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { type MiniStack, REGION } from './ministack-server.ts';
import { HUB, type Key, present, seedUser } from './organisation.ts';
import { until } from './until.ts';

const USER = 'rotated';
const TOKEN = '0b7d6c1e-5a2f-4e63-9d0a-3c1f2e4b5a69';
const documentSchema = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** A user of the hub whose key lies in a secret that the deployed function rotates. */
export interface StoredKey {
  /** The key that the secret held at first. */
  readonly old: Key;
  /** What the secret holds now. */
  current(): Promise<Key>;
  /** Has Secrets Manager rotate it and waits until another value is the current one. */
  rotate(within: number): Promise<void>;
  /** `id status` of the user's keys, sorted. */
  keys(): Promise<string[]>;
  /** Whom AWS takes a request for that is signed with a key. */
  signedBy(key: Key): Promise<string>;
}

export async function seedStoredKey(ministack: MiniStack): Promise<StoredKey> {
  const configuration = ministack.configuration(HUB);
  const secrets = new SecretsManagerClient(configuration);
  const old = await seedUser(ministack, HUB, {
    name: USER,
    path: '/ci/',
    tags: { [MANAGED_TAG]: MANAGED },
  });
  const { ARN } = await secrets.send(
    new CreateSecretCommand({
      Name: `ci/${USER}`,
      SecretString: JSON.stringify({ ...old, userName: USER }),
      Tags: [{ Key: STORE_USER_TAG, Value: USER }],
    }),
  );
  const SecretId = present(ARN, 'ARN of a secret');
  return {
    old,
    async current() {
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      return documentSchema.parse(JSON.parse(present(SecretString, 'a value')));
    },
    async rotate(within) {
      const RotationLambdaARN = `arn:aws:lambda:${REGION}:${HUB}:function:credential-janitor-rotate-access-key`;
      const RotationRules = { AutomaticallyAfterDays: 90 };
      await secrets.send(
        new RotateSecretCommand({ SecretId, ClientRequestToken: TOKEN, RotationLambdaARN, RotationRules }),
      );
      await until('the new value is the current one', within, async () => {
        const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
        return VersionIdsToStages[TOKEN]?.includes('AWSCURRENT') === true ? true : undefined;
      });
    },
    async keys() {
      const { AccessKeyMetadata = [] } = await new IAMClient(configuration).send(
        new ListAccessKeysCommand({ UserName: USER }),
      );
      return AccessKeyMetadata.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`).sort();
    },
    async signedBy(credentials) {
      const sts = new STSClient({ ...configuration, credentials });
      const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
      return present(Arn, 'an ARN');
    },
  };
}
