import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROUTES, type Service } from '../../lib/api/index.ts';
import { JanitorError } from '../../lib/domain/error.ts';
import { apiClient } from '../../lib/wiring/api-client/api-client.ts';
import { apiAddress, regionOfApi } from '../../lib/wiring/api-client/endpoint.ts';
import { recordingService } from '../api/gateway.ts';
import { apiGateway, fakeGateway } from './deployed/api-gateway.ts';
import { type Answered, serveLoopback } from './deployed/loopback.ts';
import { answers, HASH, PLAN_ID, REQUEST } from './service-answers.ts';

const REGION = 'eu-central-1';
const KEY = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'a-secret-of-the-test',
  sessionToken: 'token-1',
};
const ARN = 'arn:aws:iam::111122223333:user/people/ana';

const gateway = fakeGateway();
let answer: (operation: string) => unknown = (operation) => answers[operation as keyof Service];
const { service, calls } = recordingService((operation) => answer(operation));
let server: Awaited<ReturnType<typeof serveLoopback>>;
const client = (credentials = KEY, region = REGION) =>
  apiClient({ url: `${server.url}${gateway.stage}`, region, credentials: async () => credentials });

beforeAll(async () => {
  server = await serveLoopback(apiGateway(gateway, async () => service, REGION));
  gateway.signers.set(KEY.accessKeyId, { arn: ARN, userId: 'AIDAEXAMPLEUSERANA01', ...KEY });
});
afterAll(() => server.close());
beforeEach(() => {
  gateway.instead = undefined;
  answer = (operation) => answers[operation as keyof Service];
  calls.length = 0;
});

const CREDENTIAL = 'arn:aws:iam::111122223333:user/ci/deployer/access-key/AKIAIOSFODNN7EXAMPLE';
const EXCEPTION = '0198c2f4-7d1e-7c11-a2c3-5e6f70819203';
const CHALLENGE = '5f0c2b7d9e1a4c3f8b6d7e9f0a1b2c3d';
const PAGE = { state: 'all', limit: 7, cursor: 'a+b/c=' } as const;

/** Every operation, with arguments that would not survive a careless client. */
const CALLS: Readonly<{ [Name in keyof Service]: readonly unknown[] }> = {
  whoAmI: [],
  submitRequest: [{ requestId: EXCEPTION, request: REQUEST, delegation: [{ version: 1 }] }],
  listRequests: [PAGE],
  getRequest: [EXCEPTION],
  approveRequest: [EXCEPTION, HASH],
  rejectRequest: [EXCEPTION, 'nicht jetzt, später – 100 % sicher'],
  withdrawRequest: [EXCEPTION, undefined],
  listExceptions: [PAGE],
  getException: [EXCEPTION],
  revokeException: [EXCEPTION, 'done'],
  openChallenge: [{ challenged: { kind: 'exception', exceptionId: EXCEPTION }, reason: 'the vendor left' }],
  listChallenges: [{ state: 'open', limit: 25 }],
  getChallenge: [CHALLENGE],
  decideChallenge: [CHALLENGE, { verdict: 'dismissed', reason: 'unused' }],
  listPlans: ['111122223333'],
  getPlan: [PLAN_ID],
  approvePlan: [PLAN_ID, HASH],
  rejectPlan: [PLAN_ID, 'ask the owner'],
  placeHalt: [{ target: 'rule:access-key-unused', reason: 'x' }],
  liftHalt: [{ target: 'all', reason: 'x' }],
  listHalts: [],
  allowRotations: [{ accountId: '111122223333', reason: 'mended' }],
  restore: [{ credentialId: CREDENTIAL, reason: 'x' }],
  rotate: [{ credentialId: CREDENTIAL, reason: 'x' }],
  getPolicy: [],
  activatePolicy: [{ hash: HASH }],
  explain: [{ id: 'plans#111122223333', at: '2026-03-02T08:00:00.000Z' }],
};

describe('every operation of the service arrives as it was meant, and its answer as it was given', () => {
  test('the table is complete', () => {
    expect(Object.keys(CALLS).sort()).toEqual(Object.keys(ROUTES).sort());
  });

  test.each(Object.entries(CALLS))('%s', async (operation, parameters) => {
    const method = Reflect.get(client(), operation) as (...given: readonly unknown[]) => Promise<unknown>;
    expect(await method(...parameters)).toEqual(answers[operation as keyof Service]);
    const [{ parameters: [caller, ...arrived] = [], ...call } = { operation: '' }] = calls;
    expect(call.operation).toBe(operation);
    expect(caller).toEqual({ accountId: '111122223333', arn: ARN, userId: 'AIDAEXAMPLEUSERANA01' });
    expect(arrived).toEqual(parameters);
  });
});

describe('errors keep their code and their way out; who can mend them follows from the status', () => {
  test.each([
    ['user', 'request-invalid', 'user'],
    ['user', 'request-not-found', 'user'],
    ['user', 'request-conflict', 'user'],
    ['user', 'another-request', 'user'],
    ['policy', 'not-an-approver', 'policy'],
    ['policy', 'plan-not-pending', 'policy'],
    ['policy', 'already-approved', 'policy'],
    ['access', 'member-unreachable', 'access'],
    ['system', 'act-under-way', 'system'],
    ['system', 'ledger-contended', 'system'],
  ] as const)('source %s, code %s: source %s', async (source, code, expected) => {
    answer = () => {
      throw new JanitorError('what failed', { code, source, hint: 'what to do' });
    };
    await expect(client().getPlan(PLAN_ID)).rejects.toMatchObject({
      code,
      source: expected,
      message: 'what failed',
      hint: 'what to do',
    });
  });

  test('what the API found wrong is named field by field', async () => {
    const wrong = { requestId: 'short', request: REQUEST };
    const error = await client()
      .submitRequest(wrong)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'request-invalid',
      source: 'user',
      details: { status: 400, errors: [{ field: 'body.requestId' }] },
    });
  });

  test('a plan id that is none is refused before anything is sent', async () => {
    const before = gateway.asked.length;
    await expect(client().approvePlan('nonsense', HASH)).rejects.toMatchObject({ code: 'plan-not-found' });
    expect(gateway.asked).toHaveLength(before);
  });
});

describe('who is not let in', () => {
  test.each([
    ['a wrong secret', { ...KEY, secretAccessKey: 'another' }, REGION],
    ['a stale session token', { ...KEY, sessionToken: 'token-0' }, REGION],
    ['another Region', KEY, 'us-east-1'],
  ])('%s: nothing was done, and what it takes', async (_name, credentials, region) => {
    const before = gateway.asked.length;
    const error = await client(credentials, region)
      .whoAmI()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'api-denied',
      source: 'access',
      message: expect.stringContaining('nothing was done'),
      details: { permission: 'execute-api:Invoke' },
    });
    expect(gateway.asked).toHaveLength(before);
  });
});

test('what the gateway says of a signature is not repeated: it quotes what was signed', async () => {
  const detail = 'The Canonical String should have been x-amz-security-token:token-1';
  const problem = { status: 403, title: 'Refused', detail, code: 'caller-unauthenticated' };
  gateway.instead = { status: 403, body: JSON.stringify(problem) };
  const error = await client()
    .whoAmI()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'api-denied', source: 'access' });
  expect(String(error)).not.toContain('token-1');
});

describe('trouble on the way', () => {
  const cases: readonly (readonly [string, Answered | 'dropped', string, string])[] = [
    ['the connection ends', 'dropped', 'api-unanswered', 'outcome-unknown'],
    [
      'the gateway gives up',
      { status: 504, body: '{"message":"Endpoint request timed out"}' },
      'api-unanswered',
      'outcome-unknown',
    ],
    ['the answer is a page', { status: 200, body: '<html>' }, 'api-unanswered', 'outcome-unknown'],
    ['the answer has another shape', { status: 200, body: '{}' }, 'api-unanswered', 'outcome-unknown'],
    ['no room', { status: 429, body: '{"message":"Too Many Requests"}' }, 'api-throttled', 'api-throttled'],
    ['another service', { status: 404, body: 'not here' }, 'api-unrecognised', 'api-unrecognised'],
  ];
  test.each(cases)('%s', async (_name, instead, reading, changing) => {
    gateway.instead = instead;
    await expect(client().getRequest(EXCEPTION)).rejects.toMatchObject({ code: reading });
    gateway.instead = instead;
    await expect(client().rejectRequest(EXCEPTION, 'x')).rejects.toMatchObject({ code: changing });
  });

  test('a redirect is not followed: nothing signed reaches the other place', async () => {
    const reached: string[] = [];
    const other = await serveLoopback(async ({ path }) => {
      reached.push(path);
      return { status: 200, body: '{}' };
    });
    const redirecting = await redirectTo(other.url);
    const redirected = apiClient({ url: redirecting.url, region: REGION, credentials: async () => KEY });
    await expect(redirected.approveRequest(EXCEPTION, HASH)).rejects.toMatchObject({
      code: 'api-redirected',
    });
    expect(reached).toEqual([]);
    await redirecting.close();
    await other.close();
  });

  test.each([
    ['approveRequest', `"janitor request show ${EXCEPTION}"`],
    ['rejectRequest', `"janitor request show ${EXCEPTION}"`],
    ['withdrawRequest', `"janitor request show ${EXCEPTION}"`],
    ['submitRequest', `--request-id ${EXCEPTION} --until ${REQUEST.endsAt}`],
    ['revokeException', `"janitor exception show ${EXCEPTION}"`],
    ['openChallenge', 'a second call meets the challenge there is'],
    ['decideChallenge', `"janitor challenge show ${CHALLENGE}"`],
    ['approvePlan', `"janitor explain ${PLAN_ID}"`],
    ['rejectPlan', `"janitor explain ${PLAN_ID}"`],
    ['placeHalt', '"janitor halt --list"'],
    ['liftHalt', '"janitor halt --list"'],
    ['allowRotations', '"janitor explain rotations#111122223333"'],
    ['restore', `"janitor explain ${CREDENTIAL}"`],
    ['rotate', `"janitor explain ${CREDENTIAL}"`],
    ['activatePolicy', '"janitor explain policy#activation"'],
  ] as const)('%s may have happened, and the error says how to look', async (operation, look) => {
    gateway.instead = 'dropped';
    const method = Reflect.get(client(), operation) as (...given: readonly unknown[]) => Promise<unknown>;
    const error = await method(...CALLS[operation]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'outcome-unknown',
      message: expect.stringContaining('it may have happened'),
      hint: expect.stringContaining(look),
    });
  });

  test('what never left is not said to have happened', async () => {
    const closed = await serveLoopback(async () => 'dropped');
    await closed.close();
    const nowhere = apiClient({ url: closed.url, region: REGION, credentials: async () => KEY });
    await expect(nowhere.approveRequest(EXCEPTION, HASH)).rejects.toMatchObject({ code: 'api-unreachable' });
  });
});

async function redirectTo(url: string) {
  const { createServer } = await import('node:http');
  const redirecting = createServer((_incoming, outgoing) => outgoing.writeHead(307, { location: url }).end());
  await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
  const { port } = Object(redirecting.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => redirecting.close(resolve)),
  };
}

describe('where an API may be', () => {
  test.each([
    ['https://abc123.execute-api.eu-west-1.amazonaws.com/live', 'eu-west-1'],
    ['https://abc123.execute-api.cn-north-1.amazonaws.com.cn/live/', 'cn-north-1'],
    ['https://janitor.example.com', REGION],
    ['http://127.0.0.1:4590', REGION],
  ])('%s, signed for %s', (typed, region) => {
    expect(apiAddress(typed)).toBe(typed.replace(/\/$/, ''));
    expect(regionOfApi(apiAddress(typed), REGION)).toBe(region);
  });

  test.each([
    'http://janitor.example.com',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1@evil.example',
    'https://ana:secret@janitor.example.com',
    'https://janitor.example.com?stage=live',
    'https://janitor.example.com/#x',
    'ftp://127.0.0.1',
    'janitor.example.com',
    '',
  ])('not %s', (typed) => {
    expect(() => apiAddress(typed)).toThrow(expect.objectContaining({ code: 'api-invalid', source: 'user' }));
  });
});
