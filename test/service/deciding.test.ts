import { beforeEach, describe, expect, it } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { serviceOf } from '../../lib/wiring/service/index.ts';
import type { Key } from '../sweep/ground.ts';
import { KEY_RULE } from '../sweep/ground-policy.ts';
import { MAIN } from '../world/places.ts';
import { iamUser, PARTNER, person, STRANGER, session } from './callers.ts';
import { codeOf, refusalOf, ServiceGround } from './service-ground.ts';

let ground: ServiceGround;
let key: Key;
beforeEach(async () => {
  ground = await ServiceGround.open();
  key = await ground.warnedKey();
});

const alice = person('alice');
const bob = person('bob');
const carol = person('carol');
const dave = person('dave');
const HALT = { target: 'all', reason: 'an incident' } as const;
const step = (over = {}) => ({
  challenged: {
    kind: 'step' as const,
    credentialId: key.id,
    rule: KEY_RULE,
    step: 'disable' as const,
    ...over,
  },
  reason: 'it runs once a quarter',
});

describe('who calls', () => {
  it('is told whom the API takes it for', async () => {
    expect(await ground.service.whoAmI(alice)).toMatchObject({
      actor: { kind: 'person', person: 'alice' },
      accountId: MAIN,
      mayDecide: true,
      policyHash: ground.policy.hash,
    });
    expect(await ground.service.whoAmI(session('planner', 'run-1'))).toMatchObject({
      agent: 'planner',
      mayDecide: false,
    });
  });
});

describe('halting', () => {
  it('G20: anybody of ours may, known or not; lifting takes another person', async () => {
    expect(await ground.service.placeHalt(iamUser('mallory'), HALT)).toMatchObject({
      by: { kind: 'unresolved' },
    });
    expect((await ground.service.listHalts(bob)).items).toHaveLength(1);
    expect(await codeOf(ground.service.liftHalt(iamUser('mallory'), HALT))).toBe('caller-unresolved');
    expect(await codeOf(ground.service.liftHalt(session('deploy', 'bob'), HALT))).toBe('not-an-approver');
    await ground.service.liftHalt(bob, HALT);
    await ground.service.placeHalt(bob, HALT);
    expect(await codeOf(ground.service.liftHalt(bob, HALT))).toBe('same-person-may-not-resume');
  });

  it.each([
    ['strangers', () => session('integration', 'run', undefined, STRANGER)],
    ['outside parties', () => session('integration', 'run', undefined, PARTNER)],
  ])('%s may not', async (_who, caller) => {
    expect(await codeOf(ground.service.placeHalt(caller(), HALT))).toBe('caller-refused');
  });

  it('works where no policy can be read, which nothing else does', async () => {
    ground.unreadable = new JanitorError('the archive is gone', {
      code: 'policy-archive-missing',
      source: 'system',
      hint: 'Restore it.',
    });
    expect(await ground.service.placeHalt(bob, HALT)).toMatchObject({ by: { kind: 'unresolved' } });
    expect(await codeOf(ground.service.placeHalt(session('a', 'bc', undefined, STRANGER), HALT))).toBe(
      'caller-refused',
    );
    expect(await codeOf(ground.service.liftHalt(bob, HALT))).toBe('policy-archive-missing');
    expect(await codeOf(ground.service.whoAmI(bob))).toBe('policy-archive-missing');
  });
});

describe('challenging a step', () => {
  it('I14: nobody decides any more once its time is over', async () => {
    const opened = await ground.service.openChallenge(dave, step());
    // Who owns the rule, and who was told as the owner of the key.
    expect(opened).toMatchObject({
      repeated: false,
      challenge: { state: 'open', notBy: ['alice', 'dave'] },
    });
    await ground.wait(15);
    const { challengeId } = opened.challenge;
    const verdict = { verdict: 'dismissed', reason: 'there is no such run' } as const;
    expect(await codeOf(ground.service.decideChallenge(bob, challengeId, verdict))).toBe(
      'challenge-not-open',
    );
  });

  it('in time: the owner of the rule may not decide, another may, and the step is taken', async () => {
    const { challenge } = await ground.service.openChallenge(dave, step());
    const { challengeId } = challenge;
    const verdict = { verdict: 'dismissed', reason: 'there is no such run' } as const;
    expect(await codeOf(ground.service.decideChallenge(alice, challengeId, verdict))).toBe(
      'party-may-not-decide',
    );
    expect(await codeOf(ground.service.decideChallenge(dave, challengeId, verdict))).toBe('not-an-approver');
    expect(await ground.service.decideChallenge(bob, challengeId, verdict)).toMatchObject({
      repeated: false,
      challenge: { state: 'dismissed' },
    });
    expect((await ground.desk.record.read(key.id)).holds).toEqual([]);
    await ground.wait(15);
    await ground.ground.sweep();
    expect(ground.ground.deeds()).toEqual([`UpdateAccessKey deployer/${key.keyId}`]);
  });

  it('upheld: it is not taken', async () => {
    const { challenge } = await ground.service.openChallenge(dave, step());
    await ground.service.decideChallenge(bob, challenge.challengeId, { verdict: 'upheld', reason: 'seen' });
    await ground.wait(15);
    await ground.ground.sweep();
    expect(ground.ground.deeds()).toEqual([]);
  });

  it('I21: an act that was begun before is told', async () => {
    await ground.wait(15);
    let opened: Awaited<ReturnType<typeof ground.service.openChallenge>> | undefined;
    ground.ground.afterIntent(async () => {
      opened = await ground.service.openChallenge(dave, step());
    });
    await ground.ground.sweep();
    expect(opened).toMatchObject({ openIntent: { change: 'disable' } });
  });

  it.each([
    ['that is not announced', { step: 'delete' as const }],
    ['of a rule that found nothing', { rule: 'secret-unused' }],
    [
      'of something else',
      { credentialId: 'arn:aws:iam::111122223333:user/x/access-key/AKIAEXAMPLEUNKNOWN00' },
    ],
  ])('%s: there is none', async (_what, over) => {
    expect(await codeOf(ground.service.openChallenge(dave, step(over)))).toBe('finding-not-found');
  });

  it('an exception is challenged, too, and revoked when that is upheld', async () => {
    const asked = await ground.asked(person('erin'), ground.content(key));
    await ground.approve(alice, asked);
    await ground.approve(bob, asked);
    const challenged = { kind: 'exception', exceptionId: asked.requestId } as const;
    const { challenge } = await ground.service.openChallenge(dave, { challenged, reason: 'it is over' });
    expect(await ground.service.getException(bob, asked.requestId)).toMatchObject({ state: 'challenged' });
    await ground.service.decideChallenge(carol, challenge.challengeId, {
      verdict: 'upheld',
      reason: 'it is',
    });
    expect(await ground.service.getException(bob, asked.requestId)).toMatchObject({ state: 'revoked' });
    expect((await ground.desk.record.read(key.id)).holds).toEqual([]);
    const list = { state: 'ended', limit: 5 } as const;
    expect((await ground.service.listChallenges(bob, list)).items).toMatchObject([{ state: 'upheld' }]);
    expect((await ground.service.listExceptions(bob, list)).items).toMatchObject([{ state: 'revoked' }]);
    expect(await codeOf(ground.service.revokeException(bob, asked.requestId, 'again'))).toBe('not-in-force');
  });
});

describe('the policy', () => {
  it('is active as deployed; another hash is refused', async () => {
    const { hash } = ground.policy;
    expect(await ground.service.getPolicy(dave)).toMatchObject({
      active: { hash },
      deployed: hash,
      differences: [],
    });
    expect(await codeOf(ground.service.activatePolicy(bob, { hash: 'f'.repeat(64) }))).toBe(
      'policy-not-deployed',
    );
    expect(await ground.service.activatePolicy(bob, { hash })).toMatchObject({ outcome: 'already-active' });
    expect(await codeOf(ground.service.activatePolicy(session('deploy', 'run'), { hash }))).toBe(
      'not-an-approver',
    );
  });

  it('G8: a version that is deployed judges nobody; what it loosens is shown to those who decide', async () => {
    const next = await ServiceGround.open({
      janitor: {
        limits: { perAccountPerDay: 99, perOrganisationPerDay: 20, percentOfKind: 100, atLeast: 1 },
      },
      directory: { groups: { security: { members: ['dave', 'erin'] } } },
    });
    const service = serviceOf({ ...ground.desk, deployed: next.policy });
    const view = await service.getPolicy(bob);
    expect(view).toMatchObject({
      active: { hash: ground.policy.hash },
      deployed: next.policy.hash,
      needed: 2,
    });
    expect(view.differences).toMatchObject([
      { at: 'limits.perAccountPerDay', effect: 'loosens', before: '10', after: '99' },
      ...[{}, {}, {}, {}, {}, {}],
      { at: 'groups.vault', effect: 'changes', means: 'a group less' },
    ]);
    const { hash } = next.policy;
    expect(await service.activatePolicy(dave, { hash })).toMatchObject({ outcome: 'pending', needed: 2 });
    expect(await codeOf(service.activatePolicy(person('erin'), { hash }))).toBe('not-an-approver');
    await service.activatePolicy(alice, { hash });
    expect(await service.activatePolicy(bob, { hash })).toMatchObject({ outcome: 'activated' });
  });
});

describe('plans', () => {
  it('I11: are approved as they were shown', async () => {
    await ground.wait(15);
    await ground.ground.sweep();
    await ground.wait(31);
    await ground.ground.sweep();
    const [plan] = (await ground.service.listPlans(bob, MAIN)).items;
    if (plan === undefined) throw new Error('no plan was frozen');
    const { planId, planHash } = plan;
    expect(await codeOf(ground.service.approvePlan(bob, planId, 'f'.repeat(64)))).toBe('plan-changed');
    expect(await ground.service.getPlan(dave, planId)).toMatchObject({ state: 'pending', remaining: 1 });
    expect(await codeOf(ground.service.approvePlan(dave, planId, planHash))).toBe('not-an-approver');
    expect(await ground.service.approvePlan(bob, planId, planHash)).toMatchObject({ state: 'approved' });
    expect((await refusalOf(ground.service.getPlan(bob, `plan/${MAIN}/99`))).code).toBe('plan-not-found');
    expect(await ground.service.rejectPlan(carol, planId, 'not now')).toMatchObject({ state: 'rejected' });
  });
});

describe('restoring and explaining', () => {
  it('whoever owns it gives it back at once; nobody else does', async () => {
    await ground.wait(15);
    await ground.ground.sweep();
    const order = { credentialId: key.keyId, reason: 'it is in use' };
    expect(await codeOf(ground.service.restore(person('erin'), order))).toBe('may-not-restore');
    expect(await ground.service.restore(dave, order)).toMatchObject({ changes: [{ outcome: 'done' }] });
    expect(await codeOf(ground.service.restore(dave, order))).toBe('nothing-to-restore');
    expect(await ground.service.explain(bob, { id: key.keyId })).toMatchObject({ kind: 'credential' });
    expect(await codeOf(ground.service.explain(bob, { id: 'AKIANOTHERE000000000' }))).toBe('not-found');
    expect(await codeOf(ground.service.allowRotations(bob, { accountId: MAIN, reason: 'x' }))).toBe(
      'rotations-not-stopped',
    );
  });
});
