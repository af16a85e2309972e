import { expect } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../lib/domain/time.ts';
import type { RotationFunction } from '../../lib/embedded-aws/index.ts';
import { driveRotation, rotateStep } from '../../lib/rotation/index.ts';
import { CACHE_MS, Consumer } from './consumer.ts';
import { Ground, ROTATOR, type Seeded } from './ground.ts';
import { Retirement } from './retirement.ts';
import { currentValue } from './scene.ts';

const EVERY_DAYS = 10;
const MINUTES_A_DAY = DAY_MS / MINUTE_MS;

/** A world with a store that is rotated every ten days. */
interface Life {
  readonly ground: Ground;
  readonly seeded: Seeded;
  /** What is due at this minute; true when the secret may hold another key now. */
  minute(): Promise<boolean>;
}

/** A world in which AWS takes half a minute to know a key everywhere and hours to tell when it was last used. */
function world() {
  return Ground.open({
    consistencyDelayMs: 30_000,
    lastUsedLagMs: 4 * 60 * MINUTE_MS,
    verifySignatures: true,
  });
}

/** Secrets Manager rotates on its schedule and calls this function. */
export async function scheduled(functionOf: (ground: Ground) => Promise<RotationFunction>): Promise<Life> {
  const ground = await world();
  const seeded = ground.seed({
    rotation: { lambdaArn: ROTATOR, rules: { AutomaticallyAfterDays: EVERY_DAYS } },
    nextRotationAt: '2026-03-03T15:20:00Z',
  });
  ground.aws.rotationFunctions.set(ROTATOR, await functionOf(ground));
  return { ground, seeded, minute: async () => (await ground.aws.runRotations()).length > 0 };
}

/** The janitor's rotation function. */
export async function ours(ground: Ground): Promise<RotationFunction> {
  const context = await ground.context('function');
  return ({ Step, SecretId, ClientRequestToken }) =>
    rotateStep(context, { secretId: SecretId, token: ClientRequestToken }, Step);
}

/** The janitor drives a rotation every ten days. */
export async function drivenByJanitor(): Promise<Life> {
  const ground = await world();
  const seeded = ground.seed({ rotation: { enabled: false } });
  const context = await ground.context('janitor');
  let minutes = 0;
  return {
    ground,
    seeded,
    async minute() {
      minutes += 1;
      if (minutes % (EVERY_DAYS * MINUTES_A_DAY) !== 1_000) return false;
      const { accessKeyId } = await currentValue(ground, seeded.secretId);
      const outcome = await driveRotation(context, {
        secretId: seeded.secretId,
        token: `rotation-${String(minutes).padStart(32, '0')}`,
        trigger: 'step',
        credentialId: seeded.credentialId.replace(/[^/]+$/, String(accessKeyId)),
      });
      expect(outcome.outcome).toBe('finished');
      return true;
    },
  };
}

/** Minutes pass. One consumer caches for an hour; the other starts anew whenever the secret may have changed, for a day. */
async function live({ ground, seeded, minute }: Life, days: number) {
  const cached = new Consumer(ground, seeded.secretId, CACHE_MS);
  const started = new Consumer(ground, seeded.secretId, CACHE_MS);
  const retirement = new Retirement(ground, seeded.secretId);
  let startedAt = 0;
  for (let passed = 1; passed <= days * MINUTES_A_DAY; passed += 1) {
    if (await minute()) {
      started.restart();
      startedAt = passed;
    }
    await cached.request();
    if (passed - startedAt < MINUTES_A_DAY) await started.request();
    if (passed % MINUTES_A_DAY === 0) {
      await retirement.sweep();
      ground.aws.calls.clear();
    }
    ground.aws.clock.advance(MINUTE_MS);
  }
  return { cached, started, retirement };
}

/** So many days pass without one failed request, with a rotation every ten days whose old key is retired in the end. */
export async function expectNoneLost(life: Life, days: number): Promise<void> {
  const { cached, started, retirement } = await live(life, days);
  expect(cached.failed).toEqual([]);
  expect(started.failed).toEqual([]);
  expect(cached.requests).toBe(days * MINUTES_A_DAY);
  const rotations = Math.floor(days / EVERY_DAYS);
  expect(cached.used.length).toBeGreaterThanOrEqual(rotations);
  expect(retirement.deleted).toBeGreaterThanOrEqual(rotations - 2);
}

/** How many requests the consumer with a cache and the fresh one lost in so many days. */
export async function lostIn(life: Life, days: number) {
  const { cached, started } = await live(life, days);
  return { cached: cached.failed.length, started: started.failed.length };
}
