import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { measure } from '../../bench/cost/measure.ts';
import { measuredSchema, QUANTITIES } from '../../bench/cost/measured.ts';

const stored = readFileSync(new URL('../../bench/cost/measured.json', import.meta.url), 'utf8');
const RUNS = ['first', 'unchanged', 'due'] as const;
/** Compressed sizes and waits vary a little. */
const TOLERANCE = 0.05;

describe('what docs/cost.md rests on is what the code takes now (npm run cost -- --measure renews it)', async () => {
  const before = measuredSchema.parse(JSON.parse(stored));
  const now = await measure();

  test('of the same accounts', () => {
    expect(now.account).toEqual(before.account);
    expect(now.latencyMs).toEqual(before.latencyMs);
  });

  test.each(RUNS)('in the run "%s"', (run) => {
    for (const name of QUANTITIES) {
      if (name === 'cpuMs') continue;
      const [expected, found] = [before.runs[run][name].ofAccount, now.runs[run][name].ofAccount];
      expect(Math.abs(found - expected), name).toBeLessThanOrEqual(TOLERANCE * Math.max(1, expected));
    }
  });
});
