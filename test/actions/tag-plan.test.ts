import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planTags, type TagCase, tagsMatch, type WantedTags } from '../../lib/actions/tag-plan.ts';

const KEY = 'janitor:AKIAEXAMPLEDEPLOYER0';
const OLD = 'janitor:AKIAEXAMPLEGONE00000';

function plan(current: Record<string, string>, wanted: Partial<WantedTags>, rule: TagCase = 'insensitive') {
  return planTags(current, { labels: {}, obsolete: [], ...wanted }, rule);
}

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`team:tag-${index}`, 'x']));
}

describe('what is touched', () => {
  test('exactly the labels given; replaced, not piled up', () => {
    expect(
      plan({ team: 'x', [OLD]: 'owner=bo' }, { labels: { [KEY]: 'owner=ana' }, obsolete: [OLD] }),
    ).toEqual({
      ok: true,
      plan: {
        set: { [KEY]: 'owner=ana' },
        remove: [OLD],
        removeFirst: false,
        before: { [KEY]: null, [OLD]: 'owner=bo' },
        after: { [KEY]: 'owner=ana', [OLD]: null },
      },
    });
  });

  test("the console's description of a key (a tag of the bare key id) is nobody's to touch", () => {
    const id = 'AKIAEXAMPLEDEPLOYER0';
    expect(plan({ [id]: 'build server' }, { obsolete: [id] })).toMatchObject({ code: 'tag-not-ours' });
    expect(plan({ [id]: 'build server' }, { labels: { [id]: 'ours' } })).toMatchObject({
      code: 'tag-not-ours',
    });
  });

  test.each([
    ['a key without our prefix', { labels: { owner: 'ana' } }, 'insensitive', 'tag-not-ours'],
    [
      'our prefix in capitals on a secret',
      { labels: { 'Janitor:owner': 'ana' } },
      'sensitive',
      'tag-not-ours',
    ],
    [
      'removing a tag on a user that people wrote',
      { obsolete: ['janitor:protected'] },
      'insensitive',
      'tag-not-ours',
    ],
    ['removing a foreign tag', { obsolete: ['team'] }, 'sensitive', 'tag-not-ours'],
    ['characters AWS refuses', { labels: { [KEY]: 'owner=ana;expires' } }, 'insensitive', 'tag-invalid'],
    ['a value too long', { labels: { [KEY]: 'x'.repeat(257) } }, 'insensitive', 'tag-invalid'],
    ['a key too long', { labels: { [`janitor:${'x'.repeat(121)}`]: '' } }, 'sensitive', 'tag-invalid'],
    [
      'two keys that are one on a user',
      { labels: { [KEY]: 'a', [KEY.toLowerCase()]: 'b' } },
      'insensitive',
      'tag-invalid',
    ],
    ['nothing to do', { obsolete: [OLD] }, 'insensitive', 'nothing-to-do'],
  ] as const)('refused: %s', (_what, wanted, rule, code) => {
    expect(plan({ team: 'x', 'janitor:protected': 'yes' }, wanted, rule)).toMatchObject({ ok: false, code });
  });

  test('a label that is right already, in any case of a user, is nothing to do', () => {
    const labels = { [KEY]: 'owner=ana' };
    expect(plan({ [KEY.toUpperCase()]: 'owner=ana' }, { labels })).toMatchObject({ code: 'nothing-to-do' });
    expect(plan({ [KEY.toUpperCase()]: 'owner=bo' }, { labels })).toMatchObject({
      plan: { set: labels, remove: [], before: { [KEY.toUpperCase()]: 'owner=bo' }, after: labels },
    });
  });

  test('a key to be set is never removed as well, which on a user would remove both', () => {
    const labels = { [KEY]: 'owner=ana' };
    expect(
      plan({ [KEY.toLowerCase()]: 'owner=bo' }, { labels, obsolete: [KEY.toLowerCase()] }),
    ).toMatchObject({
      plan: { remove: [] },
    });
  });

  test('on a secret another case is another tag', () => {
    const wanted = { labels: { 'janitor:owner': 'ana' } };
    expect(plan({ 'janitor:Owner': 'bo' }, wanted, 'sensitive')).toMatchObject({
      plan: { before: { 'janitor:owner': null } },
    });
  });
});

describe('the limit of 50 tags', () => {
  const labels = { [KEY]: 'owner=ana' };
  test.each([
    ['49 and one more', many(49), [], { ok: true, plan: { removeFirst: false } }],
    [
      '50, ours among them',
      { ...many(49), [KEY]: 'owner=bo' },
      [],
      { ok: true, plan: { removeFirst: false } },
    ],
    ['50 and one more', many(50), [], { ok: false, code: 'tags-full' }],
    ['50, one obsolete', { ...many(49), [OLD]: '' }, [OLD], { ok: true, plan: { removeFirst: true } }],
    ['49, one obsolete', { ...many(48), [OLD]: '' }, [OLD], { ok: true, plan: { removeFirst: false } }],
    ["50, AWS's own not counted", { ...many(49), 'aws:cloudformation:stack-name': 'x' }, [], { ok: true }],
  ])('%s', (_what, current, obsolete, expected) => {
    expect(plan(current, { labels, obsolete })).toMatchObject(expected);
  });
});

const ourKey = fc.constantFrom(KEY, OLD, KEY.toLowerCase(), 'janitor:AKIAEXAMPLETHIRD0000');
const anyKey = fc.oneof(ourKey, fc.constantFrom('team', 'Team', 'AKIAEXAMPLEDEPLOYER0', 'janitor:protected'));
const tags = (key: fc.Arbitrary<string>) => fc.dictionary(key, fc.constantFrom('a', 'b', ''), { maxKeys: 4 });

test('property: a plan gives the state it promises and leaves every other tag alone', () => {
  fc.assert(
    fc.property(tags(anyKey), tags(ourKey), fc.array(ourKey), (current, labels, obsolete) => {
      const planned = plan(current, { labels, obsolete }, 'sensitive');
      fc.pre(planned.ok);
      const { set, remove, before, after } = planned.plan;
      const applied = Object.fromEntries(
        Object.entries({ ...current, ...set }).filter(([key]) => !remove.includes(key)),
      );
      expect(tagsMatch(current, before, 'sensitive')).toBe(true);
      expect(tagsMatch(applied, after, 'sensitive')).toBe(true);
      expect(tagsMatch(current, after, 'sensitive')).toBe(false);
      for (const key of Object.keys(current)) {
        if (!(key in labels) && !obsolete.includes(key)) expect(applied[key]).toBe(current[key]);
      }
    }),
  );
});
