import { DeleteAccessKeyCommand, DeleteUserCommand } from '@aws-sdk/client-iam';
import { CreateSecretCommand, DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import type { Credential } from '../../lib/domain/credential.ts';
import { unknown } from '../../lib/domain/fact.ts';
import { rereadCredential } from '../../lib/inventory/index.ts';
import { NOW, readWorld, testWorld } from './world.ts';

const KEY = 'AKIAEXAMPLE0000000A1';
const LATER = '2026-10-15T10:00:00.000Z';
const FOREVER = Number.POSITIVE_INFINITY;

/** A read key and a read secret, an hour before they are read again. */
async function anHourLater() {
  const world = await testWorld();
  const { account, aws, clients } = world;
  account.addUser({
    name: 'deployer',
    path: '/ci/',
    tags: { owner: 'ana' },
    createdAt: '2025-01-01T00:00:00Z',
  });
  account.addAccessKey('deployer', {
    id: KEY,
    createdAt: '2025-02-01T00:00:00Z',
    lastUsed: { at: '2026-06-01T10:00:00Z' },
  });
  account.addSecret('eu-central-1', {
    name: 'prod/db',
    createdAt: '2025-02-01T00:00:00Z',
    lastAccessedAt: '2026-06-01T00:00:00Z',
    replicas: [{ region: 'eu-west-1' }],
  });
  const { of } = await readWorld(world, { restsOnDisuse: () => true });
  aws.clock.set(LATER);
  const before = aws.calls.size;
  return {
    ...world,
    key: of(KEY),
    secret: of('prod/db'),
    reread: (credential: Credential) => rereadCredential(clients, credential, LATER),
    calls: () => aws.calls.counts(before),
  };
}

describe('immediately before an act, a key is read again', () => {
  test('three calls; every fact is as of now', async () => {
    const { key, reread, calls } = await anHourLater();
    const result = await reread(key);
    expect(calls()).toEqual({
      'iam:GetAccessKeyLastUsed': 1,
      'iam:ListAccessKeys': 1,
      'iam:ListUserTags': 1,
    });
    expect(result).toMatchObject({
      found: true,
      credential: {
        id: key.id,
        facts: {
          status: { value: 'active', asOf: LATER },
          accessKeyId: { value: KEY, asOf: LATER },
          lastUsedAt: { value: '2026-06-01T10:00:00.000Z', asOf: LATER },
          tags: { value: { owner: 'ana' }, asOf: LATER, source: 'iam:ListUserTags' },
        },
      },
    });
  });

  test("all pages of the user's tags are read: an exempting tag may be on the last", async () => {
    const { account, aws, clients } = await testWorld({ pageSize: 2 });
    const tags = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`tag-${n}`, String(n)]));
    account.addUser({ name: 'deployer', tags });
    account.addAccessKey('deployer', { id: KEY });
    const { of } = await readWorld({ account, aws, clients });
    expect(await rereadCredential(clients, of(KEY), NOW)).toMatchObject({
      credential: { facts: { tags: { value: tags } } },
    });
  });

  test('a use since the reading shows', async () => {
    const { account, key, reread } = await anHourLater();
    account.recordUse(KEY, { at: '2026-10-15T09:40:00Z' });
    expect(await reread(key)).toMatchObject({
      credential: { facts: { lastUsedAt: { value: '2026-10-15T09:40:00.000Z' } } },
    });
  });

  test('a deleted key is not found, nor is one whose user is gone', async () => {
    const { clients, key, reread } = await anHourLater();
    await clients.iam.send(new DeleteAccessKeyCommand({ UserName: 'deployer', AccessKeyId: KEY }));
    expect(await reread(key)).toEqual({ found: false });
    await clients.iam.send(new DeleteUserCommand({ UserName: 'deployer' }));
    expect(await reread(key)).toEqual({ found: false });
  });

  test('an unreadable last use or tags make those facts unknown', async () => {
    const { account, key, reread } = await anHourLater();
    account.deny('*', ['iam:GetAccessKeyLastUsed', 'iam:ListUserTags']);
    expect(await reread(key)).toMatchObject({
      found: true,
      credential: {
        facts: {
          status: { value: 'active' },
          lastUsedAt: { unknown: expect.stringContaining('iam:GetAccessKeyLastUsed failed') },
          tags: { unknown: expect.stringContaining('iam:ListUserTags failed') },
        },
      },
    });
  });

  test.each(['AccessDenied', 'InternalFailure', 'Throttling'])(
    'a listing that fails (%s) is unknown, never "not found" (ASR)',
    async (code) => {
      const { aws, key, reread } = await anHourLater();
      aws.faults.add({
        match: { operation: 'ListAccessKeys' },
        effect: 'error',
        code,
        status: code === 'InternalFailure' ? 500 : 403,
        times: FOREVER,
      });
      expect(await reread(key)).toEqual({
        found: 'unknown',
        reason: expect.stringContaining('iam:ListAccessKeys'),
      });
    },
  );

  test('a key whose id was never read cannot be read again', async () => {
    const { key, reread, calls } = await anHourLater();
    const slot = { ...key, facts: { ...key.facts, accessKeyId: unknown('not-read') } };
    expect(await reread(slot)).toEqual({
      found: 'unknown',
      reason: expect.stringContaining('access key id'),
    });
    expect(calls()).toEqual({});
  });
});

describe('immediately before an act, a secret is read again', () => {
  test('one call; every fact as of now, replicas included', async () => {
    const { account, secret, reread, calls } = await anHourLater();
    account.accessSecret('eu-west-1', 'prod/db', '2026-10-15T09:30:00Z');
    expect(await reread(secret)).toMatchObject({
      found: true,
      credential: {
        id: secret.id,
        facts: {
          status: { value: 'active', asOf: LATER },
          lastUsedAt: { value: '2026-10-15T23:59:59.999Z', asOf: LATER },
          replicaRegions: { value: ['eu-west-1'] },
        },
      },
    });
    expect(calls()).toEqual({ 'secretsmanager:DescribeSecret': 1 });
  });

  test('one scheduled for deletion says so', async () => {
    const { account, aws, clients } = await anHourLater();
    account.addSecret('eu-west-2', { name: 'old' });
    const { of } = await readWorld({ account, aws, clients }, { regions: ['eu-west-2'] });
    await clients
      .secretsManager('eu-west-2')
      .send(new DeleteSecretCommand({ SecretId: 'old', RecoveryWindowInDays: 30 }));
    expect(await rereadCredential(clients, of('old'), LATER)).toMatchObject({
      credential: { facts: { status: { value: 'pending-deletion' } } },
    });
  });

  test('another secret of the same name is not this one', async () => {
    const { account, aws, clients } = await anHourLater();
    await clients
      .secretsManager('eu-west-2')
      .send(new CreateSecretCommand({ Name: 'old', SecretString: 'x' }));
    const { of } = await readWorld({ account, aws, clients }, { regions: ['eu-west-2'] });
    const first = of('old');
    const gone = { ...first, id: first.id.replace(/.{6}$/, 'zzzzzz') };
    expect(await rereadCredential(clients, gone, LATER)).toEqual({ found: false });
  });

  test('a denial is unknown and names the permission', async () => {
    const { account, secret, reread } = await anHourLater();
    account.deny('*', ['secretsmanager:DescribeSecret']);
    expect(await reread(secret)).toEqual({
      found: 'unknown',
      reason: expect.stringContaining('secretsmanager:DescribeSecret'),
    });
  });
});

test('what is never acted on is not read again', async () => {
  const { account, aws, clients } = await testWorld();
  account.addUser({ name: 'ana', password: {} });
  const { of } = await readWorld({ account, aws, clients });
  const before = aws.calls.size;
  expect(await rereadCredential(clients, of('ana'), NOW)).toMatchObject({ found: 'unknown' });
  expect(aws.calls.size).toBe(before);
});
