import { inspect } from 'node:util';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAwsClients } from '../../lib/aws/index.ts';
import { fromMillis, MINUTE_MS, toMillis } from '../../lib/domain/time.ts';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { HttpTicketSystem } from '../../lib/requests/index.ts';
import { tokenInSecret } from '../../lib/wiring/deployed/ticket-token.ts';
import { NOW } from '../builders/credential.ts';
import { TicketServer } from '../requests/ticket-server.ts';

const HUB = '111122223333';
const REGION = 'eu-central-1';
const FIRST = 'not-a-real-token-0123456789';
const SECOND = 'not-a-real-token-9876543210';
const OPEN = JSON.stringify({ ticket: 'OPS-7', state: 'open' });

let server: TicketServer;
beforeAll(async () => {
  server = await TicketServer.open();
});
afterAll(() => server.close());

const said: string[] = [];
beforeEach(() => {
  server.asked.length = 0;
  server.says(OPEN);
  said.length = 0;
  for (const method of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...what: unknown[]) => {
      said.push(inspect(what, { depth: 9 }));
    });
  }
});
afterEach(() => vi.restoreAllMocks());

/** A hub whose secret holds this value, and the ticket system asked with the token in it. */
async function hub(value = FIRST) {
  let now = NOW;
  const aws = new EmbeddedAws({ now: () => new Date(now) });
  const account = aws.account(HUB);
  const arn = account.addSecret(REGION, { name: 'janitor/ticket-token', value });
  const requestHandler = aws.requestHandler();
  const credentials = account.credentials();
  const clients = await createAwsClients({
    region: REGION,
    credentials,
    requestHandler: () => requestHandler,
    retryDelays: 'none',
  });
  const clock = { now: () => now };
  const variables = { HOME_REGION: REGION, TICKET_TOKEN_SECRET_ARN: arn };
  const token = tokenInSecret({ clients, clock }, variables);
  const asked = new HttpTicketSystem({ url: server.url, timeoutMs: 5_000, clock, token });
  return {
    aws,
    token,
    state: () => asked.stateOf('OPS-7'),
    reads: () => clients.recorder.counts()['secretsmanager:GetSecretValue'] ?? 0,
    later: (millis: number) => {
      now = fromMillis(toMillis(now) + millis);
    },
    put: (SecretString: string) => changed(aws, (client) => client.send(put(arn, SecretString))),
  };
}

const bearers = () => server.asked.map(({ authorization }) => authorization);

describe('the token for the ticket system, in a secret of the hub', () => {
  it('is read when the first ticket is asked for, not before, and kept for 15 minutes', async () => {
    const { state, reads, later, put } = await hub();
    expect(reads()).toBe(0);
    await state();
    await put(SECOND);
    later(15 * MINUTE_MS - 1);
    await state();
    expect(reads()).toBe(1);
    later(1);
    await state();
    expect(reads()).toBe(2);
    expect(bearers()).toEqual([`Bearer ${FIRST}`, `Bearer ${FIRST}`, `Bearer ${SECOND}`]);
  });

  it.each([401, 403])('is read again once the ticket system answered %i', async (status) => {
    const { state, put } = await hub();
    server.says(OPEN, status);
    expect(await state()).toEqual({ unknown: `the ticket system answered with status ${status}` });
    await put(SECOND);
    server.says(OPEN);
    expect(await state()).toMatchObject({ value: 'open' });
    expect(bearers()).toEqual([`Bearer ${FIRST}`, `Bearer ${SECOND}`]);
  });

  it('may end in a line break, as files do', async () => {
    const { state } = await hub(`${FIRST}\n`);
    await state();
    expect(bearers()).toEqual([`Bearer ${FIRST}`]);
  });

  it('there is none where no secret is configured', async () => {
    const clients = await createAwsClients({ region: REGION });
    const clock = { now: () => NOW };
    expect(tokenInSecret({ clients, clock }, { HOME_REGION: REGION })).toBeUndefined();
  });
});

describe('G22 a token that cannot be read leaves the ticket unknown, and the ticket system is not asked', () => {
  const UNKNOWN = { unknown: 'the token for the ticket system could not be used' };
  const denied = { code: 'AccessDeniedException', status: 400, message: `no ${FIRST}` } as const;
  const failures = [
    ['denied', { effect: 'error', ...denied }],
    ['throttled', { effect: 'throttle' }],
  ] as const;
  it.each(failures)('%s; the next question tries again', async (_what, fault) => {
    const { aws, state } = await hub();
    const match = { service: 'secretsmanager', operation: 'GetSecretValue' };
    aws.faults.add({ match, ...fault, times: Number.POSITIVE_INFINITY });
    expect(await state()).toEqual(UNKNOWN);
    expect(server.asked).toEqual([]);
    aws.faults.clear();
    expect(await state()).toMatchObject({ value: 'open' });
  });

  it('a token of more than 15 minutes ago does not stand in for one that cannot be read', async () => {
    const { aws, state, later } = await hub();
    await state();
    later(15 * MINUTE_MS);
    const match = { service: 'secretsmanager', operation: 'GetSecretValue' };
    aws.faults.add({ match, effect: 'error', ...denied, times: Number.POSITIVE_INFINITY });
    expect(await state()).toEqual(UNKNOWN);
    expect(bearers()).toHaveLength(1);
  });

  it.each([
    ['a document', JSON.stringify({ token: FIRST })],
    ['two lines', `${FIRST}\n${SECOND}`],
    ['nothing but space', ' '],
    ['letters that no header takes', `${FIRST}ä`],
  ])('a secret that holds %s is not sent', async (_what, value) => {
    const { state } = await hub(value);
    expect(await state()).toEqual(UNKNOWN);
    expect(server.asked).toEqual([]);
  });

  it('neither token nor what AWS said is in an error or a log', async () => {
    const { aws, token, state } = await hub(JSON.stringify({ token: FIRST }));
    const errors = [await token?.read().catch((error: unknown) => error)];
    const match = { service: 'secretsmanager', operation: 'GetSecretValue' };
    aws.faults.add({ match, effect: 'error', ...denied, times: Number.POSITIVE_INFINITY });
    errors.push(await token?.read().catch((error: unknown) => error));
    await state();
    for (const error of errors) expect(error).toMatchObject({ code: 'ticket-token-unreadable' });
    expect(inspect(errors, { depth: 9 }) + said.join()).not.toContain(FIRST);
  });
});

function put(SecretId: string, SecretString: string) {
  return new PutSecretValueCommand({ SecretId, SecretString });
}

async function changed(aws: EmbeddedAws, change: (client: SecretsManagerClient) => Promise<unknown>) {
  const client = new SecretsManagerClient({
    region: REGION,
    credentials: aws.account(HUB).credentials(),
    requestHandler: aws.requestHandler(),
  });
  await change(client);
  client.destroy();
}
