import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { type ApiServer, listenOnLoopback } from '../../lib/wiring/serve/http-server.ts';
import { throughGateway } from '../../lib/wiring/serve/local-gateway.ts';
import { handlerFor, recordingService } from './gateway.ts';
import { type Signer, send, signed } from './signed.ts';

const ACCOUNT = '111122223333';
const ORGANISATION = 'o-embeddedaws1';
const NOW = new Date('2026-03-02T08:00:00Z');
const HALT = { method: 'POST', target: '/v1/halts', body: '{"target":"all","reason":"leak"}' };

const aws = new EmbeddedAws({ now: '2026-03-01T00:00:00Z' });
const account = aws.account(ACCOUNT);
const ana = account.addUser({ name: 'ana', path: '/people/' });
const key = account.addAccessKey('ana');
const inactive = account.addAccessKey('ana', { status: 'Inactive' });
const signer: Signer = { accessKeyId: key.id, secretAccessKey: key.secretAccessKey };
const { service, calls } = recordingService(() => ({}));
const events: unknown[] = [];
const inner = handlerFor(async () => service);

let server: ApiServer;
beforeAll(async () => {
  const gateway = {
    aws,
    region: 'eu-central-1',
    accountId: ACCOUNT,
    now: () => NOW,
    handler: (event: Parameters<typeof inner>[0], context: Parameters<typeof inner>[1]) => {
      events.push(structuredClone(event.requestContext.identity));
      return inner(event, context);
    },
  };
  server = await listenOnLoopback(0, (request) => throughGateway(gateway, request));
});
afterAll(() => server.close());

const ask = async (call: Parameters<typeof signed>[2], by: Signer = signer) =>
  send(server.url, await signed(server.url, by, { signingDate: NOW, ...call }));

describe('who signs is who calls', () => {
  it('an IAM user, as API Gateway words it', async () => {
    const { status, headers } = await ask(HALT);
    expect(status).toBe(200);
    expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    const caller = { accountId: ACCOUNT, arn: ana.arn, userId: ana.userId };
    expect(calls.at(-1)).toEqual({
      operation: 'placeHalt',
      parameters: [caller, { target: 'all', reason: 'leak' }],
    });
    expect(events.at(-1)).toMatchObject({
      accountId: ACCOUNT,
      accessKey: key.id,
      caller: ana.userId,
      user: ana.userId,
      userArn: 'arn:aws:iam::111122223333:user/people/ana',
      principalOrgId: ORGANISATION,
    });
  });

  it('a session of a role, with its token', async () => {
    const session = await sessionOf('deploy', 'ci-7');
    expect((await ask({}, session)).status).toBe(200);
    expect(calls.at(-1)?.parameters[0]).toEqual({
      accountId: ACCOUNT,
      arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci-7',
      userId: expect.stringMatching(/^AROA[A-Z0-9]+:ci-7$/),
    });
  });

  it('headers that claim to be somebody else change nothing, signed or not', async () => {
    const headers = { 'x-amzn-iam-user-arn': 'arn:aws:iam::111122223333:root', 'x-amz-user-id': 'AIDAROOT' };
    await ask({ headers });
    expect(calls.at(-1)?.parameters[0]).toMatchObject({ arn: ana.arn });
    const call = await signed(server.url, signer, { signingDate: NOW });
    await send(server.url, { ...call, headers: { ...call.headers, ...headers } });
    expect(calls.at(-1)?.parameters[0]).toMatchObject({ arn: ana.arn });
  });

  it('a query in any order and with signs is what was signed', async () => {
    expect((await ask({ target: '/v1/explain?id=arn:aws:iam::1:user/a%2Bb%20c' })).status).toBe(400);
    expect((await ask({ target: '/v1/explain?id=arn:aws:iam::1:user/a%2Bb' })).status).toBe(200);
    expect(calls.at(-1)?.parameters[1]).toEqual({ id: 'arn:aws:iam::1:user/a+b' });
  });

  it('a parameter given twice arrives as two and is refused by the handler', async () => {
    const { status, body } = await ask({ target: '/v1/requests?limit=1&limit=2' });
    expect({ status, errors: body.errors }).toEqual({
      status: 400,
      errors: [{ field: 'query.limit', message: 'is given more than once' }],
    });
  });

  it('bytes that are no UTF-8 arrive as bytes and are refused by the handler', async () => {
    const { status, body } = await ask({ ...HALT, body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'body-not-json' });
  });
});

async function sessionOf(role: string, name: string): Promise<Signer> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
    ],
  };
  const { arn } = account.addRole({ name: role, trust });
  const sts = new STSClient({
    region: 'eu-central-1',
    credentials: account.credentials(),
    requestHandler: aws.requestHandler(),
  });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: name }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

const MINUTES = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

describe('what the gateway refuses never reaches the handler', () => {
  const refusedAs = async (answer: Promise<Awaited<ReturnType<typeof ask>>>, type: string, code: string) => {
    const before = calls.length;
    const { status, headers, body } = await answer;
    expect({ status, type: headers.get('x-amzn-errortype'), code: body.code }).toEqual({
      status: 403,
      type: `${type}Exception`,
      code,
    });
    expect(body.message).toBe(body.detail);
    expect(calls).toHaveLength(before);
  };

  it.each([
    ['another service', { service: 'sts' }, 'InvalidSignature'],
    ['another Region', { region: 'us-east-1' }, 'InvalidSignature'],
    ['a signature of 6 minutes ago', { signingDate: MINUTES(-6) }, 'InvalidSignature'],
    ['a signature of in 6 minutes', { signingDate: MINUTES(6) }, 'InvalidSignature'],
  ])('%s', (_name, call, type) => refusedAs(ask(call), type, 'caller-unauthenticated'));

  it.each([
    ['an unknown key', { accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'x' }, 'UnrecognizedClient'],
    ['a wrong secret', { ...signer, secretAccessKey: 'wrong' }, 'InvalidSignature'],
    [
      'an inactive key',
      { accessKeyId: inactive.id, secretAccessKey: inactive.secretAccessKey },
      'UnrecognizedClient',
    ],
  ])('%s', (_name, by, type) => refusedAs(ask({}, by), type, 'caller-unauthenticated'));

  it('no signature, and a presigned link', async () => {
    const unsigned = { method: 'GET', headers: {}, target: '/v1/caller' };
    await refusedAs(send(server.url, unsigned), 'MissingAuthenticationToken', 'caller-unauthenticated');
    const target = `/v1/caller?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${key.id}%2F20260302&X-Amz-Signature=00`;
    const presigned = { ...unsigned, target };
    await refusedAs(send(server.url, presigned), 'MissingAuthenticationToken', 'caller-unauthenticated');
  });

  it('an Authorization header that is none, and one without host', async () => {
    const call = await signed(server.url, signer, { signingDate: NOW });
    for (const authorization of ['Bearer x', 'AWS4-HMAC-SHA256 Credential=a/b']) {
      const headers = { ...call.headers, authorization };
      await refusedAs(
        send(server.url, { ...call, headers }),
        'IncompleteSignature',
        'caller-unauthenticated',
      );
    }
    const authorization = (call.headers.authorization ?? '').replace('host;', '');
    const headers = { ...call.headers, authorization };
    await refusedAs(send(server.url, { ...call, headers }), 'InvalidSignature', 'caller-unauthenticated');
  });

  it('anything changed after it was signed', async () => {
    const call = await signed(server.url, signer, { signingDate: NOW, ...HALT });
    const changes = [
      { ...call, body: Buffer.from(HALT.body.replace('leak', 'joke')) },
      { ...call, method: 'GET', body: undefined as never },
      { ...call, target: '/v1/halts/lift' },
      { ...call, target: '/v1/halts?x=1' },
      { ...call, headers: { ...call.headers, 'x-amz-date': '20260302T080100Z' } },
      { ...call, headers: { ...call.headers, 'content-type': 'application/json; charset=utf-8' } },
    ];
    for (const changed of changes) {
      await refusedAs(send(server.url, changed), 'InvalidSignature', 'caller-unauthenticated');
    }
  });

  it('a session without its token, with another, and one that has ended', async () => {
    const session = await sessionOf('ends', 'ci-8');
    const { sessionToken: _token, ...without } = session;
    await refusedAs(ask({}, without), 'UnrecognizedClient', 'caller-unauthenticated');
    await refusedAs(
      ask({}, { ...session, sessionToken: 'other' }),
      'UnrecognizedClient',
      'caller-unauthenticated',
    );
    aws.clock.advance(2 * 3_600_000);
    await refusedAs(ask({}, session), 'ExpiredToken', 'caller-unauthenticated');
  });

  it('a principal that is denied execute-api:Invoke', async () => {
    account.deny(ana.arn, ['execute-api:*']);
    await refusedAs(ask({}), 'AccessDenied', 'caller-refused');
    account.allow(ana.arn);
  });
});

describe('smuggled requests die at the door', () => {
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.end(text));
      let answer = '';
      socket.on('data', (data) => {
        answer += String(data);
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  it.each([
    ['two content lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x'],
    ['a content length beside chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a header name with a blank', 'X-Claim : root\r\n\r\n'],
    ['a line folded', 'X-Claim: a\n b\r\n\r\n'],
  ])('%s', async (_name, rest) => {
    const before = calls.length;
    expect(await raw(`POST /v1/halts HTTP/1.1\r\nHost: 127.0.0.1\r\n${rest}`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(calls).toHaveLength(before);
  });

  it('a target that names a host, and a broken escape', async () => {
    const heads = ['GET http://evil.example/v1/caller', 'GET /v1/explain?id=%zz'];
    for (const head of heads) {
      const answer = await raw(`${head} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    }
  });
});
