import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fairShares } from '../../../lib/sweep/organisation/allot-steps.ts';

const shares = (demands: Readonly<Record<string, number>>, free: number) =>
  Object.fromEntries(fairShares(new Map(Object.entries(demands)), free));

describe('I5 what the organisation leaves is shared fairly', () => {
  test.each([
    { why: 'enough for everybody', demands: { a: 2, b: 3 }, free: 10, expected: { a: 2, b: 3 } },
    { why: 'the modest get what they ask for', demands: { a: 1, b: 90 }, free: 10, expected: { a: 1, b: 9 } },
    {
      why: 'equal among the greedy',
      demands: { a: 50, b: 50, c: 50 },
      free: 9,
      expected: { a: 3, b: 3, c: 3 },
    },
    { why: 'nothing is left', demands: { a: 5, b: 0 }, free: 0, expected: { a: 0, b: 0 } },
    { why: 'fewer than accounts', demands: { a: 1, b: 1, c: 1 }, free: 2, expected: { a: 0, b: 1, c: 1 } },
    { why: 'nobody asks', demands: {}, free: 5, expected: {} },
  ])('$why', ({ demands, free, expected }) => {
    expect(shares(demands, free)).toEqual(expected);
  });

  const demand = fc.dictionary(fc.stringMatching(/^\d{3}$/), fc.nat(30), { maxKeys: 30 });

  test('never more than is free, never more than was asked, and nothing is held back while somebody asks', () => {
    fc.assert(
      fc.property(demand, fc.nat(200), (demands, free) => {
        const given = shares(demands, free);
        const total = Object.values(given).reduce((sum, each) => sum + each, 0);
        const asked = Object.values(demands).reduce((sum, each) => sum + each, 0);
        expect(total).toBe(Math.min(free, asked));
        for (const [id, share] of Object.entries(given)) expect(share).toBeLessThanOrEqual(demands[id] ?? 0);
      }),
    );
  });

  test('max-min: nobody who got less than asked got more than one less than anybody else', () => {
    fc.assert(
      fc.property(demand, fc.nat(200), (demands, free) => {
        const given = shares(demands, free);
        for (const [id, share] of Object.entries(given)) {
          if (share === demands[id]) continue;
          for (const other of Object.values(given)) expect(other).toBeLessThanOrEqual(share + 1);
        }
      }),
    );
  });
});
