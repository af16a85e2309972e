import { describe, expect, test } from 'vitest';
import type { RequestView } from '../../lib/api/index.ts';
import type { Ask, RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { reconcile, serviceOf } from '../../lib/wiring/service/index.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { addKey, DELIVERS } from '../sweep/ordering-ground.ts';
import { MAIN } from '../world/places.ts';
import { person } from './callers.ts';
import { ServiceGround } from './service-ground.ts';

const alice = person('alice');
const bob = person('bob');
const erin = person('erin');
const dave = person('dave');

/** Something approved but for the last approval, which a process that dies gives. */
interface Scene {
  readonly ground: ServiceGround;
  readonly request: RequestView;
  /** What is to be true once everything is healed, whatever crashed. */
  readonly healed: () => Promise<void>;
}

async function scene(ask: (ground: ServiceGround, keyId: string) => Promise<Ask>, sweeps: number) {
  const ground = await ServiceGround.open(DELIVERS);
  const key = await ground.warnedKey();
  for (let swept = 0; swept < sweeps; swept += 1) {
    await ground.wait(swept === 0 ? 15 : 31);
    await ground.ground.sweep();
  }
  const content: RequestContent = {
    ...ground.content(key, { endsAt: plus(ground.ground.now(), 6 * DAY_MS) }),
    ask: await ask(ground, key.id),
  };
  const request = await ground.asked(erin, { ...content, endsAt: plus(ground.ground.now(), 6 * DAY_MS) });
  return { ground, request, keyId: key.id };
}

async function critical(given: Promise<Awaited<ReturnType<typeof scene>>>) {
  const made = await given;
  await made.ground.approve(alice, made.request);
  return made;
}

const SCENES: Readonly<Record<string, () => Promise<Scene>>> = {
  override: async () => {
    const made = await critical(
      scene(async (ground, credentialId) => {
        const ruleHash = ground.policy.ruleHash(KEY_RULE);
        return { kind: 'policy-override', credentialId, rule: KEY_RULE, ruleHash, step: 'disable' };
      }, 0),
    );
    const { ground, keyId } = made;
    const healed = async () => {
      expect((await ground.desk.record.read(keyId)).holds).toMatchObject([{ kind: 'override' }]);
    };
    return { ...made, healed };
  },
  extension: async () => {
    const before: string[] = [];
    const made = await critical(
      scene(async (ground, credentialId) => {
        const scope = { credentialId, rules: [KEY_RULE] };
        const first = await ground.asked(dave, {
          ask: { kind: 'exception', scope, while: { ticket: 'open' } },
          reasonKind: 'audit',
          businessOwner: 'dave',
          reason: 'the audit wants it',
          ticket: 'OPS-1',
          endsAt: plus(ground.ground.now(), 2 * DAY_MS),
        });
        before.push(first.requestId);
        return { kind: 'extension', exceptionId: first.requestId };
      }, 0),
    );
    const { ground, keyId, request } = made;
    const healed = async () => {
      const { holds } = await ground.desk.record.read(keyId);
      expect(holds).toMatchObject([{ ref: { kind: 'exception', id: request.requestId } }]);
      expect(await ground.service.getException(bob, before[0] ?? '')).toMatchObject({ state: 'renewed' });
      expect(await ground.service.getException(bob, request.requestId)).toMatchObject({ state: 'active' });
    };
    return { ...made, healed };
  },
  restore: async () => {
    const made = await scene(async (_ground, credentialId) => ({ kind: 'restore', credentialId }), 1);
    const { ground, keyId } = made;
    const healed = async () => {
      const { holds, quarantine } = await ground.desk.record.read(keyId);
      expect([quarantine, holds.length]).toEqual([undefined, 1]);
      expect(ground.ground.deeds()).toHaveLength(2);
    };
    return { ...made, healed };
  },
  'rotate-now': async () => {
    const made = await scene(
      async (ground) => ({ kind: 'rotate-now', credentialId: addKey(ground.ground) }),
      0,
    );
    const { ground } = made;
    const healed = async () => {
      expect(ground.ground.of('plan.frozen')).toHaveLength(1);
      expect(ground.ground.of('plan.approved')).toHaveLength(1);
      expect(ground.ground.of('rotation.finished')).toHaveLength(1);
      // A key whose value a crash has lost is removed, and another one made.
      const deeds = (what: string) => ground.ground.deeds().filter((deed) => deed.startsWith(what)).length;
      expect(deeds('CreateAccessKey') - deeds('DeleteAccessKey')).toBe(1);
    };
    return { ...made, healed };
  },
  'approve-plan': async () => {
    const made = await critical(
      scene(async (ground) => {
        const [plan] = (await ground.service.listPlans(bob, MAIN)).items;
        return { kind: 'approve-plan', planId: plan?.planId ?? '', planHash: plan?.planHash ?? '' };
      }, 2),
    );
    const { ground } = made;
    const healed = async () => {
      expect(ground.ground.of('plan.approved').map(({ actor }) => actor.person)).toEqual(['alice', 'bob']);
    };
    return { ...made, healed };
  },
};

/** Writes a crash before or after which is survived; the last of them finds the work done. */
const MOST_WRITES = 40;

/** A rotation writes much, which tests of its own crash at every call. */
const STRIDE: Readonly<Record<string, number>> = { 'rotate-now': 3 };

async function crashAt({ ground, request }: Scene, nth: number, effect: 'crash' | 'crash-after') {
  const dying = serviceOf(ground.deskOf('dying'));
  const fault = ground.ground.aws.faults.add({
    match: { process: 'dying', service: 'dynamodb', operation: 'PutItem', nth },
    effect,
  });
  await dying.approveRequest(bob, request.requestId, request.requestHash).catch(() => undefined);
  fault.remove();
  ground.reports.splice(0);
  return fault.fired > 0;
}

describe('wherever a process dies, the next run brings it to its end, once', () => {
  test.each(Object.keys(SCENES))('%s', async (name) => {
    const make = SCENES[name];
    if (make === undefined) throw new Error('no such scene');
    let survived = 0;
    for (let nth = 1; nth <= MOST_WRITES; nth += STRIDE[name] ?? 1) {
      const made = await make();
      const { ground, request, healed } = made;
      const hasCrashed = await crashAt(made, nth, nth % 2 === 0 ? 'crash' : 'crash-after');
      const state = async () => (await ground.service.getRequest(bob, request.requestId)).state;
      if ((await state()) === 'pending') await ground.approve(bob, request);
      // Longer than a lease that nobody gives back, and shorter than what was begun may take.
      await ground.ground.network.advance(45 * 60_000);
      await reconcile(ground.desk);
      expect(ground.reports, `write ${nth}`).toEqual([]);
      expect(await state(), `write ${nth}`).toBe('done');
      await healed();
      const before = ground.ground.written.length;
      await reconcile(ground.desk);
      expect(ground.ground.written.length, `write ${nth}`).toBe(before);
      if (!hasCrashed) break;
      survived += 1;
    }
    expect(survived).toBeGreaterThan(2);
    expect(survived).toBeLessThan(MOST_WRITES);
  });
});
