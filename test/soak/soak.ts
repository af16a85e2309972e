import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { liveMany } from '../world/live.ts';

/** `SOAK_HISTORIES` (default 20,000, half in each of two files) from the seed `SOAK_SEED` (default: drawn and printed). */
const HISTORIES = Number(process.env.SOAK_HISTORIES ?? 20_000);
const SEED = Number(process.env.SOAK_SEED ?? randomInt(2 ** 31));
const LONGEST = 14;

/** Lives one half of the histories; a failure names the seed and the smallest history that fails. */
export function soak(half: 1 | 2): void {
  const runs = Math.ceil(HISTORIES / 2);
  const seed = SEED + half;
  it(`${runs} histories of seed ${seed} keep every invariant`, async () => {
    let lived = 0;
    await liveMany(
      seed,
      runs,
      () => {
        lived += 1;
      },
      LONGEST,
    );
    expect(lived).toBe(runs);
    process.stdout.write(`soak: ${lived} histories lived, SOAK_SEED=${SEED}\n`);
  });
}
