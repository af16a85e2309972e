import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JANITOR_DIRECTIONS } from '../../../lib/policy/diff/janitor-directions.ts';
import { diffPolicies, type Policy, policyJsonSchemas } from '../../../lib/policy/index.ts';
import { policyOf, ruleData } from '../policy-fixture.ts';

type Data = Readonly<Record<string, unknown>>;
interface Version {
  readonly janitor: Data;
  readonly directory: Data;
}

const OTHER = 'arn:aws:iam::111122223333:user/people/ana';

function version({ janitor, directory }: Version): Policy {
  return policyOf(janitor, directory);
}

/** Versions of the policy that differ in any of many keys, in value, presence and order. */
const versions: fc.Arbitrary<Version> = fc
  .record({
    mode: fc.constantFrom('observe', 'enforce'),
    enforce: fc.subarray([
      { rules: ['unused'], accounts: ['111122223333'] },
      { rules: ['unused'], accounts: ['444455556666'] },
      { rules: ['unused'], accounts: ['111122223333', '444455556666'] },
      { rules: ['unused'], ous: ['ou-ab12-11111111'] },
    ]),
    limit: fc.constantFrom(5, 10),
    restoreHold: fc.constantFrom('30d', '720h', '10d'),
    rules: fc.shuffledSubarray(['unused', 'other', 'third'], { minLength: 1 }),
    steps: fc.constantFrom(
      ['notify'],
      ['notify', 'tag'],
      ['tag', 'notify'],
      ['notify', { disable: { wait: '3d' } }],
    ),
    match: fc.constantFrom<Data>(
      { status: 'active', unusedFor: '45d' },
      { status: ['active'], unusedFor: '45d' },
      { status: ['active', 'inactive'], unusedFor: '45d' },
      { status: ['inactive', 'active'], unusedFor: '45d' },
      { any: [{ status: 'active' }, { neverUsed: true }] },
      { any: [{ neverUsed: true }, { status: 'active' }] },
      { not: { tags: { keep: 'yes', why: null } } },
    ),
    protect: fc.shuffledSubarray([
      { why: 'It must always work.', match: { path: '/a/' } },
      { why: 'It must always work.', match: { path: '/b/' } },
    ]),
    eligible: fc.shuffledSubarray([{ anyone: true }, { groups: ['security'], kinds: ['exception'] }]),
    routine: fc.constantFrom<Data>({}, { exception: '0d' }, { exception: '1d' }),
    members: fc.shuffledSubarray(['ana', 'ben', 'gone']),
    emergency: fc.shuffledSubarray([OTHER, 'arn:aws:iam::111122223333:root']),
    tags: fc.shuffledSubarray(['owner', 'team']),
  })
  .map((given) => ({
    janitor: {
      mode: given.mode,
      enforce: given.rules.includes('unused') ? given.enforce : [],
      limits: { perAccountPerDay: given.limit },
      restoreHold: given.restoreHold,
      protect: given.protect,
      requests: { routine: given.routine, eligible: given.eligible },
      rules: given.rules.map((id) => ruleData({ id, steps: given.steps, match: given.match })),
    },
    directory: {
      groups: {
        security: { members: ['ana', 'ben', 'gone'], mail: 'security@example.com' },
        silent: { members: given.members },
      },
      accounts: [{ id: '111122223333', name: 'one', ou: 'ou-ab12-11111111' }],
      emergencyIdentities: given.emergency,
      owners: { tags: given.tags, default: 'security' },
    },
  }));

describe('nothing is dropped silently', () => {
  it('two different versions always give a difference, equal ones none', () => {
    fc.assert(
      fc.property(versions, versions, (one, two) => {
        const [before, after] = [version(one), version(two)];
        const differences = diffPolicies(before, after);
        expect(differences.length > 0).toBe(before.hash !== after.hash);
        expect(differences.every((each) => each.before !== each.after)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('turned round, everything is there again, with the values exchanged', () => {
    fc.assert(
      fc.property(versions, versions, (one, two) => {
        const key = (at: string, was: string, is: string) => `${at} ${was} ${is}`;
        const there = diffPolicies(version(one), version(two));
        const back = diffPolicies(version(two), version(one));
        expect(back.map(({ at, before, after }) => key(at, after, before)).sort()).toEqual(
          there.map(({ at, before, after }) => key(at, before, after)).sort(),
        );
      }),
      { numRuns: 50 },
    );
  });
});

/** Every name of a key in a JSON schema. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own =
    'properties' in schema && typeof schema.properties === 'object'
      ? Object.keys(schema.properties ?? {})
      : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}

describe('the table of directions', () => {
  const known = new Set(keysOf(policyJsonSchemas().janitor));

  it.each(JANITOR_DIRECTIONS.map(([pattern]) => (typeof pattern === 'string' ? pattern : pattern.join('.'))))(
    '%s names keys that there are',
    (pattern) => {
      const names = pattern.split('.').filter((segment) => segment !== '*' && segment !== '[]');
      expect(names.filter((name) => !known.has(name))).toEqual([]);
    },
  );
});
