import { describe, expect, it, test } from 'vitest';
import { BRIEFLY, enumerate } from './crash/enumerate.ts';
import { isWrite, liveBaseline } from './crash/points.ts';
import { RUNS } from './crash/runs.ts';

const baseline = await liveBaseline(RUNS);
const { deeds, letters, stories } = baseline.outcome;
const entries = RUNS.entries.map(({ name }, entry) => ({ name, entry }));
const typesOn = (subject: string) => stories[subject]?.map((told) => told.split(' ')[0]);

describe('runs without a crash, of functions that stop and are called again', () => {
  test('key and secret walk through every step, each once, with one notice before each destructive one', () => {
    expect(deeds.map((deed) => deed.split(' ')[0])).toEqual([
      'DeleteAccessKey',
      'DeleteSecret',
      'PutResourcePolicy',
      'TagResource',
      'TagUser',
      'UpdateAccessKey',
    ]);
    expect(letters).toHaveLength(4);
  });

  test('every run is opened and finished once, and sweeps its account once', () => {
    const runs = Object.keys(stories).filter((subject) => subject.startsWith('run#'));
    expect(runs).toHaveLength(5);
    for (const subject of runs) expect(typesOn(subject)).toEqual(['run.started', 'run.finished']);
    expect(typesOn('sweep#111122223333')).toEqual(runs.map(() => 'sweep.finished'));
    expect(typesOn('sweep#444455556666')).toBeUndefined();
  });

  test('deciding and acting really stop between two pieces and two steps', () => {
    const stops = baseline.stages.map(
      ({ before }) => [...before.work.keys()].filter((key) => /\/pause-\d+\.json$/.test(key)).length,
    );
    const stopped = RUNS.entries.flatMap(({ name }, entry) =>
      name.endsWith('until its time is up') ? [(stops[entry + 1] ?? 0) - (stops[entry] ?? 0)] : [],
    );
    expect(stopped).toEqual([1, 1, 1, 1]);
  });

  test('no call is left out: the network counted as many as were named', () => {
    for (const { calls, counted } of baseline.stages) expect(calls).toHaveLength(counted);
    const names = new Set(baseline.stages.flatMap(({ calls }) => calls).filter(isWrite));
    expect([...names].sort()).toEqual([
      'delivery:Deliver',
      'dynamodb:PutItem',
      'evidence:Put',
      'iam:DeleteAccessKey',
      'iam:TagUser',
      'iam:UpdateAccessKey',
      'secretsmanager:DeleteSecret',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:TagResource',
      'work:Put',
    ]);
  });
});

describe('I1-I10 a function that dies at any call that leaves something behind, called again by a redrive: the run converges', () => {
  it.each(entries)(
    '$name',
    async ({ entry }) => {
      const { points, lived, failures } = await enumerate(baseline, entry, BRIEFLY);
      expect(failures).toEqual([]);
      expect(points).toBe(2 * (baseline.stages[entry]?.calls.filter(isWrite).length ?? 0));
      // A write leaves another state behind than the one before it, or it would be no write.
      expect(lived).toBeGreaterThan(points / 9);
    },
    120_000,
  );
});
