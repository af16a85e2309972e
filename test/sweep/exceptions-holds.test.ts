import { describe, expect, test } from 'vitest';
import type { HoldRef } from '../../lib/domain/hold.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { type HoldContext, liftHolds, placeHold } from '../../lib/sweep/index.ts';
import { Ground, type Key } from './ground.ts';
import { KEY_RULE } from './ground-policy.ts';

const REF: HoldRef = { kind: 'exception', id: 'request-0001' };

interface Scene {
  readonly ground: Ground;
  readonly key: Key;
}

/** A key that is found idle and whose owner was told. */
async function scene(): Promise<Scene> {
  const ground = await Ground.create();
  const key = ground.key({ user: 'deployer' });
  await ground.sweep();
  return { ground, key };
}

/** No account and no clients are needed to place or lift a hold. */
function service({ ground }: Scene): HoldContext {
  const { record, clock, actor, policy } = ground.desk('dave');
  return { record, clock, actor, policy: { hash: policy.hash } };
}

function exception({ ground }: Scene, days = 30) {
  const until = plus(ground.now(), days * DAY_MS);
  return { kind: 'exception', reason: 'needed for the audit', until, rules: [KEY_RULE], ref: REF } as const;
}

const placedOn = ({ ground, key }: Scene) => ground.story(key.id).filter((type) => type === 'hold.placed');

describe('a hold that is placed for something of its own', () => {
  test('I6 placed again it is the one that stands, with one event', async () => {
    const there = await scene();
    const hold = exception(there);
    const first = await placeHold(service(there), there.key.id, hold);
    expect(await placeHold(service(there), there.key.id, hold)).toEqual(first);
    expect(placedOn(there)).toHaveLength(1);
    expect(there.ground.of('hold.placed')).toMatchObject([
      {
        actor: { person: 'dave' },
        expiresAt: hold.until,
        reason: 'needed for the audit',
        data: { holdId: first.holdId, kind: 'exception', rules: [KEY_RULE], ref: REF },
      },
    ]);
  });

  test('I6 placed by two processes at once it stands once', async () => {
    const there = await scene();
    const hold = exception(there);
    const placed = await Promise.all([1, 2, 3].map(() => placeHold(service(there), there.key.id, hold)));
    expect(new Set(placed.map(({ holdId }) => holdId)).size).toBe(1);
    expect(placedOn(there)).toHaveLength(1);
  });

  test('I12 another end, another step or another cause is another hold', async () => {
    const there = await scene();
    const hold = exception(there);
    await placeHold(service(there), there.key.id, hold);
    await placeHold(service(there), there.key.id, { ...hold, until: plus(hold.until, DAY_MS) });
    await placeHold(service(there), there.key.id, { ...hold, steps: ['delete'] });
    await placeHold(service(there), there.key.id, { ...hold, ref: { ...REF, id: 'request-0002' } });
    await placeHold(service(there), there.key.id, { ...hold, ref: { ...REF, kind: 'challenge' } });
    expect(placedOn(there)).toHaveLength(5);
  });

  test('of its own nothing stands behind a manual hold: each is a new one', async () => {
    const there = await scene();
    const manual = { kind: 'manual', reason: 'please', until: exception(there).until } as const;
    await placeHold(service(there), there.key.id, manual);
    await placeHold(service(there), there.key.id, manual);
    expect(placedOn(there)).toHaveLength(2);
  });

  test('I21 whoever places it again is told of an act that is under way by then', async () => {
    const there = await scene();
    const { ground, key } = there;
    await ground.wait(15);
    const told: unknown[] = [];
    ground.afterIntent(async () => {
      const hold = exception(there);
      told.push(await placeHold(service(there), key.id, hold));
      told.push(await placeHold(service(there), key.id, hold));
    });
    const { actions } = await ground.sweep();
    expect(told).toHaveLength(2);
    for (const each of told)
      expect(each).toMatchObject({ openIntent: { change: 'disable', rule: KEY_RULE } });
    expect(actions).toMatchObject([
      { outcome: 'abandoned', reason: expect.stringContaining('exception hold') },
    ]);
    expect(ground.changes()).toEqual([]);
  });
});

describe('lifting what was placed for it', () => {
  test('lifts every hold of that cause and none else, once, and says which', async () => {
    const there = await scene();
    const hold = exception(there);
    const first = await placeHold(service(there), there.key.id, hold);
    const second = await placeHold(service(there), there.key.id, { ...hold, steps: ['delete'] });
    await placeHold(service(there), there.key.id, { ...hold, ref: { ...REF, id: 'request-0002' } });
    const lift = () => liftHolds(service(there), there.key.id, { ref: REF, reason: 'revoked by bob' });
    expect(await lift()).toEqual([first.holdId, second.holdId]);
    expect(await lift()).toEqual([]);
    expect(there.ground.of('hold.lifted')).toMatchObject([
      { actor: { person: 'dave' }, reason: 'revoked by bob', data: { holdId: first.holdId } },
      { data: { holdId: second.holdId } },
    ]);
    const { holds } = await service(there).record.read(there.key.id);
    expect(holds.map(({ ref }) => ref?.id)).toEqual(['request-0002']);
  });

  test('I6 lifted by two processes at once it is lifted once', async () => {
    const there = await scene();
    await placeHold(service(there), there.key.id, exception(there));
    const lift = () => liftHolds(service(there), there.key.id, { ref: REF, reason: 'revoked' });
    const lifted = await Promise.all([lift(), lift(), lift()]);
    expect(lifted.flat()).toHaveLength(1);
    expect(there.ground.of('hold.lifted')).toHaveLength(1);
  });

  test('I12 what has ended by itself is not lifted any more', async () => {
    const there = await scene();
    await placeHold(service(there), there.key.id, exception(there, 1));
    await there.ground.wait(1);
    expect(await liftHolds(service(there), there.key.id, { ref: REF, reason: 'late' })).toEqual([]);
    expect(there.ground.of('hold.lifted')).toEqual([]);
  });
});
