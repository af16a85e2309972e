import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { foldCredential } from '../../../lib/domain/history.ts';
import { STORE_USER_TAG } from '../../../lib/domain/rotation-store.ts';
import { ProcessCrash } from '../../../lib/embedded-aws/index.ts';
import { MAIN, REGION } from '../../world/places.ts';
import type { Ground, Key } from '../ground.ts';
import { rotatingGround, secretsOf } from './rotating-ground.ts';

const USER = 'deployer';
const OLD_SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYOLDVALUE00';

interface Life {
  readonly ground: Ground;
  readonly key: Key;
  readonly store: string;
}

/** A key in a secret whose rotation was announced and is due in the next sweep. */
async function dueLife(): Promise<Life> {
  const ground = await rotatingGround();
  const tags = { 'janitor:rotation': 'managed' };
  const key = ground.key({ user: USER, usedDays: 1, tags, secretAccessKey: OLD_SECRET });
  const value = JSON.stringify({ accessKeyId: key.keyId, secretAccessKey: OLD_SECRET, userName: USER });
  const store = ground.secret({
    name: `iam-users/${USER}`,
    usedDays: 1,
    rotatedDays: 1,
    value,
    tags: { [STORE_USER_TAG]: USER },
  });
  await ground.sweep();
  await ground.wait(3);
  return { ground, key, store };
}

const WRITES = /^(Create|Put|Delete|Update|Tag|Deliver)/;

/** Dies at its nth call that leaves something behind; false when it made fewer. */
async function sweepDyingAt(
  { ground }: Life,
  nth: number,
  effect: 'crash' | 'crash-after',
): Promise<boolean> {
  const when = ({ operation }: { readonly operation: string }) => WRITES.test(operation);
  const fault = ground.aws.faults.add({ match: { process: 'sweeper', nth, when }, effect });
  await ground.sweep().catch((error: unknown) => {
    if (!(error instanceof ProcessCrash) && !ground.aws.faults.isDead('sweeper')) throw error;
  });
  fault.remove();
  return fault.fired > 0;
}

/** Whether what the secret holds now signs requests as the user. */
async function signsAs({ ground, store }: Life): Promise<string> {
  const read = new GetSecretValueCommand({ SecretId: store });
  const { SecretString = '{}' } = await secretsOf(ground).send(read);
  const { accessKeyId, secretAccessKey }: Record<string, string> = JSON.parse(SecretString);
  const client = new STSClient({
    region: REGION,
    credentials: { accessKeyId: accessKeyId ?? '', secretAccessKey: secretAccessKey ?? '' },
    requestHandler: ground.aws.requestHandler({ process: 'consumer' }),
  });
  const { Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
  return `${Arn} by ${accessKeyId}`;
}

async function keysOf({ ground }: Life): Promise<string[]> {
  const iam = new IAMClient({
    region: 'us-east-1',
    credentials: ground.aws.account(MAIN).credentials(),
    requestHandler: ground.aws.requestHandler({ process: 'owner' }),
  });
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: USER }));
  return AccessKeyMetadata.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`);
}

/** Everything that has to hold of a life, however it went. */
async function wrongIn(life: Life): Promise<string[]> {
  const { ground, key } = life;
  const history = foldCredential(ground.written.filter(({ subject }) => subject === `credential#${key.id}`));
  const { rotation, openIntent } = history;
  const successor = rotation?.accessKeyId ?? 'none';
  const holder = await signsAs(life);
  const keys = await keysOf(life);
  return [
    ...(rotation?.state === 'finished' ? [] : [`the rotation is ${rotation?.state}`]),
    ...(openIntent === undefined ? [] : ['an intent is open']),
    ...(holder === `arn:aws:iam::${MAIN}:user/ci/${USER} by ${successor}`
      ? []
      : [`the secret is of ${holder}`]),
    ...(keys.includes(`${key.keyId} Active`) ? [] : ['the old key is not in force']),
    ...(keys.includes(`${successor} Active`) ? [] : ['the new key is not in force']),
    ...(keys.length === 2 ? [] : [`an orphan is among ${keys.join(', ')}`]),
    ...ground.of('rotations.stopped').map(() => 'rotations were stopped'),
  ];
}

describe.each(['crash', 'crash-after'] as const)(
  'I1 I7 a sweep that dies (%s) while it rotates',
  (effect) => {
    test('at any call that leaves something behind: one new key in the end, and the old one was never touched', async () => {
      let points = 0;
      for (let nth = 1; ; nth += 1) {
        const life = await dueLife();
        if (!(await sweepDyingAt(life, nth, effect))) break;
        points += 1;
        expect(await signsAs(life), `call ${nth}: whoever reads the secret goes on working`).toMatch(
          /deployer/,
        );
        for (const process of ['second', 'third']) {
          await life.ground.wait(1);
          await life.ground.sweep({ process });
        }
        expect(await wrongIn(life), `after call ${nth}`).toEqual([]);
        const touched = life.ground.deeds().filter((deed) => /^(Update|Delete)AccessKey/.test(deed));
        expect(touched.filter((deed) => deed.includes(life.key.keyId))).toEqual([]);
      }
      expect(points).toBeGreaterThan(15);
    }, 120_000);
  },
);
