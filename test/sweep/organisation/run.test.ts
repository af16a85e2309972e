import { describe, expect, test } from 'vitest';
import { type AccountOutcome, allotSteps, finishRun, RunFiles, startRun } from '../../../lib/sweep/index.ts';
import { Ground } from '../ground.ts';

const ACCOUNTS = ['111122223333', '444455556666', '777788889999'];
const SCHEDULED = '2026-01-05T06:00:00.000Z';

async function hub() {
  const ground = await Ground.create();
  const { evidence: work } = await ground.context();
  const desk = ground.desk('robot');
  const context = { ...desk, work, newId: ground.nextId };
  const start = (runId: string, scheduledAt?: string) =>
    startRun(context, {
      runId,
      trigger: scheduledAt === undefined ? 'person' : 'schedule',
      scheduledAt,
      enforce: true,
      accounts: ACCOUNTS.map((accountId) => ({ accountId, state: 'ACTIVE' })),
    });
  const files = (runId: string) => new RunFiles(work, runId);
  const leave = (runId: string, phase: 'decided' | 'acted', outcome: AccountOutcome) =>
    files(runId).writeOutcome(phase, outcome, ground.nextId());
  return { ground, context, start, files, leave };
}

const SWEEP = {
  complete: true,
  credentials: 10,
  outcomes: { keep: 9, act: 1 },
  actions: { 'disable:done': 1 },
};
const account = (index: number) => ACCOUNTS[index] ?? '';

describe('a run is opened once for one instant of the schedule', () => {
  test('I6 a second firing finds the first, whenever it comes', async () => {
    const { ground, start } = await hub();
    expect(await start('run-1', SCHEDULED)).toMatchObject({ status: 'listed', count: 3 });
    expect(await start('run-2', SCHEDULED)).toEqual({ status: 'duplicate', of: 'run-1' });
    await ground.wait(3);
    expect(await start('run-3', SCHEDULED)).toEqual({ status: 'duplicate', of: 'run-1' });
    expect(ground.of('run.started')).toHaveLength(1);
  });

  test('G21 nobody takes the place of a run that is still to come, so that its accounts would be skipped unseen', async () => {
    const { ground, start } = await hub();
    await expect(start('run-1', '2026-01-06T06:00:00.000Z')).rejects.toMatchObject({
      code: 'schedule-ahead',
    });
    expect(ground.of('run.started')).toEqual([]);
    await ground.wait(1);
    expect(await start('run-2', '2026-01-06T06:00:00.000Z')).toMatchObject({ status: 'listed' });
  });

  test('a repeated call goes on with its accounts, whatever the organisation looks like by now', async () => {
    const { context, start, files } = await hub();
    await start('run-1', SCHEDULED);
    const accounts = ['888899990000', account(0)].map((accountId) => ({ accountId, state: 'ACTIVE' }));
    const again = {
      runId: 'run-1',
      trigger: 'schedule',
      scheduledAt: SCHEDULED,
      enforce: true,
      accounts,
    } as const;
    expect(await startRun(context, again)).toMatchObject({ status: 'listed', count: 3 });
    expect((await files('run-1').readRun()).accountIds).toEqual(ACCOUNTS);
  });

  test('a repeated call of the same run goes on', async () => {
    const { ground, start } = await hub();
    await start('run-1', SCHEDULED);
    expect(await start('run-1', SCHEDULED)).toMatchObject({ status: 'listed', count: 3 });
    expect(ground.of('run.started')).toHaveLength(1);
  });

  test('two persons may start a run each', async () => {
    const { ground, start } = await hub();
    await start('run-1');
    expect(await start('run-2')).toMatchObject({ status: 'listed' });
    expect(ground.of('run.started').map(({ data }) => data.trigger)).toEqual(['person', 'person']);
  });
});

describe('the barrier', () => {
  test('I5 what was claimed within 24 hours is no longer free', async () => {
    const { ground, context, start, leave } = await hub();
    for (let n = 0; n < 4; n += 1) ground.key({ user: `user-${n}` });
    await ground.sweep();
    await ground.wait(15);
    await ground.sweep();
    const claimed = ground.of('slot.claimed').filter(({ subject }) => subject === 'cap#organisation').length;
    expect(claimed).toBe(4);
    await start('run-1');
    for (const accountId of ACCOUNTS)
      await leave('run-1', 'decided', { accountId, status: 'decided', demand: 50 });
    const { demanded, allotted, count } = await allotSteps(context, 'run-1');
    const { perOrganisationPerDay } = context.policy.document.limits;
    expect({ demanded, allotted, count }).toEqual({
      demanded: 150,
      allotted: perOrganisationPerDay - claimed,
      count: 3,
    });
  });

  test('who has nothing to act on is not called again; after a redrive the newest outcome counts', async () => {
    const { context, start, leave } = await hub();
    await start('run-1');
    await leave('run-1', 'decided', { accountId: account(0), status: 'finished', sweep: SWEEP });
    await leave('run-1', 'decided', { accountId: account(1), status: 'unreachable', reason: 'no role' });
    await leave('run-1', 'decided', { accountId: account(1), status: 'decided', demand: 1 });
    expect(await allotSteps(context, 'run-1')).toMatchObject({ count: 1, demanded: 1, allotted: 1 });
  });
});

describe('G21 a run says what came of every account', () => {
  test('swept, unreachable, suspended, failed without a word, failed while acting', async () => {
    const { ground, context, start, leave } = await hub();
    await start('run-1');
    await leave('run-1', 'decided', { accountId: account(0), status: 'decided', demand: 0 });
    await leave('run-1', 'decided', { accountId: account(1), status: 'decided', demand: 1 });
    await leave('run-1', 'acted', {
      accountId: account(0),
      status: 'finished',
      sweep: { ...SWEEP, complete: false },
    });
    const finished = await finishRun(context, 'run-1');
    expect(finished).toMatchObject({ accounts: 3, swept: 1, incomplete: 1, notSwept: 2, credentials: 10 });
    expect(finished.examples.map(({ accountId, status }) => [accountId, status])).toEqual([
      [account(1), 'failed'],
      [account(2), 'failed'],
    ]);
    expect(finished.actions).toEqual({ 'disable:done': 1 });
    expect(await finishRun(context, 'run-1')).toEqual(finished);
    expect(ground.of('run.finished')).toHaveLength(1);
  });

  test('without its files a run cannot be finished, and the error says so', async () => {
    const { context } = await hub();
    await expect(finishRun(context, 'nowhere')).rejects.toMatchObject({ code: 'run-files-broken' });
  });
});
