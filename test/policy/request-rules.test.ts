import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../lib/domain/time.ts';
import { type AboutRequest, requestRules } from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { directoryData, policyOf, ruleData } from './policy-fixture.ts';

const directory = directoryData({
  groups: {
    security: { members: ['ana', 'ben', 'gone'], mail: 'security@example.com' },
    board: { members: ['ana', 'ben', 'risk'] },
    payments: { members: ['risk', 'gone'] },
  },
  accounts: [
    { id: '111122223333', name: 'production', ou: 'ou-ab12-11111111' },
    { id: '444455556666', name: 'sandbox' },
  ],
});
const twoRules = [ruleData(), ruleData({ id: 'other', requests: { routineUpTo: '3d' } })];

function rulesFor(requests: object, about: AboutRequest, now = NOW) {
  return requestRules(policyOf({ requests, rules: twoRules }, directory), now, about);
}

const exception = (...rules: string[]): AboutRequest => ({ kind: 'exception', rules });
const SECURITY = { group: 'security', members: ['ana', 'ben'] };

describe('what a policy that says nothing about requests says', () => {
  const silent = requestRules(policyOf(), NOW, { kind: 'exception', rules: ['unused'] });

  it('G10: nothing is pre-approved; what loosens needs two persons, what mends one', () => {
    expect(silent.routineMs).toEqual({});
    const tiers = Object.entries(silent.kinds).map(([kind, { tier }]) => [kind, tier]);
    expect(Object.fromEntries(tiers)).toEqual({
      exception: 'critical',
      extension: 'critical',
      restore: 'guarded',
      'rotate-now': 'guarded',
      'approve-plan': 'critical',
      'policy-override': 'critical',
    });
    expect(silent.approvals).toEqual({
      guarded: { ...SECURITY, quorum: 1 },
      critical: { ...SECURITY, quorum: 2 },
    });
  });

  it('G4, I14: everything ends, pending ones lapse, exemptions are capped, challenges are decided', () => {
    for (const { longestMs } of Object.values(silent.kinds)) {
      expect(longestMs).toBeGreaterThan(0);
      expect(longestMs).toBeLessThanOrEqual(90 * DAY_MS);
    }
    expect(silent).toMatchObject({
      pendingMs: 7 * DAY_MS,
      finishMs: HOUR_MS,
      exemptAtMostMs: 365 * DAY_MS,
      challenges: { ...SECURITY, decideWithinMs: 7 * DAY_MS },
    });
  });

  it('anybody whom the directory knows may ask, tickets are not asked about, and it names its policy', () => {
    expect(silent.eligible).toEqual([]);
    expect(silent.tickets).toEqual({ checked: false });
    expect(silent.policyHash).toBe(policyOf().hash);
  });
});

describe('whoever has left is a member of nothing', () => {
  it('from the day they left on', () => {
    const requests = { eligible: [{ groups: ['payments'] }], challenges: { group: 'payments' } };
    const before = rulesFor(requests, exception('unused'), '2026-10-14T23:59:59.999Z');
    const after = rulesFor(requests, exception('unused'), '2026-10-15T00:00:00.000Z');
    expect(before.people).toEqual(['ana', 'ben', 'gone', 'risk']);
    expect(after.people).toEqual(['ana', 'ben', 'risk']);
    expect(before.eligible).toEqual([{ groups: ['payments'], members: ['risk', 'gone'] }]);
    expect(after.eligible).toEqual([{ groups: ['payments'], members: ['risk'] }]);
    expect(after.challenges.members).toEqual(['risk']);
    expect(after.approvals.guarded.members).toEqual(['ana', 'ben']);
  });
});

describe('G10: limits of pre-approval', () => {
  const routine = { exception: '7d', restore: '1d' };
  it.each([
    ['the section by kind', exception('unused'), { exception: 7 * DAY_MS, restore: DAY_MS }],
    [
      "the rule's own in its place",
      exception('other'),
      { exception: 3 * DAY_MS, extension: 3 * DAY_MS, restore: DAY_MS },
    ],
    [
      'of several rules the shortest',
      exception('unused', 'other'),
      { exception: 3 * DAY_MS, restore: DAY_MS },
    ],
    ['a rule nobody knows: none', exception('unused', 'gone'), { restore: DAY_MS }],
    ['no rule: the section', { kind: 'restore' } as const, { exception: 7 * DAY_MS, restore: DAY_MS }],
  ])('%s', (_name, about, expected) => {
    expect(rulesFor({ routine }, about).routineMs).toEqual(expected);
  });

  it("a rule's own 0d forbids what the section allows", () => {
    const rules = [ruleData({ requests: { routineUpTo: '0d' } })];
    const policy = policyOf({ requests: { routine: { exception: '7d' } }, rules });
    expect(requestRules(policy, NOW, exception('unused')).routineMs.exception).toBe(0);
  });
});

describe('who approves: the first entry that fits, for each rule by itself', () => {
  const approvers = [
    { kinds: ['exception'], rules: ['unused'], group: 'board', quorum: 3 },
    { accounts: ['444455556666'], tier: 'guarded', group: 'payments', quorum: 1 },
    { ous: ['ou-ab12-11111111'], group: 'board', quorum: 2 },
  ];
  const board = { group: 'board', members: ['ana', 'ben', 'risk'] };
  const cases: readonly (readonly [string, AboutRequest, object, object])[] = [
    [
      'a rule',
      { kind: 'exception', rules: ['unused'], accountId: '444455556666' },
      { ...board, quorum: 3 },
      { ...board, quorum: 3 },
    ],
    [
      'an account and a tier',
      { kind: 'exception', rules: ['other'], accountId: '444455556666' },
      { group: 'payments', members: ['risk'], quorum: 1 },
      { ...SECURITY, quorum: 2 },
    ],
    [
      'an organisational unit',
      { kind: 'restore', accountId: '111122223333' },
      { ...board, quorum: 2 },
      { ...board, quorum: 2 },
    ],
    ['no entry', { kind: 'restore' }, { ...SECURITY, quorum: 1 }, { ...SECURITY, quorum: 2 }],
    [
      'an account nobody registered',
      { kind: 'restore', accountId: '999999999999' },
      { ...SECURITY, quorum: 1 },
      { ...SECURITY, quorum: 2 },
    ],
  ];
  it.each(cases)('%s', (_name, about, guarded, critical) => {
    expect(rulesFor({ approvers }, about).approvals).toEqual({ guarded, critical });
  });

  it('several rules of one group: the largest quorum', () => {
    const both = exception('unused', 'other');
    const same = [
      { rules: ['other'], group: 'board', quorum: 2 },
      { rules: ['unused'], group: 'board', quorum: 3 },
    ];
    expect(rulesFor({ approvers: same }, both).approvals.critical).toEqual({ ...board, quorum: 3 });
  });

  it('several rules of different groups are divided: neither group alone decides', () => {
    const about = exception('unused', 'other');
    expect(rulesFor({ approvers }, about).approvals.critical).toEqual({
      group: 'board',
      quorum: 3,
      members: ['ana', 'ben'],
      divided: ['board', 'security'],
    });
  });
});

describe('who may ask: the first entry that fits, and all rules have to allow it', () => {
  const eligible = [
    { rules: ['unused'], accounts: ['444455556666'], anyone: true },
    { rules: ['unused'], groups: ['payments', 'security'] },
    { kinds: ['rotate-now'], groups: ['board'] },
  ];
  const closed = { groups: ['payments', 'security'], members: ['risk', 'ana', 'ben'] };
  const cases: readonly (readonly [string, AboutRequest, readonly object[]])[] = [
    ['anyone, where it says so first', { ...exception('unused'), accountId: '444455556666' }, []],
    ['members of the groups elsewhere', { ...exception('unused'), accountId: '111122223333' }, [closed]],
    ['a second rule opens nothing', exception('other', 'unused'), [closed]],
    ['a kind', { kind: 'rotate-now' }, [{ groups: ['board'], members: ['ana', 'ben', 'risk'] }]],
    ['no entry: anyone', { kind: 'restore' }, []],
  ];
  it.each(cases)('%s', (_name, about, expected) => {
    expect(rulesFor({ eligible }, about).eligible).toEqual(expected);
  });
});
