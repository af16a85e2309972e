import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test, vi } from 'vitest';
import { lockStateDir } from '../../lib/wiring/state-lock.ts';
import {
  CLI_ACCOUNT,
  CLI_START,
  daysAfterStart,
  emptyFolder,
  everythingPrinted,
  janitor,
} from '../builders/command-line.ts';
import { errorSchema } from './contract.ts';
import { codeOf, flagsAt, POLICY, servedFor, sweepAt as sweep } from './local-record.ts';

const stateDir = emptyFolder();
const outbox = path.join(stateDir, 'outbox');
const served = servedFor('administrator');

describe('an owner is warned, then the key is disabled, then deleted: two runs at each instant', () => {
  const flags = (days: number) => flagsAt(stateDir, days);
  const sweepAt = (days: number, ...more: string[]) => sweep(stateDir, days, ...more);
  const stepsOf = ({
    actions,
  }: {
    actions: readonly { step: string; outcome: string; credentialId: string }[];
  }) => actions.map(({ step, outcome, credentialId }) => `${step} ${outcome} ${nameIn(credentialId)}`).sort();
  const nameIn = (id: string) =>
    id.includes('/forgotten/') ? 'forgotten' : id.includes('old/token') ? 'old/token' : id;

  test('a policy that was not activated observes only, and --enforce says so with exit 5', async () => {
    const { exit, result } = await sweepAt(0);
    expect(exit).toBe(5);
    expect(result.refused?.code).toBe('policy-not-activated');
    expect(result.actions).toEqual([]);
  });

  test('the first activation is on the word of the deployer', async () => {
    const { exit, out } = await janitor(['policy', 'activate', ...flags(0), '--format', 'json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, outcome: 'activated' });
  });

  test('day 0: owners are told, nothing else; the second run does nothing', async () => {
    const first = await sweepAt(0, '--expect-account', CLI_ACCOUNT);
    expect(first.exit).toBe(0);
    expect(stepsOf(first.result)).toEqual(['notify notified forgotten', 'notify notified old/token']);
    const second = await sweepAt(0);
    expect({ exit: second.exit, actions: second.result.actions }).toEqual({ exit: 0, actions: [] });
  });

  test('I3 day 13: the wait has not passed', async () => {
    expect((await sweepAt(13)).result.actions).toEqual([]);
  });

  test('day 14: disabled and quarantined; the second run does nothing', async () => {
    const first = await sweepAt(14);
    expect(stepsOf(first.result)).toEqual([
      'disable done forgotten',
      'disable done old/token',
      'notify notified forgotten',
      'notify notified old/token',
    ]);
    expect((await sweepAt(14)).result.actions).toEqual([]);
  });

  test('day 44: deletion is guarded, frozen into a plan; approved by a person it runs', async () => {
    const frozen = await sweepAt(44);
    expect(frozen.result.actions).toEqual([]);
    const [plan] = frozen.result.plans;
    expect(plan).toMatchObject({ items: 2, approvalsNeeded: 1, approverGroup: 'security' });

    const approve = ['approve', plan?.planId ?? '', '--yes', ...flags(44), '--format', 'json'];
    const byRole = await janitor(approve);
    expect(byRole.exit).toBe(5);
    expect(codeOf(byRole.err)).toBe('not-an-approver');

    served.account.actAs('ben');
    const byBen = await janitor(approve);
    expect(byBen.exit).toBe(0);
    expect(JSON.parse(byBen.out)).toMatchObject({ planId: plan?.planId, state: 'approved', remaining: 0 });

    served.account.actAs('administrator');
    const { result } = await sweepAt(44);
    expect(stepsOf(result)).toEqual(['delete done forgotten', 'delete done old/token']);
    expect((await sweepAt(44)).result.actions).toEqual([]);
  });

  test('protected credentials were never touched', () => {
    const touched = served.account.aws.changes.all.map(({ target }) => target);
    expect(touched.some((target) => target.includes('forgotten'))).toBe(true);
    expect(touched.filter((target) => /emergency|busy/.test(target))).toEqual([]);
  });

  test('ledger verify passes over all of it', async () => {
    const { exit, out } = await janitor(['ledger', 'verify', '--state-dir', stateDir]);
    expect(exit).toBe(0);
    expect(out).toContain('The ledger verifies');
  });
});

describe('sweep without --enforce', () => {
  test('observes, for people and as csv', async () => {
    const flags = ['--policy', POLICY, '--state-dir', emptyFolder(), '--now', CLI_START];
    const table = await janitor(['sweep', ...flags]);
    expect(table.exit).toBe(0);
    expect(table.out).toMatch(/Sweep [0-9a-f-]{36} {2}observing only/);
    const csv = await janitor(['sweep', ...flags, '--format', 'csv']);
    const rows: Record<string, string>[] = parse(csv.out, { columns: true, record_delimiter: '\r\n' });
    for (const row of rows) expect(row.outcome).toBe('held');
  });

  test('.janitor is the default state folder, and that is said', async () => {
    const cwd = emptyFolder();
    const { exit, err } = await janitor(['sweep', '--policy', POLICY, '--now', CLI_START], { cwd });
    expect(exit).toBe(0);
    expect(err.replaceAll('\n', ' ')).toContain(path.join(cwd, '.janitor'));
  });
});

describe('asking before acting', () => {
  const flags = ['--policy', POLICY, '--now', CLI_START, '--enforce'];

  test('shows account, identity and counts; declined, nothing is done', async () => {
    const { exit, err, out, terminal } = await janitor(['sweep', ...flags], { tty: true, answer: false });
    expect(exit).toBe(0);
    expect(terminal.asked).toEqual([`Act on account ${CLI_ACCOUNT} where the policy enforces?`]);
    expect(err).toContain(`Account:  ${CLI_ACCOUNT}`);
    expect(err).toContain('assumed-role/EmbeddedAdministrator/bootstrap');
    expect(err).toMatch(/Judged: {3}\d+ credentials, \d+ to act on/);
    expect(err).toContain('Nothing was done.');
    expect(out).toBe('');
  });

  test('accepted, it sweeps', async () => {
    const { exit, out } = await janitor(['sweep', ...flags], { tty: true, answer: true });
    expect(exit).toBe(5);
    expect(out).toContain('Nothing was acted upon: policy');
  });

  test('--yes does not ask', async () => {
    const { terminal } = await janitor(['sweep', ...flags, '--yes'], { tty: true });
    expect(terminal.asked).toEqual([]);
  });
});

describe('refusals', () => {
  test('--expect-account of another account: exit 5 before anything is read or recorded', async () => {
    const cwd = emptyFolder();
    const argv = ['sweep', '--policy', POLICY, '--expect-account', '999999999999', '--format', 'json'];
    argv.push('--now', daysAfterStart(400));
    const callsBefore = served.account.aws.calls.all.length;
    const timeBefore = served.account.aws.clock.millis();
    const { exit, err } = await janitor(argv, { cwd });
    expect(served.account.aws.clock.millis()).toBe(timeBefore);
    expect(exit).toBe(5);
    expect(errorSchema.parse(JSON.parse(err)).error).toMatchObject({
      code: 'wrong-account',
      accountId: CLI_ACCOUNT,
      expected: '999999999999',
    });
    const operations = served.account.aws.calls.all.slice(callsBefore).map(({ operation }) => operation);
    expect(operations).toEqual(['GetCallerIdentity']);
  });

  test.each([
    ['AWS itself', undefined],
    ['a remote host', 'https://iam.example.com'],
    ['a user part that looks like loopback', 'http://127.0.0.1@evil.example'],
    ['a name that begins like loopback', 'http://127.0.0.1.evil.example'],
    ['a name under localhost', 'http://localhost.evil.example:4566'],
    ['the unspecified address', 'http://0.0.0.0:4566'],
    ['a mapped address', 'http://[::ffff:127.0.0.1]:4566'],
    ['a private address', 'http://10.0.0.1:4566'],
  ])('--enforce, restore and --now on %s are refused before any call', async (_name, endpoint) => {
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
    const common = ['--policy', POLICY, '--format', 'json'];
    const cwd = emptyFolder();

    const enforce = await janitor(['sweep', '--enforce', '--yes', ...common], { cwd });
    expect([enforce.exit, codeOf(enforce.err)]).toEqual([5, 'acting-refused']);
    const restore = await janitor(['restore', 'AKIAX', '--reason', 'needed', ...common], { cwd });
    expect([restore.exit, codeOf(restore.err)]).toEqual([5, 'acting-refused']);
    const now = await janitor(['sweep', '--now', CLI_START, ...common], { cwd });
    expect([now.exit, codeOf(now.err)]).toEqual([2, 'now-refused']);
  });

  test('one remote service among loopback ones is enough to refuse', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'https://secretsmanager.example.com');
    const { exit, err } = await janitor(['sweep', '--enforce', '--yes', '--policy', POLICY]);
    expect(exit).toBe(5);
    expect(err.replaceAll('\n', ' ')).toContain(
      'secretsmanager goes to https://secretsmanager.example.com (AWS_ENDPOINT_URL_SECRETS_MANAGER)',
    );
  });
});

test('two processes on one state folder: one wins, the other says who holds it; exit 1', async () => {
  const dir = emptyFolder();
  const holder = { pid: process.pid, host: 'build-7', since: CLI_START, command: 'janitor sweep' };
  const lock = await lockStateDir(dir, holder, { onLost: () => {}, isAlive: () => true });
  try {
    const { exit, err } = await janitor([
      'sweep',
      '--now',
      CLI_START,
      '--policy',
      POLICY,
      '--state-dir',
      dir,
      '--format',
      'json',
    ]);
    const { error } = errorSchema.parse(JSON.parse(err));
    expect([exit, error.code]).toEqual([1, 'state-dir-locked']);
    expect(error.message).toContain(`process ${process.pid} on build-7 (janitor sweep) since ${CLI_START}`);
  } finally {
    await lock.release();
  }
});

test('no secret value was printed by any of these commands, or written for an owner', () => {
  const text =
    everythingPrinted() +
    readdirSync(outbox)
      .map((name) => readFileSync(path.join(outbox, name), 'utf8'))
      .join();
  expect(text).toContain('To: ana');
  for (const secret of served.account.secretValues) expect(text).not.toContain(secret);
});
