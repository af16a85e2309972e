import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { HttpRequest } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedServer } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT_ID, errorName, NOW, type OneAccount, oneAccount, thrown } from './one-account.ts';

let world: OneAccount;
let server: Awaited<ReturnType<typeof startEmbeddedServer>>;
beforeEach(async () => {
  world = oneAccount();
  server = await startEmbeddedServer(world.aws, { port: 0 });
});
afterEach(() => server.close());

function iam(secretAccessKey = world.account.credentials().secretAccessKey, maxAttempts = 1): IAMClient {
  const credentials = { ...world.account.credentials(), secretAccessKey };
  const retryStrategy = new ConfiguredRetryStrategy(maxAttempts, 0);
  return new IAMClient({ region: 'us-east-1', credentials, endpoint: server.url, retryStrategy });
}

async function admin(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${server.url}/_embedded/${path}`, init);
  return { status: response.status, body: await response.json() };
}

describe('the server', () => {
  it('serves DynamoDB on the same port', async () => {
    const client = new DynamoDBClient({
      region: 'us-east-1',
      credentials: world.account.credentials(),
      endpoint: server.url,
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  });

  it('verifies every signature', async () => {
    expect(await errorName(iam('wrong').send(new ListUsersCommand({})))).toBe('SignatureDoesNotMatch');
  });

  it('does not believe a body other than the signed one', async () => {
    const client = iam();
    client.middlewareStack.add(
      (next) => async (args) => {
        if (HttpRequest.isInstance(args.request))
          args.request.body = 'Action=DeleteUser&Version=2010-05-08&UserName=ann';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
    );
    client.middlewareStack.add(
      (next) => async (args) => {
        if (HttpRequest.isInstance(args.request))
          args.request.headers['content-length'] = String(args.request.body.length);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'length' },
    );
    world.account.addUser({ name: 'ann' });
    expect(await errorName(client.send(new ListUsersCommand({})))).toBe('SignatureDoesNotMatch');
    expect(world.aws.changes.all).toEqual([]);
  });

  it('refuses an unsigned request', async () => {
    const response = await fetch(server.url, { method: 'POST', body: 'Action=ListUsers&Version=2010-05-08' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  it('says which services it has when asked for another', async () => {
    const signer = new SignatureV4({
      credentials: world.account.credentials(),
      region: 'us-east-1',
      service: 'ec2',
      sha256: Hash.bind(null, 'sha256'),
    });
    const { hostname, port, host } = new URL(server.url);
    const { headers } = await signer.sign(
      new HttpRequest({ method: 'GET', hostname, port: Number(port), path: '/', headers: { host } }),
    );
    const response = await fetch(server.url, { headers });
    expect(response.status).toBe(501);
    expect(await response.text()).toContain('no service \\"ec2\\"');
  });

  it.each([true, false])(
    'a presigned GetCallerIdentity proves who signed it, with its headers intact: %s',
    async (intact) => {
      const { hostname, port, host } = new URL(server.url);
      const signer = new SignatureV4({
        credentials: world.account.credentials(),
        region: 'us-east-1',
        service: 'sts',
        sha256: Hash.bind(null, 'sha256'),
      });
      const bound = 'x-janitor-request';
      const { query } = await signer.presign(
        new HttpRequest({
          method: 'GET',
          hostname,
          port: Number(port),
          path: '/',
          query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
          headers: { host, [bound]: 'purpose' },
        }),
        { expiresIn: 60, unhoistableHeaders: new Set([bound]) },
      );
      const search = new URLSearchParams(
        Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const response = await fetch(`${server.url}/?${search}`, {
        headers: { [bound]: intact ? 'purpose' : 'another' },
      });
      expect(await response.text()).toContain(
        intact ? 'assumed-role/EmbeddedAdministrator' : 'SignatureDoesNotMatch',
      );
    },
  );

  it.each(['timeout', 'answer-lost'] as const)(
    '%s closes the connection, which the SDK survives',
    async (effect) => {
      world.aws.faults.add({ match: { operation: 'ListUsers' }, effect });
      const { $metadata } = await iam(undefined, 2).send(new ListUsersCommand({}));
      expect($metadata.attempts).toBe(2);
    },
  );

  it('names the port it cannot have', async () => {
    const { port } = new URL(server.url);
    const error = await thrown(startEmbeddedServer(world.aws, { port: Number(port) }));
    expect(error).toMatchObject({ code: 'port-unusable', message: expect.stringContaining(port) });
  });
});

describe('the administration on loopback', () => {
  it('says what it is', async () => {
    expect(await admin('GET', 'status')).toEqual({
      status: 200,
      body: { embeddedAws: 1, now: NOW, pinned: true },
    });
  });

  it('sets the clock', async () => {
    const { body } = await admin('PUT', 'clock', { now: '2026-04-01T00:00:00Z' });
    expect(body).toMatchObject({ now: '2026-04-01T00:00:00.000Z' });
    expect(world.aws.clock.now().toISOString()).toBe('2026-04-01T00:00:00.000Z');
  });

  it('seeds', async () => {
    const { body } = await admin('POST', 'seed', {
      accounts: [{ id: ACCOUNT_ID, users: [{ name: 'ann' }] }],
    });
    expect(body).toEqual({ accounts: [ACCOUNT_ID] });
    expect((await iam().send(new ListUsersCommand({}))).Users).toMatchObject([{ UserName: 'ann' }]);
  });

  it('plants faults and removes them', async () => {
    await admin('POST', 'faults', {
      match: { operation: 'ListUsers' },
      effect: 'error',
      code: 'ServiceFailure',
      times: 'always',
    });
    expect(await errorName(iam().send(new ListUsersCommand({})))).toBe('ServiceFailureException');
    await admin('DELETE', 'faults');
    await iam().send(new ListUsersCommand({}));
  });

  it('tells the calls, without their content', async () => {
    await iam().send(new ListUsersCommand({}));
    const { body } = await admin('GET', 'calls');
    expect(body).toMatchObject({
      counts: { 'iam:ListUsers': 1 },
      calls: [{ n: 1, process: 'http', operation: 'ListUsers', outcome: 'ok' }],
    });
    expect((await admin('GET', 'calls?since=1')).body).toEqual({ counts: {}, calls: [] });
  });

  it.each([
    ['GET', 'nothing', undefined, 404, 'There is no GET nothing'],
    ['PUT', 'clock', { now: 'tomorrow' }, 400, '"tomorrow" is not an instant'],
    ['PUT', 'clock', { at: NOW }, 400, 'Unrecognized key: "at"'],
    ['POST', 'faults', { effect: 'crash' }, 400, 'effect'],
    ['POST', 'seed', { accounts: [{ id: '1' }] }, 400, '12 digits'],
  ])('%s %s %o is refused with what is wrong', async (method, path, body, status, message) => {
    const answer = await admin(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({
      error: { message: expect.stringContaining(message), hint: expect.stringMatching(/\w/) },
    });
  });

  it('wants JSON', async () => {
    const response = await fetch(`${server.url}/_embedded/clock`, { method: 'PUT', body: 'now' });
    expect(await response.json()).toMatchObject({ error: { code: 'request-invalid' } });
  });
});
