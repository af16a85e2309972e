import { describe, expect, it } from 'vitest';
import { enumerate, THOROUGHLY } from '../world/crash/enumerate.ts';
import { liveBaseline } from '../world/crash/points.ts';
import { RESTORING } from '../world/crash/scenario.ts';

const baseline = await liveBaseline(RESTORING);

describe('I1-I10 a process that dies before or after any call, reads too: the world ends up the same', () => {
  it.each(RESTORING.entries.map(({ name }, entry) => ({ name, entry })))('$name', async ({ entry }) => {
    const { points, lived, failures } = await enumerate(baseline, entry, THOROUGHLY);
    expect(failures).toEqual([]);
    expect(points).toBe(2 * (baseline.stages[entry]?.counted ?? 0));
    expect(lived).toBe(points);
  });
});
