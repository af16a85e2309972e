import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, CLI_ACCOUNT, everythingPrinted, janitor } from '../builders/command-line.ts';
import type { RecordedTerminalOptions } from '../builders/terminal.ts';
import { errorSchema, runSchema } from './contract.ts';
import { type DeployedHub, deployHub, STACK } from './deployed/hub.ts';

let hub: DeployedHub;
beforeAll(async () => {
  hub = await deployHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.actAs('administrator');
  hub.stack.outputs.Mode = 'enforce';
  hub.pipeline.others = [];
});

const sweep = (argv: readonly string[] = [], options?: RecordedTerminalOptions) =>
  janitor(['sweep', '--stack', STACK, ...argv], options);
const asJson = async (...argv: string[]) => {
  const answer = await sweep([...argv, '--format', 'json']);
  return { ...answer, run: runSchema.parse(JSON.parse(answer.out)) };
};
const errorOf = ({ err }: Answer) => errorSchema.parse(JSON.parse(err)).error;
const started = () => hub.workflow.executions.length;

describe('a run of the deployed workflow, from the first notice to a plan', () => {
  test('observes without --enforce, and is started by a person under a name of its own', async () => {
    hub.live(0);
    await janitor(['policy', 'activate', '--stack', STACK]);
    const { exit, run } = await asJson();
    expect(exit).toBe(0);
    expect(run).toMatchObject({ trigger: 'person', enforce: false, accounts: 1, swept: 1, actions: {} });
    expect(run.runId).toMatch(/^person-20260302T080000Z-[0-9a-f]{8}$/);
    expect(hub.workflow.executions.at(-1)?.input).toEqual({ trigger: 'person', enforce: false });
  });

  test('--enforce --yes acts: day 0 tells owners, day 14 disables', async () => {
    const first = await asJson('--enforce', '--yes');
    expect([first.exit, first.run.actions]).toEqual([0, { 'notify:notified': 2 }]);
    hub.live(14);
    const second = await asJson('--enforce', '--yes');
    expect(second.run.actions).toEqual({ 'disable:done': 2, 'notify:notified': 2 });
    expect(second.run.sweeps).toMatchObject([{ accountId: CLI_ACCOUNT, policyHash: hub.policyHash }]);
  });

  test('day 44: what is frozen waits for people, with the command that approves it, in words', async () => {
    hub.live(44);
    const { exit, out } = await sweep(['--enforce', '--yes']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^Run person-20260415T080000Z-\w+ {2}enforcing, 2026-04-15 08:00 UTC/);
    expect(out).toContain('Accounts  1 of 1 swept');
    expect(out).toContain('2 guarded steps in account 111122223333: 1 approval of group security needed by');
    expect(out).toMatch(/ {4}janitor approve --stack CredentialJanitor plan\/111122223333\/\d+\n/);
  });

  test('the same as JSON', async () => {
    const { run } = await asJson();
    expect(run.plans).toMatchObject([{ tier: 'guarded', items: 2, approvals: 0, approverGroup: 'security' }]);
  });

  test('--accounts are handed on, each once', async () => {
    await asJson('--accounts', `${CLI_ACCOUNT}, ${CLI_ACCOUNT}`);
    expect(hub.workflow.executions.at(-1)?.input.accounts).toEqual([CLI_ACCOUNT]);
  });
});

describe('G21 accounts that were not swept are named: exit 4', () => {
  const others = [
    { accountId: '222233334444', status: 'skipped', reason: 'its state in the organisation is SUSPENDED' },
    { accountId: '333344445555', status: 'unreachable', reason: 'no role there' },
  ] as const;

  test('as JSON', async () => {
    hub.pipeline.others = others;
    const { exit, run } = await asJson();
    expect([exit, run.swept, run.notSwept]).toEqual([4, 1, 2]);
    expect(run.notSweptAccounts).toEqual(others);
    expect(run.sweeps.map(({ accountId }) => accountId)).toEqual([CLI_ACCOUNT]);
  });

  test('in words', async () => {
    hub.pipeline.others = others;
    const { exit, out } = await sweep();
    expect(exit).toBe(4);
    expect(out).toContain('1 of 3 swept, 2 not swept');
    expect(out).toMatch(/unreachable +333344445555\n +no role there/);
  });

  test('as csv: one line for each account', async () => {
    hub.pipeline.others = others;
    const { exit, out } = await sweep(['--format', 'csv']);
    const rows: Record<string, string>[] = parse(out, { columns: true, record_delimiter: '\r\n' });
    expect(exit).toBe(4);
    expect(rows.map(({ accountId, result, reason }) => [accountId, result, reason])).toEqual([
      [CLI_ACCOUNT, 'swept', ''],
      ...others.map(({ accountId, status, reason }) => [accountId, status, reason]),
    ]);
  });
});

describe('asking before acting', () => {
  test('shows stack, identity, policy and accounts; declined, nothing is started', async () => {
    const before = started();
    const { exit, err, out, terminal } = await sweep(['--enforce'], { tty: true, answer: false });
    expect([exit, out, started()]).toEqual([0, '', before]);
    expect(terminal.asked).toEqual([`Act on all accounts of stack ${STACK} where the policy enforces?`]);
    expect(err).toContain(`Stack:    ${STACK} in eu-central-1 of account ${CLI_ACCOUNT}`);
    expect(err).toContain('Identity: arn:aws:sts::111122223333:assumed-role/EmbeddedAdministrator/bootstrap');
    expect(err).toContain(`Policy:   ${hub.policyHash.slice(0, 12)}, mode enforce`);
    expect(err).toContain('Accounts: all of the stack, 1 swept so far, the last at 2026-04-15');
    expect(err).toContain('Nothing was done.');
  });

  test('accepted, it runs on the accounts that were named', async () => {
    const { exit, terminal } = await sweep(['--enforce', '--accounts', CLI_ACCOUNT], {
      tty: true,
      answer: true,
    });
    expect([exit, terminal.asked.length]).toEqual([0, 1]);
    expect(hub.workflow.executions.at(-1)?.input).toEqual({
      trigger: 'person',
      enforce: true,
      accounts: [CLI_ACCOUNT],
    });
  });

  test.each([
    ['nobody can answer', ['--enforce'], 2, 'confirmation-needed'],
    [
      'the hub is in another account',
      ['--enforce', '--yes', '--expect-account', '999999999999'],
      5,
      'wrong-account',
    ],
  ])('%s: nothing is started', async (_name, argv, exit, code) => {
    const before = started();
    const answer = await sweep([...argv, '--format', 'json']);
    expect([answer.exit, errorOf(answer).code, started()]).toEqual([exit, code, before]);
  });

  test('a stack that observes only does not act: exit 5 before anything is started, with the way out', async () => {
    hub.stack.outputs.Mode = 'observe';
    const before = started();
    const answer = await sweep(['--enforce', '--yes', '--format', 'json']);
    expect([answer.exit, started()]).toEqual([5, before]);
    expect(errorOf(answer)).toMatchObject({
      code: 'stack-observes',
      hint: expect.stringContaining('mode enforce in cdk.json'),
    });
    expect((await asJson()).exit).toBe(0);
  });
});

test('no secret value was printed', () => {
  for (const secret of hub.served.secretValues) expect(everythingPrinted()).not.toContain(secret);
});
