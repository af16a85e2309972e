import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ServedAccount, serveAccount } from '../builders/command-line.ts';
import { GRANT_ID } from './broker-answers.ts';
import { serveLoopback } from './deployed/loopback.ts';
import { type FakeStack, stackApi } from './deployed/stack-api.ts';
import { servedBroker } from './served-broker.ts';

const STACK = 'CredentialJanitor';
const ASKED = ['--account', '111122223333', '--reason', 'the replica lags behind', '--ticket', 'OPS-123'];

const broker = servedBroker();
let account: ServedAccount;
let cloudFormation: Awaited<ReturnType<typeof serveLoopback>>;
const stack: FakeStack = { name: STACK, status: 'CREATE_COMPLETE', outputs: {}, denied: false };

beforeAll(async () => {
  account = await serveAccount();
  cloudFormation = await serveLoopback(stackApi(stack));
  stack.outputs = {
    LedgerTable: 'ledger',
    StateTable: 'state',
    EvidenceBucket: 'evidence',
    StateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:credential-janitor-sweep',
    ApiUrl: broker.url,
    Region: 'eu-central-1',
    Mode: 'observe',
    PolicyHash: 'a'.repeat(64),
  };
});
afterAll(async () => {
  await cloudFormation.close();
  await account.close();
});

/** A command at the stack, of somebody of that account. */
function atStack(...argv: readonly string[]) {
  const key = account.aws.account('111122223333').credentials();
  const arn = 'arn:aws:iam::111122223333:user/people/ana';
  broker.gateway.signers.set(key.accessKeyId, { arn, userId: 'AIDAEXAMPLEUSERANA01', ...key });
  const env = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_ENDPOINT_URL', account.url);
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', cloudFormation.url);
  return broker.janitor(['break-glass', argv[0] ?? '', '--stack', STACK, ...argv.slice(1)], {
    env: { JANITOR_API: '' },
  });
}

test('--stack finds the broker by the stack, and commands that are printed name it', async () => {
  const { exit, out } = await atStack('show', GRANT_ID);
  expect(exit).toBe(0);
  expect(out).toContain(`janitor break-glass return --stack ${STACK} ${GRANT_ID}`);
});

test('a profile asks the API itself: a renewal looks for no stack', async () => {
  const { exit } = await atStack('start', 'database-admin', ...ASKED, '--profile-name', 'incident');
  expect(exit).toBe(0);
  const config = readFileSync(path.join(broker.home, '.aws', 'config'), 'utf8');
  expect(config).toContain(`--api ${broker.url} --region eu-central-1`);
  expect(config).not.toContain('--stack');
});

test('a stack that there is not is said to be none, and nothing is asked', async () => {
  const { exit, err } = await atStack('list', '--stack', 'Another');
  expect(exit).toBe(2);
  expect(err).toContain('there is no stack Another');
  expect(broker.calls).toEqual([]);
});
