import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JanitorError } from '../../../lib/domain/error.ts';
import { ProcessCrash } from '../../../lib/embedded-aws/index.ts';
import { allowRotations } from '../../../lib/sweep/allow-rotations.ts';
import { MAIN } from '../../world/places.ts';
import type { Ground } from '../ground.ts';
import {
  cancelRotation,
  FUNCTION,
  keyRotationFunction,
  rotatingGround,
  secretsOf,
  storedKey,
} from './rotating-ground.ts';

const USERS = ['deployer', 'importer'] as const;

const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('sweep' as const), days: fc.constantFrom(0, 1, 2, 4, 9) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('spoilt-sweep' as const),
      nth: fc.integer({ min: 1, max: 60 }),
      effect: fc.constantFrom('crash', 'crash-after', 'throttle', 'timeout', 'answer-lost', 'error'),
      service: fc.constantFrom('iam', 'secretsmanager', 'sts', 'dynamodb'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('function' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('allow' as const) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

interface Lives {
  readonly ground: Ground;
  readonly stores: readonly string[];
  sweeps: number;
}

async function happen(lives: Lives, what: Happening): Promise<void> {
  const { ground, stores } = lives;
  lives.sweeps += 1;
  const process = `sweeper-${lives.sweeps}`;
  switch (what.kind) {
    case 'sweep':
      await ground.wait(what.days);
      return void (await own(ground.sweep({ process })));
    case 'spoilt-sweep': {
      const { nth, effect, service } = what;
      const fault = ground.aws.faults.add({ match: { process, nth, service }, effect });
      await own(ground.sweep({ process }));
      return fault.remove();
    }
    case 'function':
      return void (await ground.aws.runRotations());
    case 'cancel':
      return void (await cancelRotation(ground, stores[1] ?? '').catch(() => undefined));
    case 'allow':
      return void (await own(
        allowRotations(ground.desk('bob'), { accountId: MAIN, reason: 'looked at it' }),
      ));
  }
}

/** Only our own errors and the injected crash may escape (I20). */
async function own(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof JanitorError) && !(error instanceof ProcessCrash)) throw error;
  });
}

/** The key that a secret holds is one that is in force: whoever reads the secret goes on working. */
async function lost({ ground, stores }: Lives): Promise<string[]> {
  const iam = new IAMClient({
    region: 'us-east-1',
    credentials: ground.aws.account(MAIN).credentials(),
    requestHandler: ground.aws.requestHandler({ process: 'owner' }),
  });
  const wrong: string[] = [];
  for (const [index, UserName] of USERS.entries()) {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    const read = new GetSecretValueCommand({ SecretId: stores[index] });
    const { SecretString = '{}' } = await secretsOf(ground).send(read);
    const { accessKeyId }: Record<string, string> = JSON.parse(SecretString);
    const isLive = AccessKeyMetadata.some(
      (key) => key.AccessKeyId === accessKeyId && key.Status === 'Active',
    );
    if (!isLive) wrong.push(`${UserName}: the secret holds ${accessKeyId}, which is not in force`);
    if (AccessKeyMetadata.length > 2) wrong.push(`${UserName} has ${AccessKeyMetadata.length} keys`);
  }
  return wrong;
}

/** A key is cut off only after another was recorded to have taken its place. */
function tooEarly({ ground }: Lives, initial: readonly string[]): string[] {
  const replaced = ground.of('rotation.finished').map(({ subject }) => subject.split('/').at(-1));
  return ground
    .deeds()
    .filter((deed) => /^(UpdateAccessKey|DeleteAccessKey) /.test(deed))
    .map((deed) => deed.split('/').at(-1) ?? '')
    .filter((keyId) => initial.includes(keyId) && !replaced.includes(keyId))
    .map((keyId) => `${keyId} was cut off before it was replaced`);
}

test('whatever breaks while keys are rotated, a live key is never lost and none dies before its successor worked', async () => {
  let finished = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 12 }), async (happenings) => {
      const ground = await rotatingGround();
      await keyRotationFunction(ground);
      const lived = [storedKey(ground, USERS[0]), storedKey(ground, USERS[1], FUNCTION)];
      const lives: Lives = { ground, stores: lived.map(({ store }) => store), sweeps: 0 };
      const initial = lived.map(({ key }) => key.keyId);
      await ground.sweep();
      await ground.wait(3);
      for (const each of happenings) {
        await happen(lives, each);
        expect([...(await lost(lives)), ...tooEarly(lives, initial)]).toEqual([]);
      }
      finished += ground.of('rotation.finished').length;
    }),
    { numRuns: 12, seed: 20_260_105, endOnFailure: true },
  );
  expect(finished).toBeGreaterThan(6);
}, 120_000);
