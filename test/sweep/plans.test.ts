import { beforeEach, describe, expect, test } from 'vitest';
import { planState } from '../../lib/domain/account-chains.ts';
import { approvePlan, readPlans, rejectPlan } from '../../lib/sweep/index.ts';
import { actorOf, type PersonName } from '../world/people.ts';
import { MAIN } from '../world/places.ts';
import { Ground, type Key } from './ground.ts';
import { KEY_RULE, policyWith } from './ground-policy.ts';

/** Disabling is guarded here, so that the first plan is frozen two weeks after the notice. */
const GUARDED = { steps: ['notify', { disable: { wait: '14d', tier: 'guarded' } }] };
const CRITICAL = { steps: ['notify', { disable: { wait: '14d', tier: 'critical' } }] };

interface Frozen {
  readonly ground: Ground;
  readonly keys: readonly Key[];
  readonly planId: string;
}

async function frozenPlan(rule = GUARDED): Promise<Frozen> {
  const ground = await Ground.create({ rules: { [KEY_RULE]: rule } });
  const keys = ['deployer', 'nightly'].map((user) => ground.key({ user }));
  await ground.sweep();
  await ground.wait(15);
  const { plans } = await ground.sweep();
  return { ground, keys, planId: plans[0]?.planId ?? '' };
}

const approve = ({ ground, planId }: Frozen, by: PersonName) => approvePlan(ground.desk(by), planId);
const disabled = (ground: Ground) => ground.changes().map(({ target }) => target.split('/')[0]);

async function stateOf({ ground, planId }: Frozen) {
  const plan = (await readPlans(ground.desk('bob'), MAIN)).find((each) => each.planId === planId);
  return plan === undefined ? undefined : planState(plan, ground.now());
}

describe('G10 a guarded step waits as a frozen plan, whatever is due at once', () => {
  let frozen: Frozen;
  beforeEach(async () => {
    frozen = await frozenPlan();
  });

  test('frozen once, with why and whom it concerns; without approval nothing happens', async () => {
    const { ground, keys, planId } = frozen;
    const [event] = ground.of('plan.frozen');
    expect(event?.data).toMatchObject({ planId, tier: 'guarded', frozenBecause: 'tier', approvalsNeeded: 1 });
    expect(event?.data.items.map(({ credentialId }) => credentialId)).toEqual(keys.map(({ id }) => id));
    expect(event?.data.items[0]?.reasons.join()).toMatch(/used/);
    await ground.wait(1);
    const { held } = await ground.sweep();
    expect(held.map(({ code, reason }) => `${code}: ${reason}`)).toEqual([
      `not-approved: plan ${planId} is pending`,
      `not-approved: plan ${planId} is pending`,
    ]);
    expect(ground.of('plan.frozen')).toHaveLength(1);
    expect(ground.changes()).toEqual([]);
  });

  test('approved: exactly that runs, and nothing that became due since is added', async () => {
    const { ground, keys } = frozen;
    const later = ground.key({ user: 'latecomer' });
    await ground.sweep();
    await approve(frozen, 'bob');
    await ground.sweep();
    expect(disabled(ground)).toEqual(keys.map(({ user }) => user));
    await ground.wait(15);
    const { plans } = await ground.sweep();
    expect(plans).toMatchObject([{ items: 1 }]);
    expect(disabled(ground)).not.toContain(later.user);
  });

  const REFUSED: readonly (readonly [PersonName, string, string])[] = [
    ['mallory', 'I11 nobody of the directory', 'not-an-approver'],
    ['dave', 'I11 a person of another group', 'not-an-approver'],
    ['robot', 'I16 a workload', 'requester-may-not-approve'],
  ];
  test.each(REFUSED)('%s may not approve: %s', async (by, _why, code) => {
    await expect(approve(frozen, by)).rejects.toMatchObject({ source: 'policy' });
    const refusal = await approve(frozen, by).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: by === 'robot' ? 'not-an-approver' : code });
    expect(frozen.ground.of('plan.approved')).toEqual([]);
  });

  test('I16 a workload never approves, not even one that carries the name of a person of the group', async () => {
    const { ground, planId } = frozen;
    const actor = { kind: 'workload' as const, arn: actorOf('robot').arn, person: 'bob' };
    const refusal = approvePlan({ ...ground.desk('bob'), actor }, planId);
    await expect(refusal).rejects.toMatchObject({ source: 'policy', code: 'not-an-approver' });
    expect(ground.of('plan.approved')).toEqual([]);
  });

  test('who rejects is recorded; the plan stays rejected, and it is not frozen again before it would have lapsed', async () => {
    const { ground, planId } = frozen;
    await rejectPlan(ground.desk('bob'), planId, 'the vendor needs them');
    await expect(approve(frozen, 'carol')).rejects.toMatchObject({ code: 'plan-not-pending' });
    await ground.wait(6);
    const { plans, held } = await ground.sweep();
    expect(plans).toEqual([]);
    expect(held.map(({ reason }) => reason)).toEqual([
      `plan ${planId} is rejected`,
      `plan ${planId} is rejected`,
    ]);
    await ground.wait(2);
    expect((await ground.sweep()).plans).toMatchObject([{ items: 2 }]);
    expect(ground.changes()).toEqual([]);
  });

  test('I14 it lapses by the clock alone; the next sweep records that and freezes what is still due', async () => {
    const { ground, planId } = frozen;
    await ground.wait(7);
    expect(await stateOf(frozen)).toBe('lapsed');
    await expect(approve(frozen, 'bob')).rejects.toMatchObject({ code: 'plan-not-pending' });
    const { plans } = await ground.sweep();
    expect(ground.of('plan.lapsed').map(({ data }) => data.planId)).toEqual([planId]);
    expect(plans).toMatchObject([{ items: 2 }]);
    expect(plans[0]?.planId).not.toBe(planId);
  });

  test('I14 an approval that came in time is worth nothing after the end', async () => {
    const { ground } = frozen;
    await approve(frozen, 'bob');
    await ground.wait(7);
    await ground.sweep();
    expect(ground.changes()).toEqual([]);
  });

  test('an item whose facts changed leaves the plan, recorded with the reason; the others run', async () => {
    const { ground, keys, planId } = frozen;
    const [used, idle] = keys;
    await approve(frozen, 'bob');
    ground.aws.account(MAIN).recordUse(used?.keyId ?? '');
    await ground.wait(1);
    await ground.sweep();
    expect(ground.of('plan.item-dropped').map(({ data, reason }) => ({ ...data, reason }))).toEqual([
      {
        planId,
        credentialId: used?.id,
        rule: KEY_RULE,
        step: 'disable',
        reason: expect.stringMatching(/no longer matches/),
      },
    ]);
    expect(disabled(ground)).toEqual([idle?.user]);
  });

  test('an item that changes between its intent and the act leaves the plan, too', async () => {
    const { ground, keys } = frozen;
    await approve(frozen, 'bob');
    ground.afterIntent(async () => ground.aws.account(MAIN).recordUse(keys[0]?.keyId ?? ''));
    await ground.sweep();
    expect(ground.of('plan.item-dropped').map(({ data }) => data.credentialId)).toEqual([keys[0]?.id]);
    expect(disabled(ground)).toEqual([keys[1]?.user]);
  });

  test.each(['iam:GetAccountAuthorizationDetails', 'iam:GetCredentialReport', 'iam:ListAccessKeys'])(
    'G22 %s denied for a while refutes nothing: no item is dropped, and nothing is done until it can be read',
    async (action) => {
      const { ground } = frozen;
      await approve(frozen, 'bob');
      ground.aws.account(MAIN).deny('*', [action]);
      await ground.wait(1);
      expect((await ground.sweep()).complete).toBe(false);
      expect(ground.changes()).toEqual([]);
      expect(ground.of('plan.item-dropped')).toEqual([]);
      ground.aws.account(MAIN).allow('*');
      await ground.wait(1);
      await ground.sweep();
      expect(disabled(ground)).toHaveLength(2);
    },
  );

  test.each(['iam:GetAccessKeyLastUsed', 'iam:ListUserTags', 'iam:ListAccessKeys'])(
    'G22 %s denied right before the act leaves the approval standing',
    async (action) => {
      const { ground } = frozen;
      await approve(frozen, 'bob');
      ground.afterIntent(async () => ground.aws.account(MAIN).deny('*', [action]));
      await ground.sweep();
      expect(ground.of('step.abandoned').map(({ data }) => data.guard)[0]).toBe('evidence-unread');
      expect(ground.of('plan.item-dropped')).toEqual([]);
      expect(ground.changes()).toEqual([]);
    },
  );

  test('I11 the approval was for the rule as it was: under a changed rule nothing runs', async () => {
    const { ground } = frozen;
    await approve(frozen, 'bob');
    const changed = policyWith({ rules: { [KEY_RULE]: { ...GUARDED, why: 'Another reason.' } } });
    const { held } = await ground.sweep({ policy: changed });
    expect(held.map(({ code }) => code)).toContain('policy-not-activated');
    expect(ground.changes()).toEqual([]);
  });
});

describe('I11 a critical step takes two distinct persons', () => {
  test('neither one person twice nor one alone; two make it run', async () => {
    const frozen = await frozenPlan(CRITICAL);
    const { ground } = frozen;
    expect(await approve(frozen, 'bob')).toMatchObject({ state: 'pending', remaining: 1 });
    await expect(approve(frozen, 'bob')).rejects.toMatchObject({ code: 'already-approved' });
    await ground.sweep();
    expect(ground.changes()).toEqual([]);
    expect(await approve(frozen, 'carol')).toMatchObject({ state: 'approved', remaining: 0 });
    await ground.sweep();
    expect(disabled(ground)).toHaveLength(2);
    expect(ground.of('step.intended')[0]?.approvals?.map(({ actor }) => actor.person)).toEqual([
      'bob',
      'carol',
    ]);
  });

  test('who ran the sweep that froze it may not approve it', async () => {
    const ground = await Ground.create({ rules: { [KEY_RULE]: GUARDED } });
    ground.key({ user: 'deployer' });
    await ground.sweep({ by: 'alice' });
    await ground.wait(15);
    const { plans } = await ground.sweep({ by: 'alice' });
    const refused = approvePlan(ground.desk('alice'), plans[0]?.planId ?? '');
    await expect(refused).rejects.toMatchObject({ code: 'requester-may-not-approve', source: 'policy' });
  });

  test.each(['plan/111122223333/99', 'plan/1', 'nonsense'])('there is no plan %s', async (planId) => {
    const ground = await Ground.create();
    await expect(approvePlan(ground.desk('bob'), planId)).rejects.toMatchObject({
      code: 'plan-not-found',
      source: 'user',
    });
  });
});

test('I3 a notice that only reached the fallback raises a routine step to a guarded one', async () => {
  const ground = await Ground.create();
  const key = ground.key({ user: 'orphan', owner: null });
  await ground.sweep();
  expect(ground.outbox.letters.map(({ notice }) => notice.recipient.id)).toEqual(['platform']);
  await ground.wait(15);
  const { plans } = await ground.sweep();
  expect(plans).toMatchObject([{ tier: 'guarded', items: 1 }]);
  expect(ground.changes()).toEqual([]);
  expect(ground.story(key.id)).toEqual(['finding.opened', 'owner.notified']);
});
