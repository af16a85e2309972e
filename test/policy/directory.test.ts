import { describe, expect, it } from 'vitest';
import {
  approvalFor,
  contractEnded,
  enforces,
  hasLeft,
  membersOf,
  outsidePartyOfAccount,
  personOf,
  routeOf,
} from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { policyOf, ruleData } from './policy-fixture.ts';

const accounts = [
  { id: '111122223333', name: 'one', ou: 'ou-ab12-11111111' },
  { id: '444455556666', name: 'two', ou: 'ou-ab12-22222222' },
];
const party = {
  id: 'acme',
  organisation: 'Acme Ltd',
  contact: 'contact@acme.example',
  sponsor: 'ana',
  contractEnds: '2026-12-31',
  accounts: ['999988887777'],
};
const rules = [ruleData(), ruleData({ id: 'other' })];

describe('what acts where', () => {
  const enforce = [
    { rules: ['unused'], accounts: ['111122223333'] },
    { rules: ['other'], ous: ['ou-ab12-22222222'] },
  ];
  const acting = policyOf({ mode: 'enforce', enforce, rules }, { accounts });

  it.each([
    ['unused', '111122223333', true],
    ['unused', '444455556666', false],
    ['other', '444455556666', true],
    ['other', '111122223333', false],
    ['other', '000000000000', false],
    ['never-heard-of', '111122223333', false],
  ])('%s in %s: %s', (rule, account, expected) => {
    expect(enforces(acting, rule, account)).toBe(expected);
  });

  it('in observe mode nothing acts, whatever enforce names', () => {
    expect(
      enforces(policyOf({ mode: 'observe', enforce, rules }, { accounts }), 'unused', '111122223333'),
    ).toBe(false);
  });

  it('enforce mode alone lets nothing act', () => {
    expect(enforces(policyOf({ mode: 'enforce', rules }, { accounts }), 'unused', '111122223333')).toBe(
      false,
    );
  });
});

describe('who approves', () => {
  const policy = policyOf();

  it.each([
    ['guarded', 1],
    ['critical', 2],
    ['policy', 2],
  ] as const)('%s steps', (tier, quorum) => {
    expect(approvalFor(policy, tier)).toEqual({ group: 'security', quorum });
  });

  it('who has left does not count among the members of a group any more', () => {
    expect(membersOf(policy, 'security')).toEqual(['ana', 'ben', 'gone']);
    expect(membersOf(policy, 'security', NOW)).toEqual(['ana', 'ben']);
  });

  it('a group that does not exist never means that nobody is needed', () => {
    expect(() => membersOf(policy, 'missing')).toThrow(expect.objectContaining({ code: 'group-unknown' }));
    expect(() => membersOf(policy, 'constructor')).toThrow(
      expect.objectContaining({ code: 'group-unknown' }),
    );
  });
});

describe('who is who', () => {
  const policy = policyOf({}, { externalParties: [party] });

  it.each([
    ['sso:ana', 'ana'],
    ['arn:aws:iam::111122223333:user/people/ben', 'ben'],
    ['arn:aws:iam::111122223333:user/people/eve', undefined],
    ['ana', undefined],
  ])('%s is %s', (principal, person) => {
    expect(personOf(policy, principal)).toBe(person);
  });

  it.each([
    ['a person by name and address', 'ana', { id: 'ana', label: 'Ana A.', mail: 'ana@example.com' }],
    ['a person without a name by id', 'ben', { id: 'ben', label: 'ben', mail: 'ben@example.com' }],
    [
      'a group by its address',
      'security',
      { id: 'security', label: 'security', mail: 'security@example.com' },
    ],
    ['a group without address: not at all', 'silent', undefined],
    [
      'an outside party by its contact',
      'acme',
      { id: 'acme', label: 'Acme Ltd', mail: 'contact@acme.example' },
    ],
    ['a stranger: not at all', 'unresolved', undefined],
    ['a name every object has: not at all', 'toString', undefined],
  ])('%s', (_what, id, route) => {
    expect(routeOf(policy, id)).toEqual(route);
  });

  it('the outside party of an account is named (G19)', () => {
    expect(outsidePartyOfAccount(policy, '999988887777')?.id).toBe('acme');
    expect(outsidePartyOfAccount(policy, '111122223333')).toBeUndefined();
  });

  it.each([
    ['2026-12-31T23:59:59.999Z', false],
    ['2027-01-01T00:00:00.000Z', true],
  ])('a contract runs through its last day: at %s ended %s', (now, ended) => {
    const [acme] = policy.directory.externalParties;
    expect(acme === undefined ? undefined : contractEnded(acme, now)).toBe(ended);
  });

  it.each([
    ['2026-10-14T23:59:59.999Z', false],
    ['2026-10-15T00:00:00.000Z', true],
  ])('from the day written on somebody has left: at %s %s', (now, left) => {
    expect(hasLeft(policy, 'gone', now)).toBe(left);
    expect(hasLeft(policy, 'security', now)).toBe(false);
  });
});
