import { describe, expect, it } from 'vitest';
import { diffPolicies, type Policy } from '../../../lib/policy/index.ts';
import { directoryData, policyOf } from '../policy-fixture.ts';

type Data = Readonly<Record<string, unknown>>;

const SAFE = 'arn:aws:iam::111122223333:user/vault/safe';
const ROLE: Data = {
  name: 'database-admin',
  why: 'The orders database has to be repaired at night.',
  accounts: ['111122223333'],
  permissions: { managedPolicies: ['arn:aws:iam::aws:policy/AmazonRDSFullAccess'] },
  eligible: ['security'],
  reviewers: 'security',
};
const OTHER_ROLE = { ...ROLE, name: 'network-admin' };
const IDENTITY: Data = {
  arn: SAFE,
  why: 'It is in the safe of the data centre.',
  custodians: 'vault',
  reviewers: 'security',
};
const group = (members: readonly string[]) => ({ members, mail: 'security@example.com' });
const directory = (overrides: Data = {}): Data =>
  directoryData({
    groups: {
      security: group(['ana', 'ben', 'risk']),
      others: group(['ana', 'ben', 'risk']),
      vault: { members: ['ana'] },
      keepers: { members: ['ben'] },
      ...overrides,
    },
  });

const section = (overrides: Data = {}): Data => ({
  emergencyGroup: 'security',
  roles: [ROLE],
  ...overrides,
});
const role = (overrides: Data): Data => section({ roles: [{ ...ROLE, ...overrides }] });
const onCall = (http: Data = {}): Data =>
  role({ onCall: { http: { url: 'https://oncall.example.com/now', ...http } } });
const identity = (overrides: Data = {}): Data =>
  section({ emergencyIdentities: [{ ...IDENTITY, ...overrides }] });

function version(breakGlass: Data | undefined, groups?: Data): Policy {
  return policyOf(breakGlass === undefined ? {} : { breakGlass }, directory(groups));
}

/** `effect at`, with the values where they are short. */
function read(before: Policy, after: Policy): string[] {
  return diffPolicies(before, after).map(({ effect, at }) => `${effect} ${at}`);
}

const AT = 'breakGlass.roles.database-admin';
const IN_VAULT = `breakGlass.emergencyIdentities.${SAFE}`;

/** One change a row, the way it loosens; turned round it has to tighten. */
const LOOSENING: readonly (readonly [string, Data | undefined, Data, string])[] = [
  ['the section', undefined, section(), 'breakGlass'],
  [
    'how much a reason says',
    section({ shortestReason: 40 }),
    section({ shortestReason: 12 }),
    'breakGlass.shortestReason',
  ],
  ['a role', section(), section({ roles: [ROLE, OTHER_ROLE] }), 'breakGlass.roles.network-admin'],
  ['an account', section(), role({ accounts: ['111122223333', '444455556666'] }), `${AT}.accounts`],
  [
    'a managed policy',
    section(),
    role({
      permissions: {
        managedPolicies: [
          'arn:aws:iam::aws:policy/AmazonRDSFullAccess',
          'arn:aws:iam::aws:policy/AmazonEC2FullAccess',
        ],
      },
    }),
    `${AT}.permissions.managedPolicies`,
  ],
  [
    'a statement',
    section(),
    role({
      permissions: {
        managedPolicies: ['arn:aws:iam::aws:policy/AmazonRDSFullAccess'],
        statements: [{ actions: ['ec2:Reboot*'], resources: ['*'] }],
      },
    }),
    `${AT}.permissions.statements`,
  ],
  ['who may have it', section(), role({ eligible: ['security', 'others'] }), `${AT}.eligible`],
  ['whether one has to be on call', onCall(), section(), `${AT}.onCall`],
  [
    'a turn',
    role({ onCall: { people: ['ana'] } }),
    role({ onCall: { people: ['ana', 'ben'] } }),
    `${AT}.onCall.people`,
  ],
  [
    'how long an answer may take',
    onCall({ timeoutSeconds: 5 }),
    onCall({ timeoutSeconds: 1 }),
    `${AT}.onCall.http.timeoutSeconds`,
  ],
  [
    'who goes ahead without an answer',
    onCall({ ifUnknown: 'nobody' }),
    onCall(),
    `${AT}.onCall.http.ifUnknown`,
  ],
  ['how long a grant lasts', section(), role({ longest: '4h' }), `${AT}.longest`],
  ['the tier', role({ tier: 'critical' }), role({ tier: 'guarded' }), `${AT}.tier`],
  ['when a review is due', section(), role({ reviewWithin: '14d' }), `${AT}.reviewWithin`],
  ['shells', section(), role({ sessionManager: true }), `${AT}.sessionManager`],
];

describe('G8: what a new version of the policy loosens and tightens of break-glass access', () => {
  it.each(LOOSENING)('%s', (_what, before, after, at) => {
    expect(read(version(before), version(after))).toEqual([`loosens ${at}`]);
    expect(read(version(after), version(before))).toEqual([`tightens ${at}`]);
  });

  it.each<[string, Data, Data, string]>([
    ['who may go ahead', section(), section({ emergencyGroup: 'others' }), 'breakGlass.emergencyGroup'],
    ['who approves', section(), role({ approvers: 'others' }), `${AT}.approvers`],
    ['who reviews', section(), role({ reviewers: 'others' }), `${AT}.reviewers`],
    ['what it is for', section(), role({ why: 'The network has to be mended at night.' }), `${AT}.why`],
    ['what is asked', onCall(), onCall({ url: 'https://other.example.com/' }), `${AT}.onCall.http.url`],
    ['who keeps it', identity(), identity({ custodians: 'keepers' }), `${IN_VAULT}.custodians`],
    ['who reviews its use', identity(), identity({ reviewers: 'others' }), `${IN_VAULT}.reviewers`],
  ])('%s is another question: an approver reads it', (_what, before, after, at) => {
    const differences = diffPolicies(version(before), version(after));
    expect(differences).toMatchObject([{ effect: 'changes', at }]);
    expect(differences[0]?.means).not.toContain('cannot be told');
  });

  it('an identity of the last resort is a loss either way: of reach, or of protection', () => {
    expect(read(version(section()), version(identity()))).toEqual([`loosens ${IN_VAULT}`]);
    expect(read(version(identity()), version(section()))).toEqual([`loosens ${IN_VAULT}`]);
  });

  it('one more person who may have a role, or review it, loosens', () => {
    const more = { others: group(['ana', 'ben', 'risk', 'gone']) };
    const uses = role({ eligible: ['others'] });
    expect(read(version(uses), version(uses, more))).toEqual(['loosens groups.others.members']);
    expect(read(version(section()), version(section(), more))).toEqual(['changes groups.others.members']);
  });
});
