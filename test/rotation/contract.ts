import { CreateAccessKeyCommand, CreateUserCommand, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import type { AwsClients } from '../../lib/aws/index.ts';
import { MANAGED, MANAGED_TAG, STORE_KEY_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { type RotationContext, rotateStep, stepSchema } from '../../lib/rotation/index.ts';
import { codeOf } from './scene.ts';

/** A fresh account on some implementation of AWS, and a ledger to record in. */
export interface RotationWorld {
  /** Of the account's administrator. */
  readonly clients: AwsClients;
  context(): Promise<RotationContext>;
  /** What RotateSecret leaves when it calls the function: rotation enabled, AWSPENDING on `token`, no value. */
  begin(secretId: string, token: string): Promise<void>;
  /** What CancelRotateSecret leaves. */
  disable(secretId: string): Promise<void>;
  /** Types of the events recorded so far. */
  told(): readonly string[];
  close(): Promise<void>;
}

/** An implementation of AWS that the contract of rotation functions is held against. */
export interface RotationTarget {
  readonly name: string;
  open(): Promise<RotationWorld>;
  /** Why a case cannot hold there; undefined: it must. */
  knows?(caseName: string): string | undefined;
}

export interface RotationCase {
  readonly name: string;
  run(world: RotationWorld): Promise<void>;
}

const TOKEN = '0b7d6c1e-5a2f-4e63-9d0a-3c1f2e4b5a69';
const OTHER_TOKEN = '7f3e2d1c-6b5a-4c4d-8e2f-1a0b9c8d7e6f';
const UserName = 'deployer';
const CAMEL = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
const SNAKE = ['create_secret', 'set_secret', 'test_secret', 'finish_secret'] as const;
type Spelt = (typeof CAMEL)[number] | (typeof SNAKE)[number];

interface Key {
  readonly id: string;
  readonly secret: string;
}

interface Scene {
  readonly world: RotationWorld;
  readonly secretId: string;
  readonly region: string;
  readonly old: Key;
  step(name: Spelt, token?: string): Promise<void>;
  /** The code a step is refused with. */
  refused(name: Spelt, token?: string): Promise<string>;
}

/** A managed user whose only key lies in a secret with another field, and a rotation that has begun. */
async function scene(world: RotationWorld): Promise<Scene> {
  const { iam, region } = world.clients;
  await iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: MANAGED_TAG, Value: MANAGED }] }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const old = { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
  const { ARN: secretId = '' } = await world.clients.secretsManager(region).send(
    new CreateSecretCommand({
      Name: `ci/${UserName}`,
      Tags: [{ Key: STORE_USER_TAG, Value: UserName }],
      SecretString: JSON.stringify({
        endpoint: 'https://example.org',
        accessKeyId: old.id,
        secretAccessKey: old.secret,
        userName: UserName,
      }),
    }),
  );
  await world.begin(secretId, TOKEN);
  const context = await world.context();
  const step = (name: Spelt, token = TOKEN) =>
    rotateStep(context, { secretId, token }, stepSchema.parse(name));
  const refused = (name: Spelt, token = TOKEN) => codeOf(() => step(name, token));
  return { world, secretId, region, old, step, refused };
}

async function valueAt(
  { world, secretId, region }: Scene,
  VersionStage: string,
): Promise<Record<string, unknown>> {
  const client = world.clients.secretsManager(region);
  const { SecretString = '{}' } = await client.send(
    new GetSecretValueCommand({ SecretId: secretId, VersionStage }),
  );
  return JSON.parse(SecretString);
}

async function labelsOf({ world, secretId, region }: Scene): Promise<Record<string, string[]>> {
  const { VersionIdsToStages = {} } = await world.clients
    .secretsManager(region)
    .send(new DescribeSecretCommand({ SecretId: secretId }));
  return VersionIdsToStages;
}

async function keysOf({ world }: Scene): Promise<string[]> {
  const { AccessKeyMetadata = [] } = await world.clients.iam.send(new ListAccessKeysCommand({ UserName }));
  return AccessKeyMetadata.map(({ AccessKeyId = '', Status = '' }) => `${AccessKeyId} ${Status}`).sort();
}

async function works({ world }: Scene, accessKeyId: unknown, secretAccessKey: unknown): Promise<string> {
  const sts = world.clients.stsAs({
    accessKeyId: String(accessKeyId),
    secretAccessKey: String(secretAccessKey),
  });
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  return Arn;
}

/** Every step was done: a new key is current and works, the old one is previous and still works. */
async function expectRotated(told: Scene): Promise<void> {
  const current = await valueAt(told, 'AWSCURRENT');
  const previous = await valueAt(told, 'AWSPREVIOUS');
  expect(previous.accessKeyId).toBe(told.old.id);
  expect(current).toEqual({
    endpoint: 'https://example.org',
    accessKeyId: expect.not.stringMatching(told.old.id),
    secretAccessKey: expect.any(String),
    userName: UserName,
  });
  expect(await keysOf(told)).toEqual([`${told.old.id} Active`, `${current.accessKeyId} Active`].sort());
  expect(await works(told, current.accessKeyId, current.secretAccessKey)).toMatch(/:user\/deployer$/);
  expect(await works(told, told.old.id, told.old.secret)).toMatch(/:user\/deployer$/);
  const { Tags = [] } = await told.world.clients
    .secretsManager(told.region)
    .send(new DescribeSecretCommand({ SecretId: told.secretId }));
  expect(Tags).toContainEqual({ Key: STORE_KEY_TAG, Value: current.accessKeyId });
  expect(told.world.told()).toEqual(['rotation.begun', 'rotation.key-created', 'rotation.finished']);
}

/** Nothing was made and the value is as it was. */
async function expectUntouched(told: Scene): Promise<void> {
  expect(await keysOf(told)).toEqual([`${told.old.id} Active`]);
  expect((await valueAt(told, 'AWSCURRENT')).accessKeyId).toBe(told.old.id);
}

/** What a rotation function owes Secrets Manager, and what the janitor's owes besides. */
export const ROTATION_CONTRACT: readonly RotationCase[] = [
  ...[CAMEL, SNAKE].map((names) => ({
    name: `${names[0]} to ${names[3]}: the new key works and is current, the old one stays and is previous`,
    async run(world: RotationWorld) {
      const told = await scene(world);
      for (const name of names) await told.step(name);
      await expectRotated(told);
    },
  })),
  {
    name: 'every step twice does what it does once',
    async run(world) {
      const told = await scene(world);
      for (const name of CAMEL) {
        await told.step(name);
        await told.step(name);
      }
      await expectRotated(told);
    },
  },
  {
    name: 'all steps again after the end change nothing',
    async run(world) {
      const told = await scene(world);
      for (const name of [...CAMEL, ...CAMEL]) await told.step(name);
      await expectRotated(told);
    },
  },
  {
    name: 'a step that comes before createSecret is refused and changes nothing',
    async run(world) {
      const told = await scene(world);
      for (const name of CAMEL.slice(1)) expect(await told.refused(name)).toBe('pending-without-value');
      await expectUntouched(told);
      for (const name of CAMEL) await told.step(name);
      await expectRotated(told);
    },
  },
  {
    name: 'createSecret and testSecret that come late, after finishSecret, find nothing to do',
    async run(world) {
      const told = await scene(world);
      await told.step('createSecret');
      await told.step('finishSecret');
      for (const name of ['testSecret', 'setSecret', 'createSecret'] as const) await told.step(name);
      await expectRotated(told);
    },
  },
  {
    name: 'a token that is no version of the secret is refused',
    async run(world) {
      const told = await scene(world);
      for (const name of CAMEL) expect(await told.refused(name, OTHER_TOKEN)).toBe('version-unknown');
      await expectUntouched(told);
    },
  },
  {
    name: 'a version that lost AWSPENDING is refused',
    async run(world) {
      const told = await scene(world);
      await told.step('createSecret');
      await told.step('setSecret');
      const keys = await keysOf(told);
      await world.clients.secretsManager(told.region).send(
        new UpdateSecretVersionStageCommand({
          SecretId: told.secretId,
          VersionStage: 'AWSPENDING',
          MoveToVersionId: Object.keys(await labelsOf(told)).find((id) => id !== TOKEN),
          RemoveFromVersionId: TOKEN,
        }),
      );
      expect(await told.refused('finishSecret')).toMatch(/^version-(not-pending|unknown)$/);
      expect((await valueAt(told, 'AWSCURRENT')).accessKeyId).toBe(told.old.id);
      expect(await keysOf(told)).toEqual(keys);
    },
  },
  {
    name: 'nothing is done while rotation is disabled',
    async run(world) {
      const told = await scene(world);
      await world.disable(told.secretId);
      for (const name of CAMEL) expect(await told.refused(name)).toBe('rotation-disabled');
      await expectUntouched(told);
    },
  },
];
