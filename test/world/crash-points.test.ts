import { describe, expect, it, test } from 'vitest';
import { BRIEFLY, enumerate } from './crash/enumerate.ts';
import { type Baseline, isWrite, liveBaseline, pointsOf } from './crash/points.ts';
import { RESTORING, TIMETABLE } from './crash/scenario.ts';

const baseline = await liveBaseline(TIMETABLE);
const restoring = await liveBaseline(RESTORING);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const entries = TIMETABLE.entries.map(({ name }, entry) => ({ name, entry }));

describe('the life without a crash', () => {
  test('both credentials walk through every step, each once, with one notice before each destructive one', () => {
    const { deeds, letters, stories } = baseline.outcome;
    expect(deeds.map((deed) => deed.split(' ')[0])).toEqual([
      'DeleteAccessKey',
      'DeleteSecret',
      'PutResourcePolicy',
      'TagResource',
      'TagUser',
      'UpdateAccessKey',
    ]);
    expect(letters).toHaveLength(4);
    const types = Object.values(stories)
      .flat()
      .map((told) => told.split(' ')[0]);
    for (const type of ['policy.proposed', 'plan.frozen', 'plan.approved', 'notice.recorded']) {
      expect(types).toContain(type);
    }
  });

  test('no call is left out: the network counted as many as were named, and each is a point before and after', () => {
    for (const [entry, { calls, counted }] of baseline.stages.entries()) {
      expect(calls, TIMETABLE.entries[entry]?.name).toHaveLength(counted);
      expect(pointsOf(baseline, entry, 'all')).toHaveLength(2 * counted);
      expect(pointsOf(baseline, entry, 'writes')).toHaveLength(2 * calls.filter(isWrite).length);
    }
    const names = new Set(baseline.stages.flatMap(({ calls }) => calls));
    expect([...names].filter(isWrite).sort()).toEqual([
      'delivery:Deliver',
      'dynamodb:PutItem',
      'evidence:Put',
      'iam:DeleteAccessKey',
      'iam:TagUser',
      'iam:UpdateAccessKey',
      'secretsmanager:DeleteSecret',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:TagResource',
    ]);
    expect(sum(baseline.stages.map(({ counted }) => counted))).toBeGreaterThan(300);
  });
});

async function everyWriteOf(life: Baseline, entry: number): Promise<void> {
  const { points, lived, failures } = await enumerate(life, entry, BRIEFLY);
  expect(failures).toEqual([]);
  expect(points).toBe(2 * (life.stages[entry]?.calls.filter(isWrite).length ?? 0));
  // A write leaves another state behind than the one before it, or it would be no write.
  expect(lived).toBeGreaterThan(points / 4);
}

describe('I1-I10 a process that dies at any call that leaves something behind: the world ends up the same', () => {
  it.each(entries)('$name', ({ entry }) => everyWriteOf(baseline, entry), 120_000);
});

describe('I7 I8 a restore that dies at any call that leaves something behind is finished by the next one', () => {
  const added = RESTORING.entries.map(({ name }, entry) => ({ name, entry })).slice(TIMETABLE.entries.length);

  test('it takes the secret out of its recovery window and out of quarantine, each once', () => {
    const { deeds } = restoring.outcome;
    expect(deeds.filter((deed) => !baseline.outcome.deeds.includes(deed))).toHaveLength(1);
    expect(deeds.filter((deed) => deed.startsWith('RestoreSecret'))).toHaveLength(1);
    expect(deeds.filter((deed) => /^(Put|Delete)ResourcePolicy/.test(deed))).toHaveLength(2);
  });

  it.each(added)('$name', ({ entry }) => everyWriteOf(restoring, entry), 120_000);
});
