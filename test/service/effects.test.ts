import { beforeEach, describe, expect, it } from 'vitest';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { carryOutWith, reconcile } from '../../lib/wiring/service/index.ts';
import type { Key } from '../sweep/ground.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { addKey, DELIVERS } from '../sweep/ordering-ground.ts';
import { MAIN } from '../world/places.ts';
import { person } from './callers.ts';
import { codeOf, ServiceGround } from './service-ground.ts';

const alice = person('alice');
const bob = person('bob');
const carol = person('carol');
const erin = person('erin');

let ground: ServiceGround;
let key: Key;
beforeEach(async () => {
  ground = await ServiceGround.open(DELIVERS);
  key = await ground.warnedKey();
});

const inDays = (days: number) => plus(ground.ground.now(), days * DAY_MS);
const asked = (ask: RequestContent['ask'], over: Partial<RequestContent> = {}) =>
  ground.asked(erin, ground.content(key, { ask, endsAt: inDays(5), ...over }));

async function approvedByTwo(ask: RequestContent['ask'], over: Partial<RequestContent> = {}) {
  const request = await asked(ask, over);
  await ground.approve(alice, request);
  return ground.approve(bob, request);
}

describe('an extension', () => {
  it('I12: takes the place of the exception, on the chain of the credential, too', async () => {
    const first = await ground.asked(erin, ground.content(key, { endsAt: inDays(5) }));
    const next = await approvedByTwo(
      { kind: 'extension', exceptionId: first.requestId },
      { endsAt: inDays(20) },
    );
    expect(next).toMatchObject({ state: 'done' });
    const { holds } = await ground.desk.record.read(key.id);
    expect(holds).toMatchObject([{ ref: { id: next.requestId }, until: next.request.endsAt }]);
    expect(await ground.service.getException(erin, first.requestId)).toMatchObject({ state: 'renewed' });
  });
});

describe('restore', () => {
  beforeEach(async () => {
    await ground.wait(15);
    await ground.ground.sweep();
    expect(ground.ground.deeds()).toHaveLength(1);
  });

  it('whom nobody lets restore by themselves gets it by request, approved by one', async () => {
    const request = await asked({ kind: 'restore', credentialId: key.id });
    expect(request).toMatchObject({ tier: 'guarded', approvalsNeeded: 1 });
    expect(await ground.approve(bob, request)).toMatchObject({ state: 'done' });
    expect(ground.ground.deeds().at(-1)).toBe(`UpdateAccessKey deployer/${key.keyId}`);
    expect((await ground.desk.record.read(key.id)).holds).toMatchObject([
      { kind: 'restored', ref: { kind: 'request', id: request.requestId } },
    ]);
  });

  it('of something that was never taken fails and says so', async () => {
    await ground.service.restore(person('dave'), { credentialId: key.id, reason: 'mine' });
    const request = await asked({ kind: 'restore', credentialId: key.id });
    expect(await ground.approve(bob, request)).toMatchObject({
      state: 'failed',
      end: { code: 'nothing-to-restore' },
    });
  });
});

describe('rotate-now', () => {
  let id: string;
  beforeEach(() => {
    id = addKey(ground.ground);
  });
  const plan = async () => {
    const [first] = (await ground.desk.ledger.chain(`plans#${MAIN}`)).filter(
      ({ type }) => type === 'plan.frozen',
    );
    return first;
  };

  it('G1: freezes a plan in the name of who asked, carries its approvals over, and rotates', async () => {
    const request = await ground.asked(erin, {
      ...ground.content(key, { endsAt: inDays(5) }),
      ask: { kind: 'rotate-now', credentialId: id },
    });
    expect(request).toMatchObject({ state: 'pending', approvalsNeeded: 1 });
    expect(await ground.approve(bob, request)).toMatchObject({
      state: 'done',
      end: { outcome: expect.stringMatching(/^rotation /) },
    });
    expect((await plan())?.actor).toMatchObject({ person: 'erin' });
    const approvals = (await ground.desk.ledger.chain(`plans#${MAIN}`)).filter(
      ({ type }) => type === 'plan.approved',
    );
    expect(approvals).toMatchObject([{ actor: { person: 'bob' } }]);
    expect(await ground.service.rotate(bob, { credentialId: id, reason: 'again' })).toMatchObject({
      state: 'rotated',
    });
  });

  it('within the limits needs nobody, and its plan says so', async () => {
    const request = await ground.asked(erin, {
      ...ground.content(key, { endsAt: plus(ground.ground.now(), 30 * 60_000) }),
      ask: { kind: 'rotate-now', credentialId: id },
    });
    expect(request).toMatchObject({ state: 'done', tier: 'routine' });
    expect((await plan())?.data).toMatchObject({ approvalsNeeded: 0 });
  });

  it('what the policy forbids fails with its code', async () => {
    await ground.service.placeHalt(bob, { target: 'all', reason: 'an incident' });
    const request = await ground.asked(erin, {
      ...ground.content(key, { endsAt: inDays(5) }),
      ask: { kind: 'rotate-now', credentialId: id },
    });
    expect(await ground.approve(bob, request)).toMatchObject({ state: 'failed', end: { code: 'halted' } });
  });

  it('a rotation without a request: frozen, approved as shown, carried out by another process', async () => {
    ground.defer = true;
    const order = { credentialId: id, reason: 'older than a year' };
    const frozen = await ground.service.rotate(erin, order);
    if (frozen.state === 'rotated') throw new Error('it was rotated at once');
    expect(frozen.state).toBe('awaiting-approval');
    await ground.service.approvePlan(bob, frozen.plan.planId, frozen.plan.planHash);
    expect(await ground.service.rotate(erin, order)).toMatchObject({ state: 'carrying-out' });
    expect(ground.orders).toEqual([{ kind: 'rotation', planId: frozen.plan.planId }]);
    for (const carriedOut of [...ground.orders, ...ground.orders])
      await carryOutWith(ground.desk, carriedOut);
    expect(await ground.service.rotate(erin, order)).toMatchObject({ state: 'rotated' });
    expect(ground.ground.of('rotation.finished')).toHaveLength(1);
  });

  it('an order that nobody approved does nothing, whoever sends it', async () => {
    const frozen = await ground.service.rotate(erin, { credentialId: id, reason: 'x' });
    if (frozen.state === 'rotated') throw new Error('it was rotated at once');
    const request = await asked({ kind: 'rotate-now', credentialId: id });
    const before = ground.ground.written.length;
    await carryOutWith(ground.desk, { kind: 'rotation', planId: frozen.plan.planId });
    await carryOutWith(ground.desk, { kind: 'rotation', planId: 'plan/111122223333/999' });
    await carryOutWith(ground.desk, { kind: 'request', requestId: request.requestId });
    await carryOutWith(ground.desk, { kind: 'request', requestId: 'request-9999' });
    expect(ground.ground.written).toHaveLength(before);
  });
});

describe('approve-plan', () => {
  beforeEach(async () => {
    await ground.wait(15);
    await ground.ground.sweep();
    await ground.wait(31);
    await ground.ground.sweep();
  });

  it('puts each approval on the plan, bound to what was shown, and the sweep takes its steps', async () => {
    const [plan] = (await ground.service.listPlans(bob, MAIN)).items;
    const { planId = '', planHash = '' } = plan ?? {};
    const done = await approvedByTwo({ kind: 'approve-plan', planId, planHash });
    expect(done).toMatchObject({ state: 'done', end: { outcome: planId } });
    expect(await ground.service.getPlan(bob, planId)).toMatchObject({
      state: 'approved',
      plan: { approvals: [{ actor: { person: 'alice' } }, { actor: { person: 'bob' } }] },
    });
    await ground.ground.sweep();
    expect(ground.ground.deeds().at(-1)).toBe(`DeleteAccessKey deployer/${key.keyId}`);
  });

  it('of a plan that was rejected meanwhile fails', async () => {
    const [plan] = (await ground.service.listPlans(bob, MAIN)).items;
    const { planId = '', planHash = '' } = plan ?? {};
    const request = await asked({ kind: 'approve-plan', planId, planHash });
    await ground.service.rejectPlan(carol, planId, 'not this one');
    await ground.approve(alice, request);
    expect(await ground.approve(bob, request)).toMatchObject({
      state: 'failed',
      end: { code: 'plan-not-pending' },
    });
  });
});

describe('policy-override', () => {
  it('leaves one step out until the request ends', async () => {
    const ruleHash = ground.policy.ruleHash(KEY_RULE);
    const ask = {
      kind: 'policy-override',
      credentialId: key.id,
      rule: KEY_RULE,
      ruleHash,
      step: 'disable',
    } as const;
    const done = await approvedByTwo(ask, { endsAt: inDays(20) });
    expect(done).toMatchObject({ state: 'done', end: { outcome: expect.stringContaining(key.id) } });
    await ground.wait(15);
    await ground.ground.sweep();
    expect(ground.ground.deeds()).toEqual([]);
    await ground.wait(6);
    await ground.ground.sweep();
    expect(ground.ground.deeds()).toEqual([`UpdateAccessKey deployer/${key.keyId}`]);
  });
});

describe('without anybody asking', () => {
  it('I14: what nobody answers lapses, on the record', async () => {
    const request = await ground.asked(erin, ground.content(key));
    await ground.wait(8);
    await reconcile(ground.desk);
    const lapsed = await ground.service.getRequest(erin, request.requestId);
    expect(lapsed).toMatchObject({ state: 'lapsed', end: { by: ground.desk.self } });
    expect(await codeOf(ground.approve(bob, request))).toBe('request-not-pending');
  });

  it('I13: an exception that has come to its end is recorded as expired', async () => {
    const request = await ground.asked(erin, ground.content(key, { endsAt: inDays(5) }));
    await ground.wait(5);
    await reconcile(ground.desk);
    const events = await ground.desk.ledger.chain(`exception#${request.requestId}`);
    expect(events.filter(({ type }) => type === 'exception.expired')).toHaveLength(1);
  });

  it('I18: a challenge that nobody decides is recorded as undecided, and deleting stays held', async () => {
    const challenged = { kind: 'step', credentialId: key.id, rule: KEY_RULE, step: 'disable' } as const;
    const { challenge } = await ground.service.openChallenge(person('dave'), { challenged, reason: 'no' });
    await ground.wait(8);
    await reconcile(ground.desk);
    expect(await ground.service.getChallenge(bob, challenge.challengeId)).toMatchObject({
      state: 'undecided',
      end: { by: ground.desk.self },
    });
    const { holds } = await ground.desk.record.read(key.id);
    expect(holds.some(({ steps }) => steps?.join() === 'delete')).toBe(true);
  });

  it('what was approved and never started is carried out, once', async () => {
    ground.defer = true;
    const request = await ground.asked(erin, ground.content(key, { endsAt: inDays(5) }));
    expect(request).toMatchObject({ state: 'approved' });
    await reconcile(ground.desk);
    expect(await ground.service.getRequest(erin, request.requestId)).toMatchObject({ state: 'done' });
    const before = ground.ground.written.length;
    await reconcile(ground.desk);
    expect(ground.ground.written).toHaveLength(before);
    expect(ground.reports).toEqual([]);
  });

  it('approvers are told what to decide, and everybody concerned what came of it, each once', async () => {
    const request = await ground.asked(erin, ground.content(key));
    await reconcile(ground.desk);
    expect(ground.sent.map(({ recipient }) => recipient.id).sort()).toEqual(['alice', 'bob', 'carol']);
    const [first] = ground.sent;
    expect(first?.text).toContain(`janitor approve ${request.requestId}`);
    expect(first?.text).toContain('Owner: dave');
    await ground.approve(alice, request);
    await ground.approve(bob, request);
    await reconcile(ground.desk);
    const outcome = ground.sent.slice(3).map(({ recipient }) => recipient.id);
    expect(outcome.sort()).toEqual(['dave', 'erin']);
    const before = ground.ground.written.length;
    await reconcile(ground.desk);
    expect([ground.sent.length, ground.ground.written.length]).toEqual([5, before]);
  });

  it('trouble with one thing keeps nothing from the others', async () => {
    ground.defer = true;
    const first = await ground.asked(erin, ground.content(key, { endsAt: inDays(5) }));
    const second = await ground.asked(erin, {
      ...ground.content(key, { endsAt: inDays(5) }),
      ask: {
        kind: 'exception',
        scope: { credentialId: key.id, rules: [KEY_RULE] },
        while: { owner: 'same' },
      },
    });
    const writing = { service: 'dynamodb', operation: 'PutItem', process: 'service' } as const;
    ground.ground.aws.faults.add({ match: writing, effect: 'error', times: 3 });
    await reconcile(ground.desk);
    expect(ground.reports).toEqual([`request#${first.requestId}`]);
    expect(await ground.service.getRequest(erin, second.requestId)).toMatchObject({ state: 'done' });
  });
});
