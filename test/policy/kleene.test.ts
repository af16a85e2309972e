import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, all, any, not } from '../../lib/policy/kleene.ts';

type Is = Answer['is'];
const VALUES: readonly Is[] = ['yes', 'no', 'unknown'];
const ask = (is: Is) => (): Answer => ({ is, why: `it is ${is}` });
const both = (a: Is, b: Is): Is => all([ask(a), ask(b)])(undefined).is;
const either = (a: Is, b: Is): Is => any([ask(a), ask(b)])(undefined).is;
const negated = (a: Is): Is => not(ask(a))(undefined).is;

const value = fc.constantFrom(...VALUES);

describe('three-valued logic (G22)', () => {
  it.each([
    ['yes', 'yes', 'yes', 'yes'],
    ['yes', 'no', 'no', 'yes'],
    ['yes', 'unknown', 'unknown', 'yes'],
    ['no', 'yes', 'no', 'yes'],
    ['no', 'no', 'no', 'no'],
    ['no', 'unknown', 'no', 'unknown'],
    ['unknown', 'yes', 'unknown', 'yes'],
    ['unknown', 'no', 'no', 'unknown'],
    ['unknown', 'unknown', 'unknown', 'unknown'],
  ] as const)('%s with %s: all %s, any %s', (a, b, conjunction, disjunction) => {
    expect(both(a, b)).toBe(conjunction);
    expect(either(a, b)).toBe(disjunction);
  });

  it.each([
    ['yes', 'no'],
    ['no', 'yes'],
    ['unknown', 'unknown'],
  ] as const)('not %s is %s', (a, expected) => {
    expect(negated(a)).toBe(expected);
  });

  it('De Morgan: not all is any not, and not any is all not', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        const questions = values.map(ask);
        const negations = questions.map((question) => not(question));
        expect(not(all(questions))(undefined).is).toBe(any(negations)(undefined).is);
        expect(not(any(questions))(undefined).is).toBe(all(negations)(undefined).is);
      }),
    );
  });

  it('what was settled with something unknown stays settled when it becomes known', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.array(fc.boolean()),
        (values, learnt) => {
          const known = values.map(
            (is, index): Is => (is === 'unknown' ? (learnt[index] === true ? 'yes' : 'no') : is),
          );
          for (const combine of [all<undefined>, any<undefined>]) {
            const before = combine(values.map(ask))(undefined).is;
            if (before !== 'unknown') expect(combine(known.map(ask))(undefined).is).toBe(before);
          }
        },
      ),
    );
  });

  it('order never changes the answer', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        const forth = values.map(ask);
        const back = forth.toReversed();
        expect(all(back)(undefined).is).toBe(all(forth)(undefined).is);
        expect(any(back)(undefined).is).toBe(any(forth)(undefined).is);
      }),
    );
  });

  it('every answer says why, and an unknown one names all that is missing', () => {
    const missing = (what: string) => (): Answer => ({ is: 'unknown', why: `${what} is missing` });
    expect(all([ask('yes'), missing('tags'), missing('age')])(undefined).why).toBe(
      'tags is missing; age is missing',
    );
    expect(all([missing('tags'), ask('no')])(undefined).why).toBe('it is no');
    expect(any([ask('no'), missing('tags')])(undefined).why).toBe('tags is missing');
  });
});
