import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from '../../lib/inventory/in-order.ts';

test('results come in the order of the items, whatever finishes first, and no more are begun than the window', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      async (turns, window) => {
        let begun = 0;
        let taken = 0;
        const read = async (index: number) => {
          begun += 1;
          expect(begun - taken).toBeLessThanOrEqual(window);
          for (let turn = 0; turn < (turns[index] ?? 0); turn++) await Promise.resolve();
          return index;
        };
        const results: number[] = [];
        for await (const result of inOrder(turns.keys(), window, read)) {
          results.push(result);
          taken += 1;
        }
        expect(results).toEqual([...turns.keys()]);
      },
    ),
    { seed: 15 },
  );
});

test('an error arrives at its place and ends the reading; later ones are not unhandled', async () => {
  const results: number[] = [];
  const read = async (item: number) => {
    if (item >= 2) throw new Error(`no ${item}`);
    return item;
  };
  const consume = async () => {
    for await (const result of inOrder([0, 1, 2, 3], 4, read)) results.push(result);
  };
  await expect(consume()).rejects.toThrow('no 2');
  expect(results).toEqual([0, 1]);
});
