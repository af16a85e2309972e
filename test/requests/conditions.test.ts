import { describe, expect, it } from 'vitest';
import { type ConditionFacts, conditionsHold } from '../../lib/domain/exception.ts';
import { known, unknown } from '../../lib/domain/fact.ts';
import type { Conditions } from '../../lib/domain/request-events.ts';
import { NOW } from '../builders/credential.ts';

const ALL: Conditions = { tag: { project: 'atlas' }, owner: 'same', ticket: 'open' };
const fact = <T>(value: T) => known(value, NOW, 'test');
const GOOD: ConditionFacts = {
  tags: fact({ project: 'atlas', team: 'x' }),
  owner: fact('dora'),
  ticket: fact('open'),
};
const unread = unknown('access denied');

describe('G13: what must stay true for an exception, three-valued', () => {
  const cases: readonly (readonly [string, Conditions, Partial<ConditionFacts>, string, string[]])[] = [
    ['everything as it was', ALL, {}, 'yes', []],
    [
      'the tag changed',
      ALL,
      { tags: fact({ project: 'hermes' }) },
      'no',
      ['the tag "project" was to stay "atlas" and is now "hermes"'],
    ],
    ['the tag is gone', ALL, { tags: fact({}) }, 'no', ['the tag "project" was to stay "atlas" and is gone']],
    ['the owner changed', ALL, { owner: fact('eve') }, 'no', ['its owner was dora and is now eve']],
    ['nobody owns it', ALL, { owner: fact(null) }, 'no', ['its owner was dora and is now nobody']],
    ['the ticket is closed', ALL, { ticket: fact('closed') }, 'no', ['its ticket is closed']],
    [
      'G22: tags that cannot be read',
      ALL,
      { tags: unread },
      'unknown',
      ['its tags are unknown: access denied'],
    ],
    [
      'one broken and one unknown',
      ALL,
      { owner: unread, ticket: fact('closed') },
      'no',
      ['its owner is unknown: access denied', 'its ticket is closed'],
    ],
    ['what was not named may change', { ticket: 'open' }, { owner: fact('eve'), tags: unread }, 'yes', []],
    [
      'a tag of a name that objects have',
      { tag: { toString: 'x' } },
      {},
      'no',
      ['the tag "toString" was to stay "x" and is gone'],
    ],
  ];
  it.each(cases)('%s', (_what, conditions, facts, holds, reasons) => {
    const verdict = conditionsHold({ while: conditions, owner: 'dora' }, { ...GOOD, ...facts });
    expect(verdict).toEqual({ holds, reasons });
  });

  it('an owner that was never recorded is unknown, not changed', () => {
    expect(conditionsHold({ while: { owner: 'same' } }, GOOD)).toMatchObject({ holds: 'unknown' });
  });
});
