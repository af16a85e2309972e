import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Answer,
  CLI_ACCOUNT,
  emptyFolder,
  everythingPrinted,
  janitor,
} from '../builders/command-line.ts';
import { errorSchema, scanSchema } from './contract.ts';
import { type DeployedHub, deployHub, STACK } from './deployed/hub.ts';

let hub: DeployedHub;
let sweepId = '';
const on = (...argv: string[]) => janitor([...argv, '--stack', STACK]);
const asJson = (...argv: string[]) => on(...argv, '--format', 'json');
const errorOf = ({ err }: Answer) => errorSchema.parse(JSON.parse(err)).error;
const archive = () => path.join(hub.evidenceFolder, 'policies');

beforeAll(async () => {
  hub = await deployHub();
});
afterAll(() => hub.close());
beforeEach(() => hub.actAs('administrator'));

describe('scan --stack', () => {
  test('before the first sweep the policy is not archived: judged by the local one, and that is said', async () => {
    const { exit, out, err } = await asJson('scan');
    expect(exit).toBe(0);
    expect(scanSchema.parse(JSON.parse(out)).policy.hash).not.toBe(hub.policyHash);
    expect(err.replace(/\s+/g, ' ')).toMatch(
      /has not archived its policy.* Judging by policy \w+ in \S+ instead/,
    );
    const same = await janitor(['scan', '--stack', STACK], { cwd: import.meta.dirname });
    expect(same.err.replace(/\s+/g, ' ')).toContain('is the same.');
  });

  test('then by the policy that the stack runs, wherever the command is typed; nothing is recorded', async () => {
    await hub.workflow.run('first', { trigger: 'person', enforce: false });
    const before = readdirSync(hub.evidenceFolder);
    const { exit, out, err } = await asJson('scan');
    const scanned = scanSchema.parse(JSON.parse(out));
    expect([exit, err, scanned.accountId]).toEqual([0, '', CLI_ACCOUNT]);
    expect(scanned.policy.hash).toBe(hub.policyHash);
    expect(readdirSync(hub.evidenceFolder)).toEqual(before);
  });

  test('an archive that was altered is not judged by: exit 1', async () => {
    const [file = ''] = readdirSync(archive());
    rmSync(path.join(archive(), file));
    writeFileSync(path.join(archive(), file), '{}');
    const answer = await asJson('scan');
    expect([answer.exit, errorOf(answer).code]).toEqual([1, 'policy-archive-broken']);
    rmSync(path.join(archive(), file));
    hub.live(1);
    await hub.workflow.run('second', { trigger: 'person', enforce: false });
  });
});

describe('the record, read with the caller’s own rights', () => {
  test('explain: an account, a sweep, a run', async () => {
    const { exit, out } = await asJson('explain', CLI_ACCOUNT);
    const explained = JSON.parse(out);
    expect([exit, explained.kind, explained.chainVerified]).toEqual([0, 'sweep', true]);
    sweepId = explained.subject;
    expect((await on('explain', 'run#first')).out).toContain('finished run first: 1 of 1 account swept');
  });

  test('commands in what is explained name the stack', async () => {
    const { err } = await on('explain', 'AKIAUNKNOWN000000000');
    expect(err).not.toMatch(/janitor (sweep|explain|scan)(?! --stack)/);
  });

  test('G9 ledger replay gives the same verdicts', async () => {
    const { exit, out } = await asJson('ledger', 'replay', sweepId);
    expect([exit, JSON.parse(out)]).toMatchObject([0, { sweepId, differing: 0 }]);
  });

  test('G7 ledger verify, and what was altered is named: exit 1', async () => {
    expect((await on('ledger', 'verify')).out).toContain('The ledger verifies');
    const folder = path.join(hub.evidenceFolder, 'manifests', CLI_ACCOUNT);
    const [manifest = ''] = readdirSync(folder);
    writeFileSync(path.join(folder, manifest), 'altered');
    const { exit, out } = await on('ledger', 'verify');
    expect([exit, out]).toEqual([1, expect.stringContaining('manifest-altered')]);
  });

  test('ledger rebuild is refused with the reason and the way out: exit 5', async () => {
    const answer = await asJson('ledger', 'rebuild');
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      5,
      { code: 'rebuild-refused', hint: expect.stringContaining(`"janitor sweep --stack ${STACK}"`) },
    ]);
  });
});

describe('a stack that cannot be opened', () => {
  const changed = async (change: Partial<DeployedHub['stack']>, work: () => Promise<Answer>) => {
    const { status, outputs, denied } = hub.stack;
    Object.assign(hub.stack, change);
    const answer = await work();
    Object.assign(hub.stack, { status, outputs, denied });
    return answer;
  };
  const list = () => asJson('halt', '--list');

  test('there is none of that name: exit 2, naming stack, Region and account', async () => {
    const answer = await janitor(['halt', '--list', '--stack', 'Nowhere', '--format', 'json']);
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      2,
      {
        code: 'stack-not-found',
        message: `there is no stack Nowhere in eu-central-1 of account ${CLI_ACCOUNT}`,
        hint: expect.stringContaining('--region'),
      },
    ]);
  });

  test('it may not be looked at: exit 4, since a wrong name looks the same', async () => {
    const answer = await changed({ denied: true }, list);
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      4,
      { code: 'aws-denied', hint: expect.stringMatching(/Check the name[\s\S]*credential-janitor-auditor/) },
    ]);
  });

  test.each([
    ['LedgerTable', undefined, 'has no output LedgerTable'],
    ['Mode', 'dry-run', 'has an output Mode that is neither observe nor enforce'],
    ['PolicyHash', 'abc', 'has an output PolicyHash that is no SHA-256'],
    ['ApiUrl', 'url', 'has an output ApiUrl that is no URL'],
    ['ApiUrl', 'http://example.com/', 'has an output ApiUrl that would carry credentials in the clear'],
    [
      'StateMachineArn',
      'arn:aws:lambda:x',
      'has an output StateMachineArn that is no ARN of a state machine',
    ],
  ])('output %s %s: exit 1, naming it', async (name, value, message) => {
    const { [name]: _left, ...rest } = hub.stack.outputs;
    const outputs = value === undefined ? rest : { ...rest, [name]: value };
    const answer = await changed({ outputs, status: 'UPDATE_COMPLETE' }, list);
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      1,
      {
        code: 'stack-unfit',
        message: `stack ${STACK} (UPDATE_COMPLETE) ${message}`,
        hint: expect.stringContaining('another version'),
      },
    ]);
  });

  test('its table is gone, or its bucket denied: exit 1 and what to do', async () => {
    const outputs = { ...hub.stack.outputs, LedgerTable: 'gone' };
    const answer = await changed({ outputs }, list);
    expect([answer.exit, errorOf(answer)]).toMatchObject([
      1,
      { code: 'ledger-unavailable', hint: expect.stringContaining('deploy the stack') },
    ]);
  });

  test('no credentials: exit 2', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
      vi.stubEnv(name, undefined);
    const answer = await list();
    expect([answer.exit, errorOf(answer).code]).toEqual([2, 'aws-no-credentials']);
  });

  test('an unknown profile: exit 2', async () => {
    const answer = await asJson('explain', 'x', '--profile', 'nobody');
    expect([answer.exit, errorOf(answer).code]).toEqual([2, 'profile-unknown']);
  });
});

test('no local ledger is begun by any of this, and no secret was printed', async () => {
  const cwd = emptyFolder();
  await janitor(['halt', '--list', '--stack', STACK], { cwd });
  expect(readdirSync(cwd)).toEqual([]);
  for (const secret of hub.served.secretValues) expect(everythingPrinted()).not.toContain(secret);
});
