import { describe, expect, it } from 'vitest';
import { diffPolicies, type Policy } from '../../../lib/policy/index.ts';
import { directoryData, policyOf, ruleData } from '../policy-fixture.ts';

type Data = Readonly<Record<string, unknown>>;
interface Version {
  readonly janitor?: Data;
  readonly directory?: Data;
}

function version({ janitor, directory }: Version): Policy {
  return policyOf(janitor, directory);
}

/** `effect at: before -> after`, as an approver reads them. */
function read(before: Version, after: Version): string[] {
  return diffPolicies(version(before), version(after)).map(
    ({ effect, at, before: was, after: is }) => `${effect} ${at}: ${was} -> ${is}`,
  );
}

const rule = (overrides: Data): Version => ({ janitor: { rules: [ruleData(overrides)] } });
const requests = (overrides: Data): Version => ({ janitor: { requests: overrides } });
const OTHER = 'arn:aws:iam::111122223333:user/people/ana';

/** One change a row, the way it loosens; turned round it has to tighten. */
const LOOSENING: readonly (readonly [string, Version, Version, string])[] = [
  ['mode', {}, { janitor: { mode: 'enforce' } }, 'mode: observe -> enforce'],
  [
    'a place where a rule acts',
    { janitor: { enforce: [{ rules: ['unused'], accounts: ['111122223333'] }] } },
    { janitor: { enforce: [{ rules: ['unused'], accounts: ['111122223333', '444455556666'] }] } },
    'enforce: not set -> unused in account 444455556666',
  ],
  [
    'a limit',
    { janitor: { limits: { perAccountPerDay: 10 } } },
    { janitor: { limits: { perAccountPerDay: 50 } } },
    'limits.perAccountPerDay: 10 -> 50',
  ],
  [
    'a quorum',
    {
      janitor: {
        approvals: {
          guarded: { group: 'security', quorum: 2 },
          critical: { group: 'security', quorum: 2 },
          policy: { group: 'security', quorum: 2 },
        },
      },
    },
    {},
    'approvals.guarded.quorum: 2 -> 1',
  ],
  [
    'a wait',
    {},
    rule({ steps: ['notify', { disable: { wait: '2d' } }, { delete: { wait: '30d' } }] }),
    'rules.unused.steps.disable.wait: 14d -> 2d',
  ],
  [
    'a tier',
    rule({ steps: ['notify', { disable: { wait: '14d', tier: 'guarded' } }, { delete: { wait: '30d' } }] }),
    {},
    'rules.unused.steps.disable.tier: guarded -> routine',
  ],
  [
    'a step',
    rule({ steps: ['notify', { disable: { wait: '14d' } }] }),
    {},
    'rules.unused.steps.delete: not set -> { wait: 30d, tier: guarded }',
  ],
  [
    'a threshold',
    {},
    rule({ match: { status: 'active', unusedFor: '90d' } }),
    'rules.unused.match.unusedFor: 45d -> 90d',
  ],
  [
    'a clause more, which fewer credentials satisfy',
    {},
    rule({ match: { status: 'active', unusedFor: '45d', path: '/ci/' } }),
    'rules.unused.match.path: not set -> /ci/',
  ],
  [
    'a value less of which one is enough',
    rule({ match: { status: ['active', 'inactive'], unusedFor: '45d' } }),
    rule({ match: { status: ['active'], unusedFor: '45d' } }),
    'rules.unused.match.status: inactive -> not set',
  ],
  [
    'what is excluded',
    {},
    rule({ exclude: { path: '/ci/' } }),
    'rules.unused.exclude: not set -> { path: /ci/ }',
  ],
  [
    'an exclusion that reaches further',
    rule({ exclude: { usedWithin: '5d' } }),
    rule({ exclude: { usedWithin: '9d' } }),
    'rules.unused.exclude.usedWithin: 5d -> 9d',
  ],
  [
    'a rule less',
    { janitor: { rules: [ruleData(), ruleData({ id: 'other', controls: [] })] } },
    {},
    'rules.other: { why: A key nobody uses is one nobody misses., owner: ana, reviewedOn: 2026-10-01, reviewEvery: 180d, controls: [], credential: access-key, match: { status: active, unusedFor: 45d }, steps: [notify, { disable: { wait: 14d, tier: routine } }, { delete: { wait: 30d, tier: guarded } }] } -> not set',
  ],
  [
    'how often a rule is reviewed',
    {},
    rule({ reviewEvery: '365d' }),
    'rules.unused.reviewEvery: 180d -> 365d',
  ],
  [
    'how old evidence may be',
    {},
    { janitor: { evidence: { maxAge: '72h' } } },
    'evidence.maxAge: 24h -> 72h',
  ],
  ['a restored one is left alone', {}, { janitor: { restoreHold: '1d' } }, 'restoreHold: 30d -> 1d'],
  [
    'what is pre-approved',
    {},
    requests({ routine: { exception: '7d' } }),
    'requests.routine.exception: not set -> 7d',
  ],
  [
    'how far ahead a request may end',
    {},
    requests({ kinds: { exception: { longest: '200d' } } }),
    'requests.kinds.exception.longest: 90d -> 200d',
  ],
  [
    'the tier of a request',
    {},
    requests({ kinds: { exception: { tier: 'guarded' } } }),
    'requests.kinds.exception.tier: critical -> guarded',
  ],
  [
    'how long exceptions exempt in all',
    requests({ exemptAtMost: '100d' }),
    {},
    'requests.exemptAtMost: 100d -> 365d',
  ],
  [
    'whether tickets are checked',
    requests({ tickets: { pattern: 'OPS-[0-9]{1,5}' } }),
    {},
    'requests.tickets.pattern: "OPS-[0-9]{1,5}" -> not set',
  ],
  [
    'who decides',
    { directory: { groups: { security: { members: ['ana', 'gone'], mail: 'security@example.com' } } } },
    {
      directory: { groups: { security: { members: ['ana', 'gone', 'ben'], mail: 'security@example.com' } } },
    },
    'groups.security.members: not set -> ben',
  ],
];

describe('G8: what a new version of the policy loosens and tightens', () => {
  it.each(LOOSENING)('%s', (_what, before, after, line) => {
    expect(read(before, after)).toEqual([`loosens ${line}`]);
    const [, at = '', was = '', is = ''] = /^(.*?): (.*) -> (.*)$/.exec(line) ?? [];
    expect(read(after, before)).toEqual([`tightens ${at}: ${is} -> ${was}`]);
  });

  const people = directoryData().people;
  const known = Array.isArray(people) ? people : [];

  it.each<readonly [string, Version, Version, readonly string[]]>([
    [
      'protection is lost or reach is, whichever way it goes',
      { janitor: { protect: [{ why: 'It must always work.', match: { path: '/break-glass/' } }] } },
      {},
      ['loosens protect: { why: It must always work., match: { path: /break-glass/ } } -> not set'],
    ],
    [
      'one more identity of a person is one more who counts as that person',
      {},
      {
        directory: {
          people: known.map((each) =>
            each.id === 'ana' ? { ...each, principals: ['sso:ana', OTHER] } : each,
          ),
        },
      },
      [`loosens people.ana.principals: not set -> ${OTHER}`],
    ],
    [
      'somebody who left',
      {},
      {
        directory: {
          people: known.map((each) => (each.id === 'ben' ? { ...each, leftOn: '2026-11-01' } : each)),
        },
      },
      ['tightens people.ben.leftOn: not set -> 2026-11-01'],
    ],
    [
      'other people who decide are neither more nor less',
      {},
      requests({ challenges: { group: 'security' } }),
      ['changes requests.challenges.group: not set -> security'],
    ],
    [
      'another order, where the first that fits counts',
      { janitor: { rules: [ruleData(), ruleData({ id: 'other' })] } },
      { janitor: { rules: [ruleData({ id: 'other' }), ruleData()] } },
      ['changes rules: [unused, other] -> [other, unused]'],
    ],
    [
      'another order beside something new',
      { directory: { owners: { tags: ['owner', 'team'], default: 'security' } } },
      { directory: { owners: { tags: ['team', 'owner', 'app'], default: 'security' } } },
      ['changes owners.tags: not set -> app', 'changes owners.tags: [owner, team] -> [team, owner, app]'],
    ],
    [
      'the same in other words',
      {},
      rule({ match: { status: ['active'], unusedFor: '45d' } }),
      ['changes rules.unused.match.status: active -> [active]'],
    ],
    [
      'the same places, grouped otherwise',
      { janitor: { enforce: [{ rules: ['unused'], accounts: ['111122223333', '444455556666'] }] } },
      {
        janitor: {
          enforce: [
            { rules: ['unused'], accounts: ['111122223333'] },
            { rules: ['unused'], accounts: ['444455556666'] },
          ],
        },
      },
      [
        'changes enforce: [{ rules: [unused], accounts: [111122223333, 444455556666] }] -> [{ rules: [unused], accounts: [111122223333] }, { rules: [unused], accounts: [444455556666] }]',
      ],
    ],
  ])('%s', (_what, before, after, lines) => {
    expect(read(before, after)).toEqual(lines);
  });

  it('shows what loosens first, and says what each difference means', () => {
    const after = { janitor: { mode: 'enforce', restoreHold: '40d', riskOwner: 'ana' } };
    const differences = diffPolicies(version({}), version(after));
    expect(differences.map(({ effect }) => effect)).toEqual(['loosens', 'tightens', 'changes']);
    expect(differences[0]?.means).toBe('what enforce names acts from now on');
    expect(differences.every(({ means }) => means.length > 10)).toBe(true);
  });

  it('passes over nothing for a name with a dot in it, or invisible letters in a text', () => {
    const group = (members: readonly string[]) => ({
      janitor: {
        approvals: {
          guarded: { group: 'sec.ops', quorum: 1 },
          critical: { group: 'security', quorum: 2 },
          policy: { group: 'security', quorum: 2 },
        },
      },
      directory: {
        groups: {
          security: { members: ['ana', 'ben', 'gone'], mail: 'security@example.com' },
          'sec.ops': { members },
        },
      },
    });
    expect(read(group(['ana']), group(['ana', 'ben']))).toEqual([
      'loosens groups.sec.ops.members: not set -> ben',
    ]);
    const why = read({}, rule({ why: 'A key nobody \u202euses is one nobody misses.' }));
    expect(why[0]).toContain('nobody \\u{202e}uses');
  });

  it('people’s names are in no version', () => {
    const renamed = known.map((each) => ({ ...each, name: 'Somebody Else' }));
    expect(read({}, { directory: { people: renamed } })).toEqual([]);
  });
});
