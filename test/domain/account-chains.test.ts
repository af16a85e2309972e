import { describe, expect, it } from 'vitest';
import {
  claimedWithinDay,
  foldActivation,
  foldHalts,
  foldLease,
  foldPlans,
  haltFor,
  type Plan,
  planState,
  proposalAt,
  rotationsWithinDay,
} from '../../lib/domain/account-chains.ts';
import type { EventDraft } from '../../lib/domain/event.ts';
import { DAY_MS, HOUR_MS, plus } from '../../lib/domain/time.ts';
import { ACCOUNT, NOW } from '../builders/credential.ts';
import { chainOf, draft, KEY_ID, person, workload } from '../builders/event.ts';

const PLAN = `plan/${ACCOUNT}/1`;
const frozen = draft('plan.frozen', { data: { approvalsNeeded: 2 } });
const [frozenEvent] = chainOf('plans#x', [frozen]);
const planHash = frozenEvent?.hash ?? '';

function planAfter(...drafts: readonly EventDraft[]): Plan {
  const plan = foldPlans(chainOf('plans#x', [frozen, ...drafts]))[0];
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

function approval(by: string, overrides: Parameters<typeof draft<'plan.approved'>>[1] = {}): EventDraft {
  return draft('plan.approved', { actor: person(by), data: { planHash }, ...overrides });
}

describe('plans', () => {
  it('freezes what was shown, who froze it, until when and who may approve', () => {
    expect(planAfter()).toMatchObject({
      planId: PLAN,
      planHash,
      tier: 'guarded',
      frozenBy: workload(),
      lapsesAt: plus(NOW, 7 * DAY_MS),
      approvalsNeeded: 2,
      approverGroup: 'security',
      items: [{ credentialId: KEY_ID, step: 'delete' }],
      approvals: [],
    });
  });

  const states = [
    ['pending', [], NOW],
    ['pending', [approval('ana')], NOW],
    ['approved', [approval('ana'), approval('bo')], NOW],
    ['rejected', [approval('ana'), approval('bo'), draft('plan.rejected')], NOW],
    ['lapsed', [approval('ana'), approval('bo')], plus(NOW, 7 * DAY_MS)],
    ['lapsed', [approval('ana'), approval('bo'), draft('plan.lapsed')], NOW],
    ['rejected', [draft('plan.rejected')], plus(NOW, 9 * DAY_MS)],
  ] as const;
  it.each(states)('I14: is %s', (state, drafts, now) => {
    expect(planState(planAfter(...drafts), now)).toBe(state);
  });

  it('I11: two approvals of one person count once, by whichever ARN', () => {
    const again = approval('ana', {
      actor: person('ana', { arn: 'arn:aws:sts::1:assumed-role/x/ana' }),
      data: { planHash },
    });
    expect(planState(planAfter(approval('ana'), again), NOW)).toBe('pending');
  });

  it('I11: an approval of another hash does not count', () => {
    const other = draft('plan.approved', { actor: person('bo'), data: { planHash: 'f'.repeat(64) } });
    expect(planState(planAfter(approval('ana'), other), NOW)).toBe('pending');
  });

  it('drops exactly the item it names, and adds none', () => {
    const dropped = draft('plan.item-dropped');
    const elsewhere = draft('plan.item-dropped', { data: { rule: 'other' } });
    expect(planAfter(elsewhere).items).toHaveLength(1);
    expect(planAfter(dropped).items).toEqual([]);
  });

  it('ignores events about a plan that was never frozen', () => {
    const stray = draft('plan.approved', { data: { planId: `plan/${ACCOUNT}/9`, planHash } });
    expect(foldPlans(chainOf('plans#x', [stray]))).toEqual([]);
  });

  it('keeps plans apart', () => {
    const second = draft('plan.frozen', { data: { planId: `plan/${ACCOUNT}/2` } });
    const plans = foldPlans(chainOf('plans#x', [frozen, second, approval('ana')]));
    expect(plans.map((plan) => plan.approvals.length)).toEqual([1, 0]);
  });
});

describe('halts', () => {
  const account = draft('halt.placed');
  const rule = draft('halt.placed', { data: { haltId: 'halt-2', target: 'rule:no-owner' } });
  const all = draft('halt.placed', { data: { haltId: 'halt-3', target: 'all' } });
  const cases = [
    ['an account', [account], ACCOUNT, 'any', 'halt-1'],
    ['not another account', [account], '444455556666', 'any', undefined],
    ['a rule in every account', [rule], '444455556666', 'no-owner', 'halt-2'],
    ['not another rule', [rule], ACCOUNT, 'access-key-unused', undefined],
    ['everything', [all], '444455556666', 'any', 'halt-3'],
    ['nothing once lifted', [account, draft('halt.lifted')], ACCOUNT, 'any', undefined],
  ] as const;
  it.each(cases)('stop %s', (_what, drafts, accountId, ruleId, haltId) => {
    expect(haltFor(foldHalts(chainOf('halt#organisation', drafts)), accountId, ruleId)?.haltId).toBe(haltId);
  });

  it('say who, when and why', () => {
    expect(foldHalts(chainOf('h', [account]))[0]).toMatchObject({
      by: person('cy'),
      at: NOW,
      reason: 'a release is under way',
    });
  });
});

describe('lease', () => {
  const cases = [
    ['lease.taken', plus(NOW, HOUR_MS)],
    ['lease.renewed', plus(NOW, 2 * HOUR_MS)],
  ] as const;
  it.each(cases)('%s holds it until the instant', (type, until) => {
    expect(foldLease(chainOf('l', [draft(type)])[0])).toEqual({ holder: 'host-1/42', takenAt: NOW, until });
  });

  it('is nobody’s when given back or never taken', () => {
    expect(foldLease(chainOf('l', [draft('lease.released')])[0])).toBeUndefined();
    expect(foldLease(undefined)).toBeUndefined();
  });
});

describe('caps', () => {
  it('I5: count a slot for 24 hours, not longer, by kind and in all', () => {
    const slot = (at: string, kind: 'access-key' | 'secret') => draft('slot.claimed', { at, data: { kind } });
    const events = chainOf('cap#x', [
      slot(plus(NOW, -DAY_MS), 'access-key'),
      slot(plus(NOW, -DAY_MS + 1), 'access-key'),
      slot(plus(NOW, -HOUR_MS), 'secret'),
      slot(NOW, 'secret'),
    ]);
    expect(claimedWithinDay(events, NOW)).toEqual({ all: 3, byKind: { 'access-key': 1, secret: 2 } });
  });

  it('I5: rotations have slots of their own, one for each credential, and take none of the others', () => {
    const rotating = (at: string, credentialId: string) =>
      draft('slot.claimed', { at, data: { credentialId, step: 'rotate' } });
    const events = chainOf('cap#x', [
      rotating(plus(NOW, -DAY_MS), 'key/yesterday'),
      rotating(plus(NOW, -HOUR_MS), 'key/1'),
      rotating(NOW, 'key/1'),
      rotating(NOW, 'key/2'),
    ]);
    expect(claimedWithinDay(events, NOW)).toEqual({ all: 0, byKind: {} });
    expect(rotationsWithinDay(events, NOW)).toEqual(['key/1', 'key/2']);
  });
});

describe('activation', () => {
  const { expiresAt: _end, ...proposed } = draft('policy.proposed');
  const activated = draft('policy.activated');

  it('no version may act before one was activated', () => {
    expect(foldActivation([]).active).toBeUndefined();
    expect(foldActivation(chainOf('p', [proposed])).active).toBeUndefined();
  });

  it('I11: approvals of a proposal count once a person', () => {
    const approve = (by: string) => draft('policy.approved', { actor: person(by) });
    const { proposals } = foldActivation(
      chainOf('p', [proposed, approve('bo'), approve('bo'), approve('cy')]),
    );
    expect(proposals['a'.repeat(64)]).toMatchObject({
      by: person('ana'),
      needed: 2,
      approvals: [person('bo'), person('cy')],
    });
  });

  it('an approval of what was not proposed counts for nothing', () => {
    expect(foldActivation(chainOf('p', [draft('policy.approved')])).proposals).toEqual({});
  });

  it('the newest activation is the active version, and clears what was proposed before it', () => {
    const second = draft('policy.activated', { data: { hash: 'b'.repeat(64) } });
    const activation = foldActivation(chainOf('p', [proposed, activated, second]));
    expect(activation).toEqual({
      active: { hash: 'b'.repeat(64), at: NOW, approvers: [person('bo')] },
      proposals: {},
    });
  });

  describe('I14: a proposal', () => {
    const lapsesAt = plus(NOW, 7 * DAY_MS);
    const hash = 'a'.repeat(64);
    const ending = draft('policy.proposed', { expiresAt: lapsesAt });
    const approve = (by: string, at: string) => draft('policy.approved', { actor: person(by), at });
    const just = plus(lapsesAt, -1);

    it('lapses by the clock alone when its quorum is not reached in time', () => {
      const activation = foldActivation(chainOf('p', [ending, approve('bo', just)]));
      expect(proposalAt(activation, hash, just)).toMatchObject({ lapsesAt, approvals: [person('bo')] });
      expect(proposalAt(activation, hash, lapsesAt)).toBeUndefined();
    });

    it('is not completed by an approval that comes too late', () => {
      const activation = foldActivation(chainOf('p', [ending, approve('bo', just), approve('cy', lapsesAt)]));
      expect(activation.proposals[hash]?.approvals).toEqual([person('bo')]);
      expect(proposalAt(activation, hash, lapsesAt)).toBeUndefined();
    });

    it('that has its quorum is decided, and what has no end never lapses', () => {
      const complete = foldActivation(chainOf('p', [ending, approve('bo', just), approve('cy', just)]));
      expect(proposalAt(complete, hash, plus(lapsesAt, DAY_MS))).toMatchObject({ needed: 2 });
      const endless = foldActivation(chainOf('p', [proposed]));
      expect(proposalAt(endless, hash, plus(NOW, 1000 * DAY_MS))).toBeDefined();
      expect(proposalAt(endless, 'c'.repeat(64), NOW)).toBeUndefined();
    });
  });

  it('proposed again, a version needs its approvals again', () => {
    const { proposals } = foldActivation(chainOf('p', [proposed, draft('policy.approved'), proposed]));
    expect(proposals['a'.repeat(64)]?.approvals).toEqual([]);
  });
});
