import {
  CancelRotateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { STORE_USER_TAG } from '../../../lib/domain/rotation-store.ts';
import { rotateStep } from '../../../lib/rotation/index.ts';
import { MAIN, REGION } from '../../world/places.ts';
import { Ground, type Key } from '../ground.ts';

export const SECRET_RULE = 'secret-rotation-due';
const KEY_RULE = 'access-key-rotation-due';
export const FUNCTION = `arn:aws:lambda:${REGION}:${MAIN}:function:rotate-db`;

/** At once, so that tests need not wait for the share of the spread. */
const AT_ONCE = { spreadOver: '0d', perAccountPerDay: 2 };

/** A policy that rotates secrets after 90 days, three days after the notice. */
export function rotatingGround(rotation: Readonly<Record<string, string | number>> = {}): Promise<Ground> {
  return Ground.create({
    janitor: { rotation: { ...AT_ONCE, ...rotation } },
    rules: {
      [SECRET_RULE]: {
        why: 'The longer a value stays the same, the more copies of it exist.',
        credential: 'secret',
        match: { status: 'active', notRotatedFor: '90d' },
        steps: ['notify', { rotate: { wait: '3d' } }],
      },
      [KEY_RULE]: {
        why: 'A key in use is not cut off, it is replaced.',
        credential: 'access-key',
        match: { status: 'active', age: '90d', usedWithin: '45d', replaced: false },
        steps: ['notify', { rotate: { wait: '3d' } }],
      },
      'access-key-replaced': {
        why: 'Its successor works and nobody uses this one any more.',
        credential: 'access-key',
        match: { status: 'active', replacedFor: '7d', unusedFor: '7d' },
        steps: ['notify', { disable: { wait: '1d' } }, { delete: { wait: '30d', tier: 'guarded' } }],
      },
      'access-key-replaced-in-use': {
        why: 'Two keys in use are two consumers.',
        credential: 'access-key',
        match: { status: 'active', replacedFor: '9d', usedWithin: '7d' },
        steps: ['notify'],
      },
    },
  });
}

/** A secret in use that its function last rotated 100 days ago. */
export function agedSecret(ground: Ground, name = 'app/db'): string {
  return ground.secret({ name, usedDays: 1, rotatedDays: 100, lambdaArn: FUNCTION });
}

/** What the owner's administrator does to a secret. */
export function secretsOf(ground: Ground): SecretsManagerClient {
  return new SecretsManagerClient({
    region: REGION,
    credentials: ground.aws.account(MAIN).credentials(),
    requestHandler: ground.aws.requestHandler({ process: 'owner' }),
  });
}

/** The rotation function of a database: each step does what its contract says. */
export function workingFunction(ground: Ground) {
  const client = secretsOf(ground);
  return async ({ Step, SecretId, ClientRequestToken }: RotationEvent) => {
    if (Step === 'createSecret') {
      const SecretString = `value-${ClientRequestToken}`;
      const VersionStages = ['AWSPENDING'];
      await client.send(
        new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages }),
      );
    }
    if (Step !== 'finishSecret') return;
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: ClientRequestToken,
        RemoveFromVersionId: await versionAt(ground, SecretId, 'AWSCURRENT'),
      }),
    );
  };
}

interface RotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

export async function versionAt(
  ground: Ground,
  SecretId: string,
  stage: string,
): Promise<string | undefined> {
  const { VersionIdsToStages = {} } = await secretsOf(ground).send(new DescribeSecretCommand({ SecretId }));
  return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
}

export async function cancelRotation(ground: Ground, SecretId: string): Promise<void> {
  await secretsOf(ground).send(new CancelRotateSecretCommand({ SecretId }));
}

export async function deleteSecret(ground: Ground, SecretId: string): Promise<void> {
  await secretsOf(ground).send(new DeleteSecretCommand({ SecretId }));
}

/** A key in use whose secret says that it holds it. */
export function storedKey(
  ground: Ground,
  user = 'deployer',
  lambdaArn?: string,
): { readonly key: Key; readonly store: string } {
  const secretAccessKey = `wJalrXUtnFEMI/K7MDENG/bPxRfiCY${user.padEnd(10, 'X').slice(0, 10)}`;
  const tags = { 'janitor:rotation': 'managed' };
  const key = ground.key({ user, usedDays: 1, tags, secretAccessKey });
  const document = { accessKeyId: key.keyId, secretAccessKey, userName: user, region: REGION };
  const store = ground.secret({
    name: `iam-users/${user}`,
    usedDays: 1,
    rotatedDays: 1,
    value: JSON.stringify(document),
    tags: { [STORE_USER_TAG]: user },
    ...(lambdaArn === undefined ? {} : { lambdaArn }),
  });
  return { key, store };
}

/** Told, waited for and swept again: the rotation begins. */
export async function begin(ground: Ground): Promise<void> {
  await ground.sweep();
  await ground.wait(3);
  await ground.sweep();
}

/** The function that the stack deploys, for the secrets of this account. */
export async function keyRotationFunction(ground: Ground): Promise<void> {
  const { clock, clients, pause, record, actor, policy } = await ground.context({ process: 'function' });
  const { fields, stores } = policy.document.rotation;
  const context = { clock, clients, pause, record, actor, fields, stores };
  ground.aws.rotationFunctions.set(FUNCTION, ({ Step, SecretId: secretId, ClientRequestToken: token }) =>
    rotateStep(context, { secretId, token }, Step),
  );
}
