import { describe, expect, it } from 'vitest';
import type { Actor } from '../../lib/domain/actor.ts';
import {
  decideEligibility,
  type EligibilityFacts,
  onCallByPolicy,
} from '../../lib/domain/break-glass-eligibility.ts';
import { known, unknown } from '../../lib/domain/fact.ts';
import type { GrantContent } from '../../lib/domain/grant-events.ts';
import { DAY_MS, HOUR_MS } from '../../lib/domain/time.ts';
import { breakGlassRules } from '../../lib/policy/index.ts';
import { NOW } from '../builders/credential.ts';
import { person, workload } from '../builders/event.ts';
import { checked, directoryData, janitorData, policyOf } from './policy-fixture.ts';

type Data = Readonly<Record<string, unknown>>;

const directory = directoryData({
  people: ['ana', 'ben', 'cy', 'dora', 'risk']
    .map((id): Data => ({ id, mail: `${id}@example.com` }))
    .concat({ id: 'gone', mail: 'gone@example.com', leftOn: '2026-10-15' }),
  groups: {
    security: { members: ['ben', 'cy', 'dora'], mail: 'security@example.com' },
    oncall: { members: ['ana', 'ben', 'gone'] },
    incident: { members: ['dora', 'gone'] },
    pair: { members: ['ana', 'ben'] },
  },
});

function roleData(overrides: Data = {}): Data {
  return {
    name: 'database-admin',
    why: 'The orders database has to be repaired at night.',
    accounts: ['111122223333'],
    permissions: { managedPolicies: ['arn:aws:iam::aws:policy/AmazonRDSFullAccess'] },
    eligible: ['oncall'],
    reviewers: 'security',
    ...overrides,
  };
}

const section = (role: Data = {}) => ({ emergencyGroup: 'incident', roles: [roleData(role)] });
const rulesOf = (role: Data = {}, now = NOW) =>
  breakGlassRules(policyOf({ breakGlass: section(role) }, directory), now);

const content: GrantContent = {
  grantId: 'grant-0001',
  role: 'database-admin',
  accountId: '111122223333',
  durationSeconds: 1800,
  reason: 'the orders database does not accept writes',
  ticket: 'OPS-7',
};
const http = { onCall: { http: { url: 'https://oncall.example.com/now' } } };
const down = unknown('it did not answer in time');

function decided(
  facts: Partial<EligibilityFacts> & { readonly asked?: Partial<GrantContent> },
  role: Data = {},
) {
  return decideEligibility(rulesOf(role), {
    actor: person('ana'),
    onCall: unknown('nobody is asked'),
    overdue: [],
    ...facts,
    content: { ...content, ...facts.asked },
  });
}

describe('what a policy says about break-glass roles', () => {
  it('nothing, unless it has the section; then whoever left is nobody', () => {
    expect(breakGlassRules(policyOf(), NOW)).toMatchObject({ roles: [], emergency: [] });
    expect(rulesOf().roles[0]).toMatchObject({
      eligible: ['ana', 'ben'],
      reviewers: ['ben', 'cy', 'dora'],
      approverGroup: 'security',
      longestMs: HOUR_MS,
      reviewWithinMs: 3 * DAY_MS,
      tier: 'routine',
      sessionManager: false,
    });
    expect(rulesOf().emergency).toEqual(['dora']);
    expect(rulesOf({}, '2026-10-14T00:00:00.000Z').roles[0]?.eligible).toEqual(['ana', 'ben', 'gone']);
  });

  it('a policy without the section has the hash it always had', () => {
    expect(policyOf().document).not.toHaveProperty('breakGlass');
  });

  it.each<[string, Data, string]>([
    ['a group that is not there', { eligible: ['night'] }, 'directory.yaml has no group "night"'],
    ['a person that is not there', { onCall: { people: ['zoe'] } }, 'directory.yaml has no person "zoe"'],
    ['reviewers who may be alone', { reviewers: 'pair' }, 'nobody reviews their own use'],
    ['permissions of nothing', { permissions: {} }, 'allow nothing'],
    ['two sources', { onCall: { people: ['ana'], ...http.onCall } }, 'has to name one source'],
    ['an address without encryption', { onCall: { http: { url: 'http://a.example' } } }, 'can be asked'],
    ['more than a shift', { longest: '13h' }, 'is longer than 12h'],
    [
      'a turn that ends before it begins',
      {
        onCall: {
          schedule: [{ person: 'ana', from: '2026-10-02T00:00:00.000Z', until: '2026-10-01T00:00:00.000Z' }],
        },
      },
      'is not after from',
    ],
  ])('refuses %s', (_name, role, message) => {
    const result = checked(janitorData({ breakGlass: section(role) }), directory);
    const found = result.ok ? [] : result.problems;
    expect(found.map((each) => each.message).join('\n')).toContain(message);
  });

  it('refuses two roles of one name', () => {
    const breakGlass = { emergencyGroup: 'incident', roles: [roleData(), roleData()] };
    const result = checked(janitorData({ breakGlass }), directory);
    expect(result.ok).toBe(false);
  });
});

describe('G11: who may have a role', () => {
  const onCall = known(['ana'], NOW, 'the schedule');
  const agent: Actor = workload();
  it.each<[string, Data, Parameters<typeof decided>[0], string]>([
    ['somebody eligible, where nobody has to be on call', {}, {}, 'not-asked'],
    ['somebody on call', http, { onCall }, 'on-call'],
    ['nobody else', {}, { actor: person('cy') }, 'not-eligible'],
    ['nobody eligible who is not on call', http, { onCall, actor: person('ben') }, 'not-on-call'],
    [
      'nobody on call who is not eligible',
      http,
      { onCall: known(['cy'], NOW, 's'), actor: person('cy') },
      'not-eligible',
    ],
    ['no workload (I16)', {}, { actor: agent }, 'not-a-person'],
    ['nobody whose source is silent', http, { onCall: down }, 'on-call-unknown'],
    ['the emergency group then, marked', http, { onCall: down, actor: person('dora') }, 'emergency'],
    [
      'not even they, if the policy says so',
      { onCall: { http: { ...http.onCall.http, ifUnknown: 'nobody' } } },
      { onCall: down, actor: person('dora') },
      'on-call-unknown',
    ],
    ['the emergency group only then', http, { onCall, actor: person('dora') }, 'not-eligible'],
    ['no role that is not there', {}, { asked: { role: 'root' } }, 'role-unknown'],
    ['no other account', {}, { asked: { accountId: '999999999999' } }, 'account-not-covered'],
    ['not without a reason', {}, { asked: { reason: 'urgent' } }, 'reason-too-short'],
    [
      'not with a secret as reason',
      {},
      { asked: { reason: 'key wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ3mPLEKEY' } },
      'secret-shaped',
    ],
    ['not without a ticket', {}, { asked: { ticket: 'by word of mouth' } }, 'ticket-malformed'],
    ['not for longer than its longest', {}, { asked: { durationSeconds: 3601 } }, 'duration-too-long'],
    ['not for no time', {}, { asked: { durationSeconds: 59 } }, 'duration-too-short'],
  ])('%s', (_name, role, facts, expected) => {
    const decision = decided(facts, role);
    expect(decision.ok ? decision.standing : decision.code).toBe(expected);
    expect(decision.why.join('')).not.toBe('');
    expect(decision.why.join('')).not.toContain('wJalr');
  });

  it('a ticket of another form is told which form it takes', () => {
    const rules = { ...rulesOf(), ticketPattern: 'OPS-[0-9]+' };
    const facts = { actor: person('ana'), onCall: unknown('nobody is asked'), overdue: [] };
    const decision = decideEligibility(rules, { ...facts, content: { ...content, ticket: 'JIRA-1' } });
    expect(decision.why).toEqual(['the ticket is not of the form that the policy asks for: OPS-[0-9]+']);
  });

  it('all that is wrong is said at once', () => {
    const decision = decided({ asked: { reason: 'x', ticket: '', durationSeconds: 99_999 } });
    expect(decision).toMatchObject({
      ok: false,
      why: [expect.anything(), expect.anything(), expect.anything()],
    });
  });

  it.each([
    ['routine', 0, 1],
    ['guarded', 1, 1],
    ['critical', 2, 2],
  ] as const)('I18: a %s role takes %d others, %d after a review that is overdue', (tier, own, after) => {
    const overdue = [{ grantId: 'grant-0000', reviewBy: '2026-10-01T00:00:00.000Z' }];
    expect(decided({}, { tier })).toMatchObject({ ok: true, approvalsNeeded: own });
    expect(decided({ overdue }, { tier })).toMatchObject({ ok: true, approvalsNeeded: after });
  });

  it('whoever went ahead without a word from the source is reviewed by two', () => {
    expect(decided({ onCall: down, actor: person('dora') }, http)).toMatchObject({ reviewsNeeded: 2 });
    expect(decided({ onCall }, http)).toMatchObject({ reviewsNeeded: 1 });
  });
});

describe('who is on call by the policy', () => {
  it('by turns, from their beginning up to, not including, their end', () => {
    const turns = [
      { person: 'ana', from: '2026-10-15T08:00:00.000Z', until: '2026-10-15T20:00:00.000Z' },
      { person: 'ben', from: '2026-10-15T20:00:00.000Z', until: '2026-10-16T08:00:00.000Z' },
    ];
    const at = (now: string) => onCallByPolicy({ kind: 'schedule', turns }, now);
    expect(at('2026-10-15T07:59:59.999Z')).toMatchObject({ value: [] });
    expect(at('2026-10-15T08:00:00.000Z')).toMatchObject({ value: ['ana'] });
    expect(at('2026-10-15T20:00:00.000Z')).toMatchObject({ value: ['ben'] });
  });
});
