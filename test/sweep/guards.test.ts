import { describe, expect, test } from 'vitest';
import type { Plan } from '../../lib/domain/account-chains.ts';
import { foldRotations } from '../../lib/domain/rotation.ts';
import type { Finding } from '../../lib/domain/verdict.ts';
import { firstRefusal, STEP_GUARDS, type StepSituation } from '../../lib/sweep/guards.ts';
import { event } from '../builders/event.ts';
import { actorOf } from '../world/people.ts';
import { MAIN } from '../world/places.ts';
import { KEY_RULE } from './ground-policy.ts';

const NOW = '2026-03-01T08:00:00.000Z';
const BEFORE = '2026-03-01T07:59:00.000Z';
const AFTER = '2026-03-01T08:01:00.000Z';
const KEY = `arn:aws:iam::${MAIN}:user/ci/deployer/access-key/AKIAEXAMPLEDEPLOYER0`;

function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    rule: KEY_RULE,
    ruleHash: 'rule-1',
    matches: 'yes',
    restsOnDisuse: true,
    step: 'disable',
    due: BEFORE,
    tier: 'routine',
    held: [],
    reasons: ['It was last used 60 days ago.'],
    ...overrides,
  };
}

function plan(overrides: Partial<Plan> = {}): Plan {
  const item = { credentialId: KEY, kind: 'access-key' as const, rule: KEY_RULE, ruleHash: 'rule-1' };
  return {
    planId: `plan/${MAIN}/1`,
    planHash: 'plan-1',
    accountId: MAIN,
    tier: 'guarded',
    frozenAt: BEFORE,
    frozenBy: actorOf('robot'),
    lapsesAt: AFTER,
    policyHash: 'policy-1',
    approvalsNeeded: 1,
    approverGroup: 'security',
    items: [{ ...item, step: 'disable', tier: 'guarded', reasons: [] }],
    approvals: [{ actor: actorOf('bob'), at: BEFORE }],
    lapsed: false,
    ...overrides,
  };
}

/** A routine disable that nothing speaks against. */
function situation(overrides: Partial<StepSituation> = {}): StepSituation {
  return {
    now: NOW,
    accountId: MAIN,
    credentialId: KEY,
    rule: KEY_RULE,
    step: 'disable',
    mayAct: true,
    policyHash: 'policy-1',
    activeHash: 'policy-1',
    enforced: true,
    halts: [],
    rotationsStopped: undefined,
    finding: finding(),
    incomplete: undefined,
    unread: undefined,
    plan: undefined,
    leaseOurs: true,
    actBefore: AFTER,
    ...overrides,
  };
}

const halt = (target: string) => ({
  haltId: 'halt/1',
  target,
  by: actorOf('dave'),
  at: BEFORE,
  reason: 'stop',
});
const guarded = finding({ tier: 'guarded' });
const approvedPlan = { finding: guarded, plan: plan() };

const rotating = { step: 'rotate', finding: finding({ step: 'rotate' }) } as const;
const stopped = foldRotations([
  event('rotations.stopped', {
    data: { rotationId: 'rotation-1', credentialId: KEY, code: 'kms-denied' },
  }),
]);

const REFUSED: readonly (readonly [string, string, Partial<StepSituation>, RegExp])[] = [
  ['observe-only', 'G18 the run only observes', { mayAct: false }, /--enforce/],
  ['policy-not-activated', 'G8 no version was activated', { activeHash: undefined }, /policy activate/],
  ['policy-not-activated', 'G8 another version was activated', { activeHash: 'policy-2' }, /policy activate/],
  [
    'rule-not-enforced',
    'G8 the rule only observes here',
    { enforced: false },
    new RegExp(`${KEY_RULE}.*${MAIN}`),
  ],
  ['halted', 'G20 everything is halted', { halts: [halt('all')] }, /halted by dave since .*: stop/],
  ['halted', 'G20 this account is halted', { halts: [halt(`account:${MAIN}`)] }, /account/],
  ['halted', 'G20 this rule is halted', { halts: [halt(`rule:${KEY_RULE}`)] }, /rule/],
  ['lease-lost', 'another sweep has the account', { leaseOurs: false }, /no longer ours/],
  ['too-late', 'I1 the intent has run out', { actBefore: BEFORE }, /only good until/],
  ['too-late', 'I1 the intent runs out this very moment', { actBefore: NOW }, /only good until/],
  ['incomplete', 'I2 G21 a part of this kind was not read', { incomplete: 'a page failed' }, /a page failed/],
  ['evidence-unread', 'I2 the facts cannot be read again', { unread: 'AccessDenied' }, /AccessDenied/],
  [
    'no-longer-due',
    'I2 the facts yield no finding any more',
    { step: 'tag', finding: undefined },
    /no longer matches/,
  ],
  [
    'no-longer-due',
    'I2 G22 a fact is unknown',
    { finding: finding({ matches: 'unknown' }) },
    /no longer matches/,
  ],
  [
    'no-longer-due',
    'I9 I21 something holds it',
    { finding: finding({ held: [{ code: 'on-hold', reason: 'manual hold' }] }) },
    /on-hold: manual hold/,
  ],
  [
    'no-longer-due',
    'I3 the notice has to come first',
    { finding: finding({ step: 'notify' }) },
    /now notify/,
  ],
  ['no-longer-due', 'I3 the wait is not over', { finding: finding({ due: AFTER }) }, /due only on/],
  [
    'rotations-stopped',
    'a rotation failed in this account',
    { ...rotating, rotationsStopped: stopped },
    /stopped since .*AKIA.* failed \(kms-denied\); janitor resume --rotations/,
  ],
  [
    'not-approved',
    'G10 a guarded rotation without a plan',
    { step: 'rotate', finding: finding({ step: 'rotate', tier: 'guarded' }) },
    /guarded step needs an approved plan/,
  ],
  [
    'not-approved',
    'G10 a guarded step without a plan',
    { finding: guarded },
    /guarded step needs an approved plan/,
  ],
  [
    'not-approved',
    'G10 a critical step without a plan',
    { finding: finding({ tier: 'critical' }) },
    /critical/,
  ],
  [
    'not-approved',
    'G10 a plan nobody approved',
    { ...approvedPlan, plan: plan({ approvals: [] }) },
    /is pending/,
  ],
  [
    'not-approved',
    'I11 one approval of two',
    { ...approvedPlan, plan: plan({ approvalsNeeded: 2 }) },
    /is pending/,
  ],
  [
    'not-approved',
    'I14 the approved plan ended',
    { ...approvedPlan, plan: plan({ lapsesAt: NOW }) },
    /is lapsed/,
  ],
  [
    'not-approved',
    'a rejected plan',
    { ...approvedPlan, plan: plan({ rejectedBy: actorOf('bob') }) },
    /is rejected/,
  ],
  [
    'not-approved',
    'I11 the rule is another than the one approved',
    { ...approvedPlan, finding: finding({ tier: 'guarded', ruleHash: 'rule-2' }) },
    /the rule changed/,
  ],
  [
    'not-approved',
    'the item has left the plan',
    { ...approvedPlan, plan: plan({ items: [] }) },
    /the rule changed/,
  ],
  [
    'not-approved',
    'over the cap even a routine step keeps to its plan',
    { plan: plan({ approvals: [] }) },
    /is pending/,
  ],
];

const ALLOWED: readonly (readonly [string, Partial<StepSituation>])[] = [
  ['a routine step with everything in place', {}],
  ['a step due this very moment', { finding: finding({ due: NOW }) }],
  ['before there is an intent', { actBefore: undefined }],
  ['a halt of another account', { halts: [halt('account:999999999999')] }],
  ['a halt of another rule', { halts: [halt('rule:secret-unused')] }],
  ['a guarded step of an approved plan', approvedPlan],
  ['rotations are stopped, but this takes away', { rotationsStopped: stopped }],
  ['a rotation', rotating],
  [
    'a part of its kind was not read, but nothing is taken away',
    { ...rotating, incomplete: 'a page failed' },
  ],
  [
    'tagging needs no plan, whatever its tier',
    { step: 'tag', finding: finding({ step: 'tag', tier: 'guarded' }) },
  ],
];

describe('every guard refuses by itself', () => {
  test.each(REFUSED)('%s: %s', (code, _title, overrides, reason) => {
    expect(firstRefusal(situation(overrides))).toEqual({ code, reason: expect.stringMatching(reason) });
    const others = STEP_GUARDS.filter((guard) => guard.code !== code);
    expect(others.flatMap((guard) => guard.refuses(situation(overrides)) ?? [])).toEqual([]);
  });

  test.each(ALLOWED)('goes on: %s', (_title, overrides) => {
    expect(firstRefusal(situation(overrides))).toBeUndefined();
  });

  test('no guard is left out of this table', () => {
    expect(new Set(REFUSED.map(([code]) => code))).toEqual(new Set(STEP_GUARDS.map((guard) => guard.code)));
  });
});

test('of several refusals the first in order is named', () => {
  const spoilt: Partial<StepSituation>[] = [
    { mayAct: false },
    { activeHash: undefined },
    { enforced: false },
    { halts: [halt('all')] },
    { leaseOurs: false },
    { actBefore: BEFORE },
    { incomplete: 'a page failed' },
    { unread: 'AccessDenied' },
    { finding: undefined },
  ];
  const named = spoilt.map((_each, from) => {
    const rest = Object.assign({}, ...spoilt.slice(from));
    return firstRefusal(situation(from === spoilt.length - 1 ? rest : { ...rest, finding: finding() }))?.code;
  });
  expect(named).toEqual(STEP_GUARDS.map((guard) => guard.code).slice(0, spoilt.length));
});
