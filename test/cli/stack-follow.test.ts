import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, janitor } from '../builders/command-line.ts';
import type { RecordedTerminalOptions } from '../builders/terminal.ts';
import { errorSchema, runSchema } from './contract.ts';
import { type DeployedHub, deployHub, STACK } from './deployed/hub.ts';

let hub: DeployedHub;
beforeAll(async () => {
  hub = await deployHub();
  // What is followed here is the workflow; its runs have no account to sweep.
  hub.pipeline.sweeps = false;
});
afterAll(() => hub.close());
beforeEach(() => {
  Object.assign(hub.workflow, { ending: { status: 'SUCCEEDED' }, looks: 0, onLook: () => {} });
  hub.workflow.refuse.clear();
  hub.workflow.drop.clear();
});

const sweep = (argv: readonly string[] = [], options?: RecordedTerminalOptions) =>
  janitor(['sweep', '--stack', STACK, ...argv], options);
const asJson = async (...argv: string[]) => {
  const answer = await sweep([...argv, '--format', 'json']);
  return { ...answer, run: runSchema.parse(JSON.parse(answer.out)) };
};
const errorOf = ({ err }: Answer) => errorSchema.parse(JSON.parse(err)).error;
const started = () => hub.workflow.executions.length;

describe('following', () => {
  test('shows on a terminal what the newest map over accounts has done', async () => {
    hub.workflow.looks = 3;
    hub.workflow.asked.length = 0;
    const { exit, err } = await sweep([], { tty: true });
    expect(exit).toBe(0);
    expect(stripVTControlCharacters(err)).toMatch(
      /listing accounts 0[\s\S]*deciding 4 of 9[\s\S]*acting 4 of 9/,
    );
  });

  test('goes on without the counts where they cannot be had, and does not ask for them in a script', async () => {
    hub.workflow.looks = 3;
    hub.workflow.refuse.set('ListMapRuns', 'AccessDeniedException');
    hub.workflow.asked.length = 0;
    expect((await sweep([], { tty: true })).exit).toBe(0);
    expect(hub.workflow.asked.filter((name) => name === 'ListMapRuns')).toHaveLength(1);
    hub.workflow.asked.length = 0;
    expect((await sweep()).exit).toBe(0);
    expect(new Set(hub.workflow.asked)).toEqual(new Set(['StartExecution', 'DescribeExecution']));
  });

  test('waits ever longer, at most 15 seconds', async () => {
    hub.workflow.looks = 8;
    const { exit, terminal } = await sweep();
    expect([exit, terminal.pauses]).toEqual([0, [2000, 3000, 4500, 6750, 10125, 15000, 15000, 15000]]);
  });

  test('Ctrl-C stops following, not the run; the same run can be followed again', async () => {
    let press = () => {};
    const interrupted = new Promise<void>((resolve) => {
      press = resolve;
    });
    hub.workflow.looks = 1_000;
    hub.workflow.onLook = press;
    const left = await sweep(['--format', 'json'], { interrupted });
    const runId = hub.workflow.executions.at(-1)?.name ?? '';
    expect([left.exit, left.out]).toEqual([1, '']);
    expect(errorOf(left)).toMatchObject({
      code: 'run-not-followed',
      runId,
      message: expect.stringContaining('goes on'),
      hint: expect.stringContaining(`"janitor sweep --stack ${STACK} --follow ${runId}"`),
      notes: [expect.stringContaining(`Run ${runId} has started`)],
    });
    const before = started();
    const execution = hub.workflow.executions.at(-1);
    if (execution !== undefined) execution.running = 1;
    const { exit, run } = await asJson('--follow', runId);
    expect([exit, run.runId, started()]).toEqual([0, runId, before]);
  });

  test('a run of the schedule is found under the instant it was meant for', async () => {
    const scheduledAt = '2026-01-01T06:00:00Z';
    const input = { trigger: 'schedule' as const, scheduledAt, enforce: false };
    await hub.workflow.run('by-clock', input);
    hub.workflow.executions.push({ name: 'by-clock', input, running: 0, ending: { status: 'SUCCEEDED' } });
    const { run } = await asJson('--follow', 'by-clock');
    expect(run).toMatchObject({ runId: 'by-clock', trigger: 'schedule' });
    hub.workflow.executions.push({ name: 'late', input, running: 0, ending: { status: 'SUCCEEDED' } });
    const late = await sweep(['--follow', 'late', '--format', 'json']);
    expect([late.exit, errorOf(late)]).toMatchObject([2, { code: 'run-duplicate', of: 'by-clock' }]);
  });

  test('an unknown run: exit 2', async () => {
    const answer = await sweep(['--follow', 'nonsense', '--format', 'json']);
    expect([answer.exit, errorOf(answer).code]).toEqual([2, 'run-not-found']);
  });

  test('a session that has expired ends following and says how to take it up', async () => {
    hub.workflow.refuse.set('DescribeExecution', 'ExpiredTokenException');
    const answer = await sweep(['--format', 'json']);
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      2,
      { code: 'run-not-followed', hint: expect.stringContaining('--follow person-') },
    ]);
  });
});

describe('a run that does not succeed: exit 1', () => {
  test.each([
    [
      'FAILED',
      {
        error: 'LedgerUnavailable',
        cause: '{"errorMessage":"The ledger could not be read","trace":["at x"]}',
      },
      'ended as FAILED: LedgerUnavailable: The ledger could not be read',
    ],
    ['TIMED_OUT', { error: 'States.Timeout' }, 'ended as TIMED_OUT: States.Timeout'],
    ['ABORTED', { cause: 'stopped by ana' }, 'ended as ABORTED: stopped by ana'],
  ] as const)('%s says why, where to look, and how to continue it', async (status, said, message) => {
    hub.workflow.ending = { status, ...said };
    const answer = await sweep(['--format', 'json']);
    const { hint, ...error } = errorOf(answer);
    expect([answer.exit, answer.out, error.code]).toEqual([1, '', 'run-failed']);
    expect(error.message).toContain(message);
    expect(hint).toContain('Step Functions > State machines > credential-janitor-sweep > person-');
    expect(hint).toMatch(/aws stepfunctions redrive-execution --region eu-central-1 --execution-arn arn:\S+/);
    expect(hint).toContain('--follow person-');
  });

  test('one that cannot be redriven any more has to be started anew', async () => {
    hub.workflow.ending = { status: 'FAILED', redriveStatus: 'NOT_REDRIVABLE' };
    expect(errorOf(await sweep(['--format', 'json'])).hint).toContain('start a new one');
  });

  test('one that left no end in the ledger', async () => {
    const { run } = hub.workflow;
    hub.workflow.run = async () => {};
    const answer = await sweep(['--format', 'json']);
    hub.workflow.run = run;
    expect([answer.exit, errorOf(answer).code]).toEqual([1, 'run-not-recorded']);
  });
});

describe('starting', () => {
  test('a lost answer: the run may have started, and is found by its name', async () => {
    hub.workflow.drop.add('StartExecution');
    const answer = await sweep(['--format', 'json']);
    hub.workflow.drop.clear();
    const error = errorOf(answer);
    expect([answer.exit, error.code]).toEqual([1, 'run-start-unknown']);
    expect((await sweep(['--follow', String(error.runId)])).exit).toBe(0);
  });

  test('without the right: exit 4, and which right', async () => {
    hub.workflow.refuse.set('StartExecution', 'AccessDeniedException');
    const answer = await sweep(['--format', 'json']);
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      4,
      {
        permission: 'states:StartExecution',
        hint: 'The managed policy credential-janitor-operator of the stack allows states:StartExecution.',
      },
    ]);
  });
});
