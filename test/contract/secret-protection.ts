import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { refusal } from './refusal.ts';
import type { ContractCase } from './target.ts';

const DENY_READ = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Quarantine',
      Effect: 'Deny',
      Principal: '*',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
      Resource: '*',
    },
  ],
});

async function add(secrets: SecretsManagerClient, name = 'db/password'): Promise<string> {
  const { ARN } = await secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'planted' }));
  return ARN ?? '';
}

async function names(
  secrets: SecretsManagerClient,
  IncludePlannedDeletion = false,
): Promise<(string | undefined)[]> {
  const { SecretList } = await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion }));
  return (SecretList ?? []).map((secret) => secret.Name);
}

/** Resource policies and deletion. */
export const SECRET_PROTECTION_CASES: readonly ContractCase[] = [
  {
    name: 'resource policy: put, got back as written, deleted',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const SecretId = 'db/password';
      const before = await secrets.send(new GetResourcePolicyCommand({ SecretId }));
      expect(before.ResourcePolicy).toBeUndefined();
      await secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: DENY_READ }));
      const put = await secrets.send(new GetResourcePolicyCommand({ SecretId }));
      expect(JSON.parse(put.ResourcePolicy ?? '')).toEqual(JSON.parse(DENY_READ));
      await secrets.send(new DeleteResourcePolicyCommand({ SecretId }));
      const after = await secrets.send(new GetResourcePolicyCommand({ SecretId }));
      expect(after.ResourcePolicy).toBeUndefined();
    },
  },
  {
    name: 'PutResourcePolicy: what is no policy is refused',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const call = secrets.send(
        new PutResourcePolicyCommand({ SecretId: 'db/password', ResourcePolicy: '{"Statement": "no"}' }),
      );
      expect(await refusal(call)).toMatchObject({ name: 'MalformedPolicyDocumentException', status: 400 });
    },
  },
  {
    name: 'PutResourcePolicy: more than 20,480 characters are refused',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const policy = DENY_READ.replace('Quarantine', 'Q'.repeat(20_480));
      const call = secrets.send(
        new PutResourcePolicyCommand({ SecretId: 'db/password', ResourcePolicy: policy }),
      );
      expect(await refusal(call)).toMatchObject({ status: 400 });
    },
  },
  {
    name: 'GetSecretValue: a Deny in the resource policy keeps everybody out',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      await secrets.send(
        new PutResourcePolicyCommand({ SecretId: 'db/password', ResourcePolicy: DENY_READ }),
      );
      const call = secrets.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
      expect(await refusal(call)).toMatchObject({ name: 'AccessDeniedException', status: 400 });
    },
  },
  {
    name: 'DeleteSecret: hidden, unreadable, and listed only when asked for',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const { DeletionDate } = await secrets.send(
        new DeleteSecretCommand({ SecretId: 'db/password', RecoveryWindowInDays: 30 }),
      );
      expect(DeletionDate).toBeInstanceOf(Date);
      expect(await names(secrets)).toEqual([]);
      expect(await names(secrets, true)).toEqual(['db/password']);
      const call = secrets.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
      expect(await refusal(call)).toMatchObject({ name: 'InvalidRequestException', status: 400 });
      const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'db/password' }));
      expect(described.DeletedDate).toBeInstanceOf(Date);
    },
  },
  {
    name: 'RestoreSecret: undoes the deletion',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      await secrets.send(new DeleteSecretCommand({ SecretId: 'db/password' }));
      await secrets.send(new RestoreSecretCommand({ SecretId: 'db/password' }));
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
      expect(SecretString).toBe('planted');
      const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'db/password' }));
      expect(described.DeletedDate).toBeUndefined();
    },
  },
  {
    name: 'DeleteSecret: a second time is refused',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      await secrets.send(new DeleteSecretCommand({ SecretId: 'db/password' }));
      const call = secrets.send(new DeleteSecretCommand({ SecretId: 'db/password' }));
      expect(await refusal(call)).toMatchObject({ name: 'InvalidRequestException', status: 400 });
    },
  },
  ...[6, 31].map((days) => ({
    name: `DeleteSecret: a recovery window of ${days} days is refused`,
    async run(world: Parameters<ContractCase['run']>[0]) {
      const { secrets } = world.clients();
      await add(secrets);
      const call = secrets.send(
        new DeleteSecretCommand({ SecretId: 'db/password', RecoveryWindowInDays: days }),
      );
      expect(await refusal(call)).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    },
  })),
  {
    name: 'TagResource: refused while the secret is scheduled for deletion',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      await secrets.send(new DeleteSecretCommand({ SecretId: 'db/password' }));
      const call = secrets.send(
        new TagResourceCommand({ SecretId: 'db/password', Tags: [{ Key: 'a', Value: 'b' }] }),
      );
      expect(await refusal(call)).toMatchObject({ name: 'InvalidRequestException', status: 400 });
    },
  },
  {
    name: 'PutSecretValue: the new version is current, the old one previous',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const { VersionId } = await secrets.send(
        new PutSecretValueCommand({ SecretId: 'db/password', SecretString: 'two' }),
      );
      const current = await secrets.send(new GetSecretValueCommand({ SecretId: 'db/password' }));
      expect(current).toMatchObject({ SecretString: 'two', VersionId });
      const previous = await secrets.send(
        new GetSecretValueCommand({ SecretId: 'db/password', VersionStage: 'AWSPREVIOUS' }),
      );
      expect(previous.SecretString).toBe('planted');
    },
  },
  {
    name: 'UpdateSecretVersionStage: promotes a pending version',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const SecretId = 'db/password';
      const first = await secrets.send(new GetSecretValueCommand({ SecretId }));
      const pending = await secrets.send(
        new PutSecretValueCommand({ SecretId, SecretString: 'two', VersionStages: ['AWSPENDING'] }),
      );
      expect((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('planted');
      await secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: pending.VersionId,
          RemoveFromVersionId: first.VersionId,
        }),
      );
      expect((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('two');
    },
  },
  {
    name: 'RotateSecret: refused without a rotation function',
    async run(world) {
      const { secrets } = world.clients();
      await add(secrets);
      const call = secrets.send(new RotateSecretCommand({ SecretId: 'db/password' }));
      expect(await refusal(call)).toMatchObject({ name: 'InvalidRequestException', status: 400 });
    },
  },
];
