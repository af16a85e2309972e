import { describe, expect, it } from 'vitest';
import { enumerate, THOROUGHLY } from '../world/crash/enumerate.ts';
import { liveBaseline } from '../world/crash/points.ts';
import { RUNS } from '../world/crash/runs.ts';

const baseline = await liveBaseline(RUNS);

describe('I1-I10 a function that dies before or after any call, reads too: after the redrive every run converges', () => {
  it.each(RUNS.entries.map(({ name }, entry) => ({ name, entry })))('$name', async ({ entry }) => {
    const { points, lived, failures } = await enumerate(baseline, entry, THOROUGHLY);
    expect(failures).toEqual([]);
    expect(points).toBe(2 * (baseline.stages[entry]?.counted ?? 0));
    expect(lived).toBe(points);
  });
});
