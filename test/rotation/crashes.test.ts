import { describe, expect, it } from 'vitest';
import { foldCredential } from '../../lib/domain/history.ts';
import type { FaultEffect } from '../../lib/embedded-aws/index.ts';
import type { RotationContext } from '../../lib/rotation/index.ts';
import { Ground, type Seeded, USER_ARN } from './ground.ts';
import { asked, begun, currentValue, driven, type Ended, sightOf, signedBy } from './scene.ts';

/** Who walks the steps: the janitor itself, or its function, as Secrets Manager asks it. */
interface Walker {
  readonly name: string;
  begin(ground: Ground, seeded: Seeded): Promise<void>;
  walk(ground: Ground, context: RotationContext, seeded: Seeded): Promise<Ended>;
}

const JANITOR: Walker = {
  name: 'the janitor itself',
  begin: async () => {},
  walk: (_ground, context, seeded) => driven(context, seeded),
};
const FUNCTION: Walker = {
  name: 'its rotation function',
  begin: (ground, seeded) => begun(ground, seeded),
  walk: asked,
};

const FAILING = 'first';
const MOST_CALLS = 200;
const MOST_RETRIES = 4;
/** The first retry comes while reads still lag and the crashed process might still run. */
const SOON_MS = 5_000;
const LATER_MS = 150_000;
/** Changes are seen by reads, and a new key by STS, so much later. */
const DELAY_MS = 10_000;

/** One rotation whose nth call of AWS or of the ledger goes wrong, then tries again until one ends. */
async function interrupted(
  walker: Walker,
  nth: number,
  effect: FaultEffect,
): Promise<{ readonly ground: Ground; readonly seeded: Seeded; readonly fired: boolean }> {
  const ground = await Ground.open({ consistencyDelayMs: DELAY_MS });
  const seeded = ground.seed();
  await walker.begin(ground, seeded);
  const fault = ground.aws.faults.add({ match: { process: FAILING, nth }, effect });
  let ended = await walker.walk(ground, await ground.context(FAILING), seeded);
  for (let retry = 1; retry <= MOST_RETRIES && ended.outcome !== 'finished'; retry += 1) {
    ground.aws.clock.advance(retry === 1 ? SOON_MS : LATER_MS);
    ended = await walker.walk(ground, await ground.context(`retry-${retry}`), seeded);
  }
  expect(ended, `${effect} at call ${nth}`).toMatchObject({ outcome: 'finished' });
  return { ground, seeded, fired: fault.fired > 0 };
}

/** One new key, current and working; the old one previous and working; nothing else; the ledger tells the same. */
async function expectWhole(ground: Ground, seeded: Seeded, where: string): Promise<void> {
  const { key, secretId } = seeded;
  ground.aws.clock.advance(60_000);
  const { keys, held } = await sightOf(ground, seeded);
  const current = await currentValue(ground, secretId);
  expect(keys, where).toEqual([`${key.id} Active`, `${current.accessKeyId} Active`].sort());
  expect(held, where).toMatchObject({ AWSCURRENT: current.accessKeyId, AWSPREVIOUS: key.id });
  expect(await signedBy(ground, current.accessKeyId, current.secretAccessKey), where).toBe(USER_ARN);
  expect(await signedBy(ground, key.id, key.secretAccessKey), where).toBe(USER_ARN);
  const { rotation } = foldCredential(ground.written);
  expect(rotation, where).toMatchObject({ state: 'finished', accessKeyId: current.accessKeyId });
  expect(rotation?.created, where).toEqual([current.accessKeyId]);
  expectIntentFirst(ground, where);
}

/** I1: whenever a key was made, the ledger had been told within two minutes before. */
function expectIntentFirst({ aws, written }: Ground, where: string): void {
  const told = written
    .filter(({ type }) => type === 'rotation.begun' || type === 'rotation.resumed')
    .map(({ at }) => Date.parse(at));
  for (const { operation, at } of aws.changes.all) {
    if (operation !== 'CreateAccessKey') continue;
    const since = told.map((millis) => Date.parse(at) - millis).filter((millis) => millis >= 0);
    expect(Math.min(...since), where).toBeLessThanOrEqual(120_000);
  }
}

describe('a rotation of which one call of AWS or of the ledger goes wrong, and which is tried again', () => {
  it.each<{ readonly effect: FaultEffect; readonly walker: Walker }>([
    { effect: 'crash', walker: JANITOR },
    { effect: 'crash-after', walker: JANITOR },
    { effect: 'answer-lost', walker: JANITOR },
    { effect: 'timeout', walker: JANITOR },
    { effect: 'error', walker: JANITOR },
    { effect: 'crash', walker: FUNCTION },
    { effect: 'crash-after', walker: FUNCTION },
  ])(
    '$effect at each call in turn, walked by $walker.name: no orphan, no lost value (I1, I7)',
    async ({ effect, walker }) => {
      let nth = 0;
      let fired = true;
      while (fired && nth < MOST_CALLS) {
        nth += 1;
        const run = await interrupted(walker, nth, effect);
        fired = run.fired;
        await expectWhole(run.ground, run.seeded, `${effect} at call ${nth}`);
      }
      expect(nth).toBeGreaterThan(25);
      expect(fired).toBe(false);
    },
  );
});

describe('two processes at the same rotation at once', () => {
  it.each([JANITOR, FUNCTION])('end with one new key, whoever wins, walked by $name', async (walker) => {
    for (const consistencyDelayMs of [0, DELAY_MS]) {
      const ground = await Ground.open({ consistencyDelayMs });
      const seeded = ground.seed();
      await walker.begin(ground, seeded);
      const walk = async (process: string) => walker.walk(ground, await ground.context(process), seeded);
      const both = await Promise.all([walk('one'), walk('other')]);
      expect(both.map(({ outcome }) => outcome)).not.toContain('failed');
      ground.aws.clock.advance(LATER_MS);
      expect((await walk('later')).outcome).toBe('finished');
      await expectWhole(ground, seeded, `changes seen after ${consistencyDelayMs} ms`);
    }
  });
});
