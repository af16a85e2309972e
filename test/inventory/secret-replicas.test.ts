import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createAwsClients } from '../../lib/aws/index.ts';
import type { SecretSeed } from '../../lib/embedded-aws/index.ts';
import { readWorld, testWorld } from './world.ts';

const REGION = 'eu-central-1';
const LONG_AGO = '2025-01-01T00:00:00.000Z';

async function worldWith(...secrets: readonly SecretSeed[]) {
  const world = await testWorld();
  for (const secret of secrets) world.account.addSecret(REGION, { createdAt: LONG_AGO, ...secret });
  return world;
}

async function readOne(secret: SecretSeed, restsOnDisuse = false) {
  const result = await readWorld(await worldWith(secret), { restsOnDisuse: () => restsOnDisuse });
  return { ...result, facts: result.of(secret.name).facts };
}

describe('a secret idle here may be busy there: replicas', () => {
  const replicated: SecretSeed = {
    name: 'shared',
    lastAccessedAt: '2026-03-01T00:00:00Z',
    replicas: [{ region: 'eu-west-1', lastAccessedAt: '2026-10-14T00:00:00Z' }, { region: 'us-east-1' }],
  };

  test('when a step rests on its disuse, the latest use of any Region counts', async () => {
    const { facts, calls } = await readOne(replicated, true);
    expect(calls['secretsmanager:DescribeSecret']).toBe(1);
    expect(facts).toMatchObject({
      lastUsedAt: { value: '2026-10-14T23:59:59.999Z', source: 'secretsmanager:DescribeSecret' },
      replicaRegions: { value: ['eu-west-1', 'us-east-1'] },
    });
  });

  test('otherwise its last use is unknown from the listing, which does not show replicas', async () => {
    const { facts, calls } = await readOne(replicated);
    expect(calls['secretsmanager:DescribeSecret']).toBeUndefined();
    expect(facts.lastUsedAt).toEqual({ unknown: expect.stringContaining('replicas') });
    expect(facts.replicaRegions).toEqual({ unknown: expect.anything() });
  });

  test('unless it was used here just now', async () => {
    const { facts } = await readOne({ ...replicated, lastAccessedAt: '2026-10-14T00:00:00Z' });
    expect(facts.lastUsedAt).toMatchObject({ value: '2026-10-14T23:59:59.999Z' });
  });

  test.each(['Failed', 'InProgress', undefined])(
    'G21 a replica that is %s may be in use unseen: unknown, and the result is incomplete',
    async (status) => {
      const replica = { Region: 'eu-west-1', ...(status === undefined ? {} : { Status: status }) };
      const world = await worldWith(replicated);
      const clients = await createAwsClients({
        region: REGION,
        credentials: world.account.credentials(),
        requestHandler: () =>
          new EditingHandler(world.aws.requestHandler(), 'DescribeSecret', { ReplicationStatus: [replica] }),
        retryDelays: 'none',
      });
      const { of, summary } = await readWorld({ ...world, clients }, { restsOnDisuse: () => true });
      expect(of('shared').facts.lastUsedAt).toEqual({
        unknown: expect.stringContaining('eu-west-1 is not in sync'),
      });
      expect(summary).toMatchObject({
        complete: false,
        problems: [
          {
            code: 'replicas-unread',
            region: REGION,
            message: expect.stringContaining(
              'the replicas of secret shared in eu-central-1: the replica in eu-west-1 is not in sync',
            ),
          },
        ],
      });
    },
  );

  test('a replica is its own credential of its own Region, and names the primary', async () => {
    const world = await worldWith(replicated);
    const { credentials } = await readWorld(world, { regions: ['eu-west-1'] });
    expect(credentials.find(({ kind }) => kind === 'secret')).toMatchObject({
      region: 'eu-west-1',
      facts: { primaryRegion: { value: REGION }, lastUsedAt: { value: '2026-10-14T23:59:59.999Z' } },
    });
  });

  test('replicas that may not be read make the use unknown, and a problem names the permission', async () => {
    const world = await worldWith(replicated);
    world.account.deny('*', ['secretsmanager:DescribeSecret']);
    const { of, summary } = await readWorld(world, { restsOnDisuse: () => true });
    expect(of('shared').facts.lastUsedAt).toEqual({ unknown: expect.stringContaining('AccessDenied') });
    expect(summary.problems).toMatchObject([
      { code: 'replicas-unread', permission: 'secretsmanager:DescribeSecret', region: REGION },
    ]);
  });
});

/** Puts other values into the answers of one operation of Secrets Manager. */
class EditingHandler implements HttpHandler {
  readonly #handler: HttpHandler;
  readonly #operation: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(handler: HttpHandler, operation: string, values: Readonly<Record<string, unknown>>) {
    this.#handler = handler;
    this.#operation = operation;
    this.#values = values;
  }

  async handle(...[request, options]: Parameters<HttpHandler['handle']>) {
    const { response } = await this.#handler.handle(request, options);
    if (request.headers['x-amz-target'] !== `secretsmanager.${this.#operation}`) return { response };
    const answer = z.looseObject({}).parse(JSON.parse(new TextDecoder().decode(response.body)));
    return { response: edited(response, { ...answer, ...this.#values }) };
  }

  updateHttpClientConfig() {}

  httpHandlerConfigs() {
    return {};
  }
}

function edited(response: HttpResponse, answer: unknown): HttpResponse {
  return new HttpResponse({ ...response, body: new TextEncoder().encode(JSON.stringify(answer)) });
}
