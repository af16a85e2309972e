import { describe, expect, test } from 'vitest';
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
});
