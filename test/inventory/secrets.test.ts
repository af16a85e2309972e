import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createAwsClients } from '../../lib/aws/index.ts';
import type { SecretSeed } from '../../lib/embedded-aws/index.ts';
import { rotationState, type SecretShape } from '../../lib/inventory/secret-facts.ts';
import { NOW, readWorld, testWorld } from './world.ts';

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

describe('the facts of a secret', () => {
  test('tags, dates, state, source and age', async () => {
    const { facts } = await readOne({
      name: 'prod/db',
      tags: { owner: 'ana', Owner: 'bob' },
      lastChangedAt: '2026-01-02T03:04:05Z',
      lastRotatedAt: '2026-01-02T03:04:05Z',
    });
    expect(facts).toMatchObject({
      status: { value: 'active', asOf: NOW, source: 'secretsmanager:ListSecrets' },
      createdAt: { value: LONG_AGO },
      tags: { value: { owner: 'ana', Owner: 'bob' } },
      lastChangedAt: { value: '2026-01-02T03:04:05.000Z' },
      lastRotatedAt: { value: '2026-01-02T03:04:05.000Z' },
      nextRotationAt: { value: null },
      owningService: { value: null },
      primaryRegion: { value: REGION },
      replicaRegions: { value: [] },
    });
  });

  test('one that is pending deletion is listed and says so; one that a service owns names it', async () => {
    const deleted = await readOne({
      name: 'gone',
      deletedAt: '2026-10-10T00:00:00Z',
      recoveryWindowDays: 30,
    });
    expect(deleted.facts.status).toMatchObject({ value: 'pending-deletion' });
    const owned = await readOne({ name: 'rds!db', owningService: 'rds' });
    expect(owned.facts.owningService).toMatchObject({ value: 'rds' });
  });

  test.each([
    [
      'the end of the day it names, never earlier than the use',
      '2026-06-01T23:30:00Z',
      '2026-06-01T23:59:59.999Z',
    ],
    ['also early in the day', '2026-06-01T00:00:00Z', '2026-06-01T23:59:59.999Z'],
    ['a day before its creation is taken as it is', '2024-12-31T12:00:00Z', '2024-12-31T23:59:59.999Z'],
  ])('last access: %s', async (_what, lastAccessedAt, expected) => {
    expect((await readOne({ name: 's', lastAccessedAt })).facts.lastUsedAt).toMatchObject({
      value: expected,
    });
  });

  test('never retrieved is null, and known', async () => {
    expect((await readOne({ name: 's' })).facts.lastUsedAt).toMatchObject({ value: null });
  });
});

describe('the state of rotation', () => {
  const AS_OF = '2026-10-15T09:00:00.000Z';
  const on: SecretShape = {
    RotationEnabled: true,
    CreatedDate: new Date(LONG_AGO),
    stages: { v1: ['AWSCURRENT'] },
  };
  const at = (text: string) => new Date(text);

  test.each([
    ['never configured', { CreatedDate: new Date(LONG_AGO), stages: {} }, 'off'],
    ['switched off', { ...on, RotationEnabled: false }, 'off'],
    ['on, the next in time', { ...on, NextRotationDate: at('2026-10-20T00:00:00Z') }, 'ok'],
    ['on, without a next date', on, 'ok'],
    ['on, the next date passed', { ...on, NextRotationDate: at('2026-10-15T08:59:59Z') }, 'overdue'],
    [
      'AWSPENDING left on a version of its own for over a day',
      {
        ...on,
        LastChangedDate: at('2026-10-14T08:00:00Z'),
        stages: { v1: ['AWSCURRENT'], v2: ['AWSPENDING'] },
      },
      'failed',
    ],
    [
      'AWSPENDING for less than a day: still rotating',
      {
        ...on,
        LastChangedDate: at('2026-10-15T08:00:00Z'),
        stages: { v1: ['AWSCURRENT'], v2: ['AWSPENDING'] },
      },
      'ok',
    ],
    [
      'AWSPENDING beside AWSCURRENT on one version: finished',
      { ...on, LastChangedDate: at('2026-01-01T00:00:00Z'), stages: { v1: ['AWSCURRENT', 'AWSPENDING'] } },
      'ok',
    ],
    [
      'failed says more than overdue',
      {
        ...on,
        NextRotationDate: at('2026-10-01T00:00:00Z'),
        LastChangedDate: at('2026-10-01T00:00:00Z'),
        stages: { v2: ['AWSPENDING'] },
      },
      'failed',
    ],
    [
      'a managed external secret rotates without a Lambda',
      { ...on, RotationEnabled: undefined, Type: 'SalesforceClientSecret' },
      'ok',
    ],
    [
      'a managed external secret with rotation switched off',
      { ...on, RotationEnabled: false, Type: 'SalesforceClientSecret' },
      'off',
    ],
  ])('%s', (_what, shape, expected) => {
    expect(rotationState(shape, AS_OF)).toBe(expected);
  });
});

describe('all pages of all Regions, or a problem that says which not', () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ name: `secret-${String(n).padStart(3, '0')}` }));

  test('a hundred a page', async () => {
    const { credentials, calls } = await readWorld(await worldWith(...names(250)));
    expect(credentials.filter(({ kind }) => kind === 'secret')).toHaveLength(250);
    expect(calls['secretsmanager:ListSecrets']).toBe(3);
  });

  test('a page that fails: what was read before is kept, the reading is incomplete', async () => {
    const world = await worldWith(...names(250));
    world.account.addSecret('eu-west-1', { name: 'elsewhere' });
    world.aws.faults.add({
      match: { operation: 'ListSecrets', region: REGION, nth: 2 },
      effect: 'error',
      code: 'AccessDeniedException',
      status: 400,
      times: Number.POSITIVE_INFINITY,
    });
    const { credentials, summary } = await readWorld(world, { regions: [REGION, 'eu-west-1'] });
    const secrets = credentials.filter(({ kind }) => kind === 'secret');
    expect(secrets.filter(({ region }) => region === REGION)).toHaveLength(100);
    expect(secrets.filter(({ region }) => region === 'eu-west-1')).toHaveLength(1);
    expect(summary.complete).toBe(false);
    expect(summary.problems).toMatchObject([
      {
        code: 'secrets-unread',
        region: REGION,
        message: expect.stringContaining('the rest of the secrets in eu-central-1'),
      },
    ]);
  });

  test('a Region that is denied is named; the others are read', async () => {
    const world = await worldWith(...names(1));
    world.aws.faults.add({
      match: { operation: 'ListSecrets', region: 'eu-west-3' },
      effect: 'error',
      code: 'UnrecognizedClientException',
      status: 400,
      times: Number.POSITIVE_INFINITY,
    });
    const { summary, credentials } = await readWorld(world, { allRegions: true });
    expect(credentials.some(({ kind }) => kind === 'secret')).toBe(true);
    expect(summary.problems).toMatchObject([
      { code: 'secrets-unread', region: 'eu-west-3', message: expect.stringContaining('Enable eu-west-3') },
    ]);
  });

  test('a secret that a listing in motion shows on two pages is one credential', async () => {
    const world = await worldWith(...names(150));
    const listing = new RepeatingListing(world.aws.requestHandler());
    const clients = await createAwsClients({
      region: REGION,
      credentials: world.account.credentials(),
      requestHandler: () => listing,
      retryDelays: 'none',
    });
    const { credentials } = await readWorld({ ...world, clients });
    expect(listing.repeated).toBe(1);
    expect(credentials.filter(({ kind }) => kind === 'secret')).toHaveLength(150);
  });
});

/** Shows the first secret of the first page again on the second one. */
class RepeatingListing implements HttpHandler {
  readonly #handler: HttpHandler;
  #first: unknown;
  repeated = 0;

  constructor(handler: HttpHandler) {
    this.#handler = handler;
  }

  async handle(...[request, options]: Parameters<HttpHandler['handle']>) {
    const { response } = await this.#handler.handle(request, options);
    if (request.headers['x-amz-target'] !== 'secretsmanager.ListSecrets') return { response };
    const page = pageSchema.parse(JSON.parse(new TextDecoder().decode(response.body)));
    if (this.#first === undefined) this.#first = page.SecretList[0];
    else {
      page.SecretList.push(this.#first);
      this.repeated += 1;
    }
    return { response: edited(response, page) };
  }

  updateHttpClientConfig() {}

  httpHandlerConfigs() {
    return {};
  }
}

const pageSchema = z.looseObject({ SecretList: z.array(z.unknown()) });

function edited(response: HttpResponse, answer: unknown): HttpResponse {
  return new HttpResponse({ ...response, body: new TextEncoder().encode(JSON.stringify(answer)) });
}
