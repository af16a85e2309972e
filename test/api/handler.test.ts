import type { Context } from 'aws-lambda';
import { describe, expect, it, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { ANA, gatewayEvent, handlerFor, handlerOver, type Sent, seen } from './gateway.ts';

const HASH = 'a'.repeat(64);
const HALT: Sent = { method: 'POST', path: '/v1/halts', body: '{"target":"all","reason":"leak"}' };
const nested = (depth: number) =>
  `{"target":"all","reason":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

const REFUSED: readonly (readonly [string, Sent, number, string])[] = [
  ['an unknown path', { path: '/v1/nothing' }, 404, 'route-not-found'],
  ['the root', { path: '/' }, 404, 'route-not-found'],
  ['a path with a slash at its end', { path: '/v1/caller/' }, 404, 'route-not-found'],
  ['a path with an empty part', { path: '/v1/requests//approve' }, 404, 'route-not-found'],
  ['a path in capitals', { path: '/V1/caller' }, 404, 'route-not-found'],
  ['a path of Object.prototype', { path: '/v1/__proto__' }, 404, 'route-not-found'],
  ['a wrong method', { method: 'DELETE', path: '/v1/halts' }, 405, 'method-not-allowed'],
  ['HEAD', { method: 'HEAD', path: '/v1/caller' }, 405, 'method-not-allowed'],
  [
    'POST of what is only read',
    { method: 'POST', path: '/v1/openapi.json', body: '{}' },
    405,
    'method-not-allowed',
  ],
  ['a caller without an account', { identity: { ...ANA, accountId: null } }, 403, 'caller-unauthenticated'],
  [
    'a caller without an id',
    { identity: { ...ANA, user: null, caller: null } },
    403,
    'caller-unauthenticated',
  ],
  ['no identity', { identity: null }, 403, 'caller-unauthenticated'],
  ['a request id of another form', { path: '/v1/requests/short' }, 400, 'request-invalid'],
  ['a request id in percent signs', { path: '/v1/requests/%61bcdefgh' }, 400, 'request-invalid'],
  ['an id of another kind', { path: '/v1/challenges/plan-111122223333-4' }, 400, 'request-invalid'],
  ['a plan number of nothing', { path: '/v1/plans/111122223333/0' }, 400, 'request-invalid'],
  ['an unknown parameter', { path: '/v1/halts', query: { debug: ['1'] } }, 400, 'request-invalid'],
  ['a parameter twice', { path: '/v1/requests', query: { limit: ['1', '2'] } }, 400, 'request-invalid'],
  [
    'a parameter __proto__',
    { path: '/v1/halts', query: JSON.parse('{"__proto__":["1"]}') },
    400,
    'request-invalid',
  ],
  ['a limit out of bounds', { path: '/v1/requests', query: { limit: ['101'] } }, 400, 'request-invalid'],
  ['a limit that is no number', { path: '/v1/requests', query: { limit: ['ten'] } }, 400, 'request-invalid'],
  [
    'a bad date',
    { path: '/v1/explain', query: { id: ['x'], at: ['2026-02-30T00:00:00.000Z'] } },
    400,
    'request-invalid',
  ],
  ['confusables in an id', { path: '/v1/explain', query: { id: ['АKIAEXAMPLE'] } }, 400, 'request-invalid'],
  ['a body where none belongs', { path: '/v1/halts', body: '{}' }, 400, 'request-invalid'],
  [
    'no body',
    { ...HALT, body: null, headers: { 'content-type': 'application/json' } },
    400,
    'request-invalid',
  ],
  ['no content type', { ...HALT, headers: {} }, 415, 'content-type-unsupported'],
  [
    'a form',
    { ...HALT, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'content-type-unsupported',
  ],
  [
    'another charset',
    { ...HALT, headers: { 'content-type': 'application/json; charset=utf-16' } },
    415,
    'content-type-unsupported',
  ],
  [
    'JSON of another kind',
    { ...HALT, headers: { 'content-type': 'application/merge-patch+json' } },
    415,
    'content-type-unsupported',
  ],
  [
    'a compressed body',
    { ...HALT, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
    415,
    'content-type-unsupported',
  ],
  [
    'two content types',
    { ...HALT, multiValueHeaders: { 'Content-Type': ['application/json', 'text/plain'] } },
    400,
    'header-ambiguous',
  ],
  ['a body that is no JSON', { ...HALT, body: '{target: all}' }, 400, 'body-not-json'],
  ['two documents', { ...HALT, body: '{}{}' }, 400, 'body-not-json'],
  ['a byte order mark', { ...HALT, body: '\uFEFF{}' }, 400, 'body-not-json'],
  ['a list', { ...HALT, body: '[]' }, 400, 'request-invalid'],
  [
    'a body of 64 KB and a byte',
    { ...HALT, body: `{"reason":"${'x'.repeat(65_536 - 12)}"} ` },
    413,
    'body-too-large',
  ],
  [
    'few characters of many bytes',
    { ...HALT, body: `{"reason":"${'€'.repeat(22_000)}"}` },
    413,
    'body-too-large',
  ],
  ['large base64', { ...HALT, body: 'A'.repeat(100_000), isBase64Encoded: true }, 413, 'body-too-large'],
  ['base64 with blanks', { ...HALT, body: 'e30 =', isBase64Encoded: true }, 400, 'body-not-json'],
  ['base64 of no UTF-8', { ...HALT, body: '/w==', isBase64Encoded: true }, 400, 'body-not-json'],
  ['eleven levels', { ...HALT, body: nested(11) }, 400, 'body-too-deep'],
  ['sixty thousand levels', { ...HALT, body: '['.repeat(60_000) }, 400, 'body-too-deep'],
  ['__proto__', { ...HALT, body: '{"__proto__":{"target":"all"},"reason":"x"}' }, 400, 'body-key-forbidden'],
  [
    'constructor',
    { ...HALT, body: '{"target":"all","reason":{"constructor":1}}' },
    400,
    'body-key-forbidden',
  ],
  ['an escaped __proto__', { ...HALT, body: '{"\\u005f_proto__":1}' }, 400, 'body-key-forbidden'],
  ['half a surrogate pair', { ...HALT, body: '{"target":"all","reason":"\\ud800"}' }, 400, 'request-invalid'],
  [
    'an unknown field',
    { ...HALT, body: '{"target":"all","reason":"x","force":true}' },
    400,
    'request-invalid',
  ],
  ['a wrong type', { ...HALT, body: '{"target":"all","reason":7}' }, 400, 'request-invalid'],
  ['a target of nothing', { ...HALT, body: '{"target":"account:12","reason":"x"}' }, 400, 'request-invalid'],
  [
    'a reason that turns round',
    { ...HALT, body: '{"target":"all","reason":"\\u202egnp"}' },
    400,
    'request-invalid',
  ],
  [
    'a hash in capitals',
    { method: 'POST', path: '/v1/policy/activate', body: `{"hash":"${'A'.repeat(64)}"}` },
    400,
    'request-invalid',
  ],
];

describe('bad input is answered with the field and the way out, and never reaches the service', () => {
  it.each(REFUSED)('%s', async (_name, sent, status, code) => {
    const { ask, calls } = handlerOver();
    const answer = await ask(sent);
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.body.type).toBe(`urn:credential-janitor:problem:${code}`);
    expect(answer.body.hint).toMatch(/\.$/);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(calls).toEqual([]);
  });

  it('names every field that is wrong, and repeats no value', async () => {
    const { ask } = handlerOver();
    const { body } = await ask({ ...HALT, body: '{"target":"s3cr3t-value","force":1}' });
    expect(body.errors).toEqual([
      { field: 'body.target', message: 'is wrong: write all, account:<id> or rule:<id>' },
      { field: 'body.reason', message: 'is missing' },
      { field: 'body.force', message: 'is no known field' },
    ]);
    expect(JSON.stringify(body)).not.toContain('s3cr3t');
  });

  it('405 lists the methods there are', async () => {
    const { ask } = handlerOver();
    expect((await ask({ method: 'PUT', path: '/v1/halts' })).headers.allow).toBe('GET, POST');
    expect((await ask({ method: 'GET', path: '/v1/requests/12345678/approve' })).headers.allow).toBe('POST');
  });
});

describe('what is well-formed reaches the service as the schemas made it', () => {
  it.each([
    ['JSON', HALT],
    ['JSON with a charset', { ...HALT, headers: { 'CONTENT-TYPE': 'application/json; charset=UTF-8' } }],
    ['base64', { ...HALT, body: base64(HALT.body ?? ''), isBase64Encoded: true }],
    ['exactly 64 KB', { ...HALT, body: `{"target":"all","reason":"leak"}${' '.repeat(65_536 - 32)}` }],
  ])('%s', async (_name, sent) => {
    const { ask, calls } = handlerOver();
    expect((await ask(sent)).status).toBe(200);
    const caller = { accountId: ANA.accountId, arn: ANA.userArn, userId: ANA.user };
    expect(calls).toEqual([
      { operation: 'placeHalt', parameters: [caller, { target: 'all', reason: 'leak' }] },
    ]);
  });

  it('brackets and quotes inside of texts are no nesting', async () => {
    const { ask, calls } = handlerOver();
    const reason = `${'[{'.repeat(30)} "quoted" \\`;
    await ask({ ...HALT, body: JSON.stringify({ target: 'all', reason }) });
    expect(calls[0]?.parameters[1]).toEqual({ target: 'all', reason });
  });

  it('a plan is named by the two parts of its id', async () => {
    const { ask, calls } = handlerOver();
    await ask({ method: 'POST', path: '/v1/plans/111122223333/4/approve', body: `{"planHash":"${HASH}"}` });
    expect(calls).toMatchObject([
      { operation: 'approvePlan', parameters: [{}, 'plan/111122223333/4', HASH] },
    ]);
  });

  it('a caller without user is taken by caller', async () => {
    const { ask, calls } = handlerOver();
    await ask({ identity: { ...ANA, user: null, caller: 'AROAEXAMPLEROLE00001:ci' } });
    expect(calls[0]?.parameters[0]).toMatchObject({ userId: 'AROAEXAMPLEROLE00001:ci' });
  });

  it('headers that claim an identity are not looked at', async () => {
    const { ask, calls } = handlerOver();
    const headers = {
      'x-amzn-iam-user-arn': 'arn:aws:iam::111122223333:user/root',
      'x-amz-security-token': 'token',
      'x-amzn-iam-caller': 'AIDAOTHER',
      authorization: 'AWS4-HMAC-SHA256 Credential=AKIAOTHER/20260101/eu-central-1/execute-api/aws4_request',
    };
    await ask({ headers });
    expect(calls[0]?.parameters[0]).toMatchObject({ arn: ANA.userArn, userId: ANA.user });
  });
});

describe('what the service throws', () => {
  const thrown = (error: unknown) =>
    handlerOver(() => {
      throw error;
    });
  const ours = (code: string, source: 'user' | 'policy' | 'access' | 'system') =>
    new JanitorError('what failed', { code, source, hint: 'Do that.' });

  it.each([
    ['request-conflict', 'user', 409],
    ['request-not-found', 'user', 404],
    ['plan-not-pending', 'policy', 409],
    ['request-denied', 'policy', 403],
    ['some-not-found', 'user', 404],
    ['some-conflict', 'user', 409],
    ['something-else', 'user', 400],
    ['something-else', 'policy', 403],
    ['something-else', 'access', 502],
    ['something-else', 'system', 503],
  ] as const)('%s of source %s is %i', async (code, source, status) => {
    const { ask, lines } = thrown(ours(code, source));
    const answer = await ask({});
    expect(answer).toMatchObject({ status, body: { code, detail: 'what failed', hint: 'Do that.' } });
    expect(answer.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
    expect(lines).toHaveLength(1);
  });

  it('a field that a use case found impossible is named', async () => {
    const details = { field: 'endsAt' };
    const { ask } = thrown(
      new JanitorError('endsAt: it has passed', { code: 'end-in-past', source: 'user', details }),
    );
    expect((await ask({})).body.errors).toEqual([{ field: 'body.request.endsAt', message: 'it has passed' }]);
  });

  it('anything but our own error is unexpected, logged once and not told (I20)', async () => {
    const { ask, lines } = thrown(new TypeError('password hunter2 is undefined'));
    const answer = await ask({});
    expect(answer).toMatchObject({ status: 500, body: { code: 'unexpected' } });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('fields that are no part of the contract do not leave', async () => {
    const halt = {
      haltId: 'halt/1',
      target: 'all',
      by: { kind: 'person', arn: 'a' },
      at: '2026-01-01T00:00:00.000Z',
      reason: 'x',
    };
    const { ask } = handlerOver(() => ({ ...halt, secret: 'value' }));
    expect((await ask(HALT)).body).toEqual(halt);
  });
});

test('before Lambda ends the invocation it is said, and that repeating is safe', async () => {
  const handler = handlerFor(() => new Promise(() => {}));
  const context = { getRemainingTimeInMillis: () => 501 };
  const answer = seen(await handler(gatewayEvent(), context as Context));
  expect(answer).toMatchObject({ status: 503, body: { code: 'timed-out' }, headers: { 'retry-after': '5' } });
});

test('the document is served, and answers are told to be kept and run by nobody', async () => {
  const { ask, calls } = handlerOver();
  const { status, body, headers } = await ask({ path: '/v1/openapi.json' });
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  expect(calls).toEqual([]);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
});
