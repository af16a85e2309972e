import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListUserTagsCommand } from '@aws-sdk/client-iam';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAwsClients } from '../../lib/aws/index.ts';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { EmbeddedAws, startEmbeddedServer } from '../../lib/embedded-aws/index.ts';
import { createLedgerTables, DynamoDecisionLedger, FileEvidenceStore } from '../../lib/ledger/index.ts';
import { checkPolicyTexts, PACKED_POLICY, packPolicy } from '../../lib/policy/index.ts';
import { activatePolicy } from '../../lib/sweep/index.ts';
import { birthEventSchema } from '../../lib/wiring/deployed/births.ts';
import { createAccessKey, createSecret, HUB, MEMBER } from './birth-events.ts';

const REGION = 'eu-central-1';
const LEDGER = 'credential-janitor-ledger';
const STATE = 'credential-janitor-state';
const PREFIX = 'credential-janitor-member';
const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'credential-janitor-tag-newborn',
  functionVersion: '1',
  invokedFunctionArn: `arn:aws:lambda:${REGION}:${HUB}:function:credential-janitor-tag-newborn`,
  memoryLimitInMB: '512',
  awsRequestId: '7c2f3d4e-request',
  logGroupName: '/aws/lambda/credential-janitor-tag-newborn',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 60_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

const aws = new EmbeddedAws({ now: () => new Date() });
const member = aws.account(MEMBER);
let folder: string;
let server: Awaited<ReturnType<typeof startEmbeddedServer>>;
let handle: (event: unknown) => Promise<unknown>;
/** What the function writes to its log, metrics included. */
let log: string[] = [];

/** The shipped policy with its labels enforced in the member account. */
async function policyFolder(): Promise<string> {
  const shipped = path.join(import.meta.dirname, '..', '..', 'policy');
  const to = path.join(folder, 'policy');
  const janitor = await readFile(path.join(shipped, 'janitor.yaml'), 'utf8');
  const enforce = `enforce: [{ rules: [access-key-unlabelled, secret-unlabelled], accounts: ["${MEMBER}"] }]`;
  const text = janitor.replace(/^mode: observe$/m, 'mode: enforce').replace(/^enforce: \[\]$/m, enforce);
  const checked = checkPolicyTexts(text, await readFile(path.join(shipped, 'directory.yaml'), 'utf8'));
  if (!checked.ok) throw new Error(`the policy of this test is invalid: ${JSON.stringify(checked.problems)}`);
  await mkdir(to);
  await writeFile(path.join(to, PACKED_POLICY), packPolicy(checked.policy));
  return to;
}

function addMemberRole(purpose: 'read' | 'tag'): void {
  const principal = { AWS: `arn:aws:iam::${HUB}:root` };
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  };
  member.addRole({
    name: `${PREFIX}-${purpose}`,
    path: '/credential-janitor/',
    trust: JSON.stringify(trust),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tag-newborn-'));
  server = await startEmbeddedServer(aws, { port: 0 });
  const signing = aws.account(HUB).credentials();
  const variables = {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: signing.accessKeyId,
    AWS_SECRET_ACCESS_KEY: signing.secretAccessKey,
    AWS_SESSION_TOKEN: '',
    AWS_REGION: REGION,
    HOME_REGION: REGION,
    LEDGER_TABLE: LEDGER,
    STATE_TABLE: STATE,
    MEMBER_ROLE_PREFIX: PREFIX,
    MODE: 'enforce',
    POLICY_DIR: await policyFolder(),
    POWERTOOLS_SERVICE_NAME: 'tag-newborn',
    POWERTOOLS_METRICS_NAMESPACE: 'CredentialJanitor',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  await createLedgerTables(new DynamoDBClient({ region: REGION }), { ledger: LEDGER, state: STATE });
  addMemberRole('read');
  addMemberRole('tag');
  const { handler } = await import('../../functions/tag-newborn/handler.ts');
  handle = (event) => handler(event, context);
});
beforeEach(() => {
  log = [];
  const keep = (chunk: string | Uint8Array) => log.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true });
});

async function activate(): Promise<void> {
  const { deployedPolicy, openHub, openRecord } = await import('../../lib/wiring/deployed/index.ts');
  const variables = { HOME_REGION: REGION, LEDGER_TABLE: LEDGER, STATE_TABLE: STATE };
  const hub = await openHub(variables);
  const policy = await deployedPolicy({ POLICY_DIR: path.join(folder, 'policy') });
  const evidence = new FileEvidenceStore(path.join(folder, 'evidence'));
  await activatePolicy({ ...hub, ...openRecord(hub, variables), policy, evidence });
}

async function chainOf(credentialId: string): Promise<readonly LedgerEvent[]> {
  const ledger = new DynamoDecisionLedger({
    client: new DynamoDBClient({ region: REGION }),
    tableName: LEDGER,
  });
  return ledger.chain(subjects.credential(credentialId));
}

function newKey(userName: string) {
  const { arn } = member.addUser({ name: userName, path: '/apps/' });
  const { id: accessKeyId } = member.addAccessKey(userName);
  const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return { id: `${arn}/access-key/${accessKeyId}`, accessKeyId, userName, at };
}

const clients = () =>
  createAwsClients({ region: REGION, credentials: member.credentials(), endpoint: server.url });

describe('the function that labels newborns', () => {
  test('before the policy is activated: the birth is recorded, nothing is changed', async () => {
    const { id, at, ...key } = newKey('early');
    await handle(createAccessKey(key, { at }));
    expect((await chainOf(id)).map(({ type }) => type)).toEqual(['credential.born', 'finding.opened']);
    expect(aws.changes.all.filter(({ service }) => service !== 'sts')).toEqual([]);
    expect(log.join('')).toContain('policy-not-activated');
  });

  test('a key: labelled by the member’s tag role, with the delay as a metric', async () => {
    await activate();
    const { id, at, ...key } = newKey('billing');

    await handle(createAccessKey(key, { at }));

    const { iam } = await clients();
    const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'billing' }));
    const expires = plus(`${at.slice(0, 19)}.000Z`, 90 * DAY_MS).slice(0, 10);
    expect(Tags).toEqual([{ Key: `janitor:${key.accessKeyId}`, Value: `owner=ana expires=${expires}` }]);
    expect(await chainOf(id)).toMatchObject([
      { type: 'credential.born', data: { creator: { person: 'ana' }, region: 'us-east-1' } },
      { type: 'finding.opened' },
      { type: 'step.intended', data: { sweepId: 'birth/b7a1e3f0-55d2-4b61-9d3c-6f1f4f7f0a9e' } },
      { type: 'step.done' },
      { type: 'finding.closed' },
    ]);
    expect(aws.changes.all.at(-1)).toMatchObject({
      operation: 'TagUser',
      principalArn: expect.stringContaining(`/${PREFIX}-tag/birth-b7a1e3f0`),
    });
    expect(log.join('')).toMatch(/"BirthDelay":\d+/);
  });

  test('a secret whose event has no answer: found by its name', async () => {
    const arn = member.addSecret(REGION, { name: 'app/db' });
    const at = new Date().toISOString();
    await handle(createSecret('app/db', null, { at, region: REGION }));
    const { secretsManager } = await clients();
    const { Tags = [] } = await secretsManager(REGION).send(new DescribeSecretCommand({ SecretId: arn }));
    expect(Tags.map(({ Key }) => Key).sort()).toEqual(['janitor:expires', 'janitor:owner']);
    expect(log.join('')).not.toMatch(/HIDDEN|secretString/);
  });

  test.each([
    ['a deployment that observes', { MODE: 'observe' as const }],
    ['the management account', { MODE: 'enforce' as const, MANAGEMENT_ACCOUNT: MEMBER }],
  ])('%s: the birth is recorded, nothing is changed', async (_what, mode) => {
    const { deployedPolicy, lookAfter, newbornOf, openHub } = await import(
      '../../lib/wiring/deployed/index.ts'
    );
    const variables = { HOME_REGION: REGION, LEDGER_TABLE: LEDGER, STATE_TABLE: STATE };
    const policy = await deployedPolicy({ POLICY_DIR: path.join(folder, 'policy') });
    const { id, at, ...key } = newKey(`in-${mode.MODE}`);
    const newborn = await newbornOf(birthEventSchema.parse(createAccessKey(key, { at })).detail, policy);
    if ('reason' in newborn) throw new Error(newborn.reason);
    const environment = { ...variables, MEMBER_ROLE_PREFIX: PREFIX, ...mode };
    const nursery = { hub: await openHub(variables), environment, policy };
    expect(await lookAfter(nursery, MEMBER, newborn)).toMatchObject({
      status: 'recorded',
      reason: 'this process observes only',
    });
    expect((await chainOf(id)).map(({ type }) => type)).toEqual(['credential.born']);
  });

  test('the same event again: no metric, no event', async () => {
    const { id, at, ...key } = newKey('again');
    const event = createAccessKey(key, { at });
    await handle(event);
    const before = await chainOf(id);
    log = [];
    await handle(event);
    expect(await chainOf(id)).toEqual(before);
    expect(log.join('')).not.toContain('BirthDelay');
  });

  test('a root key is passed over', async () => {
    await handle(createAccessKey({ accessKeyId: 'AKIAEXAMPLEROOTKEY00' }, { at: '2026-10-15T09:00:00Z' }));
    expect(log.join('')).toContain('a key of the root user is reported and never touched');
  });

  test.each([
    ['no CloudTrail event', { detail: {} }, 'EventInvalid'],
    [
      'an account without roles',
      createAccessKey(
        { userName: 'x', accessKeyId: 'AKIAEXAMPLENOBODY000' },
        { at: '2026-10-15T09:00:00Z', account: '777788889999' },
      ),
      'MemberUnreachable',
    ],
  ])('%s: an error, so that Lambda tries again and then keeps the event', async (_what, event, name) => {
    await expect(handle(event)).rejects.toMatchObject({ name });
  });
});
