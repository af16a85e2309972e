import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKnown } from '../../lib/domain/fact.ts';
import { rereadCredential } from '../../lib/inventory/index.ts';
import { NOW, readWorld, reportResult, reportRow, testWorld } from './world.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const LONG_AGO = '2025-01-01T00:00:00Z';
const RECENT = '2026-10-14T12:00:00Z';

/** Users with one key each, all of them in use. */
async function inUse(count: number, pageSize?: number) {
  const world = await testWorld(pageSize === undefined ? {} : { pageSize });
  for (let n = 0; n < count; n++) {
    const name = `user-${String(n).padStart(3, '0')}`;
    world.account.addUser({ name, createdAt: LONG_AGO, tags: { n: String(n) } });
    world.account.addAccessKey(name, { createdAt: LONG_AGO, lastUsed: { at: RECENT } });
  }
  return world;
}

describe('how peers fail at reading, and why we do not', () => {
  test('aws-samples: an error of GetAccessKeyLastUsed is never read as "never used", at any share of failing calls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('Throttling', 'AccessDenied', 'InternalFailure', 'NoSuchEntity', 'timeout'),
        fc.integer({ min: 1, max: 4 }),
        async (code, every) => {
          const world = await inUse(8);
          let seen = 0;
          world.aws.faults.add({
            match: { operation: 'GetAccessKeyLastUsed', when: () => seen++ % every === 0 },
            effect: code === 'timeout' ? 'timeout' : 'error',
            code,
            status: code === 'InternalFailure' ? 500 : 400,
            times: FOREVER,
          });
          const { keys } = await readWorld(world, { restsOnDisuse: () => true });
          expect(keys).toHaveLength(8);
          for (const { facts } of keys) {
            const used = facts.lastUsedAt;
            if (used !== undefined && isKnown(used)) expect(used.value).toBe('2026-10-14T12:00:00.000Z');
            else
              expect(used).toEqual({ unknown: expect.stringContaining('iam:GetAccessKeyLastUsed failed') });
          }
        },
      ),
      { numRuns: 20, seed: 15 },
    );
  });

  test('aws-samples: a permanent error of GetAccessKeyLastUsed makes every key unknown and the reading incomplete', async () => {
    const world = await inUse(3);
    world.account.deny('*', ['iam:GetAccessKeyLastUsed']);
    const { keys, summary } = await readWorld(world, { restsOnDisuse: () => true });
    expect(keys.every(({ facts }) => facts.lastUsedAt !== undefined && !isKnown(facts.lastUsedAt))).toBe(
      true,
    );
    expect(summary).toMatchObject({
      complete: false,
      problems: [
        {
          code: 'last-use-unread',
          permission: 'iam:GetAccessKeyLastUsed',
          message: expect.stringContaining('and 2 more'),
        },
      ],
    });
  });

  test('aws-samples, te-papa: all pages of users are read, and of their tags, groups and keys', async () => {
    const world = await inUse(25, 4);
    const { keys, calls } = await readWorld(world);
    expect(keys).toHaveLength(25);
    expect(keys.map(({ facts }) => ('value' in facts.tags ? facts.tags.value.n : '?'))).toEqual(
      Array.from({ length: 25 }, (_, n) => String(n)),
    );
    expect(calls['iam:GetAccountAuthorizationDetails']).toBe(7);
  });

  test('aws-samples: all pages of service-specific credentials are read', async () => {
    const world = await inUse(1, 2);
    for (let n = 0; n < 5; n++)
      world.account.addServiceSpecificCredential('user-000', { serviceName: 'bedrock.amazonaws.com' });
    const { credentials } = await readWorld(world);
    expect(credentials.filter(({ kind }) => kind === 'service-specific-credential')).toHaveLength(5);
  });

  test('aws-samples: an empty page in the middle is not the end', async () => {
    const user = (name: string) =>
      `<member><UserName>${name}</UserName><Arn>arn:aws:iam::111122223333:user/${name}</Arn><Path>/</Path></member>`;
    const pages = [
      `<UserDetailList>${user('a')}</UserDetailList><IsTruncated>true</IsTruncated><Marker>1</Marker>`,
      '<UserDetailList/><IsTruncated>true</IsTruncated><Marker>2</Marker>',
      `<UserDetailList>${user('b')}</UserDetailList><IsTruncated>false</IsTruncated>`,
    ];
    const script = { GetAccountAuthorizationDetails: () => pages.shift() ?? '' };
    const { summary } = await readWorld(await testWorld({ script }));
    expect(summary.usersRead).toBe(2);
  });

  test('aws-samples, construct-hub: a failed page does not read as "no tags, no groups": whoever is on it is unknown', async () => {
    const world = await inUse(6, 2);
    world.aws.faults.add({
      match: { operation: 'GetAccountAuthorizationDetails', nth: 2 },
      effect: 'error',
      code: 'AccessDenied',
      status: 403,
      times: FOREVER,
    });
    const { keys, summary } = await readWorld(world);
    expect(keys.map(({ facts }) => isKnown(facts.tags))).toEqual([true, true, false, false, false, false]);
    expect(summary.problems).toMatchObject([{ code: 'user-details-unread' }]);
  });

  test('Cloud Custodian: a report that joins to no key by time is asked about, it does not silently do nothing', async () => {
    const row = reportRow({
      access_key_1_active: 'true',
      access_key_1_last_rotated: '2025-06-06T06:06:06+00:00',
      access_key_1_last_used_date: '2025-06-07T00:00:00+00:00',
      access_key_1_last_used_region: 'us-east-1',
      access_key_1_last_used_service: 's3',
    });
    const world = await testWorld({ script: { GetCredentialReport: () => reportResult([row]) } });
    world.account.addUser({ name: 'deployer', path: '/ci/', createdAt: LONG_AGO });
    const { id } = world.account.addAccessKey('deployer', {
      createdAt: '2025-05-05T05:05:05Z',
      lastUsed: { at: RECENT },
    });
    const { of } = await readWorld(world);
    expect(of(id).facts.lastUsedAt).toMatchObject({
      value: '2026-10-14T12:00:00.000Z',
      source: 'iam:GetAccessKeyLastUsed',
    });
  });

  test('Guardian: two keys created in the same second are never mixed up', async () => {
    const world = await testWorld();
    world.account.addUser({ name: 'twin', createdAt: LONG_AGO });
    const idle = world.account.addAccessKey('twin', { createdAt: LONG_AGO });
    const busy = world.account.addAccessKey('twin', { createdAt: LONG_AGO, lastUsed: { at: RECENT } });
    const { of } = await readWorld(world);
    expect(of(idle.id).facts.lastUsedAt).toMatchObject({ value: null });
    expect(of(busy.id).facts.lastUsedAt).toMatchObject({ value: '2026-10-14T12:00:00.000Z' });
  });

  test('Prowler, ASR: a key never used and a secret never retrieved are known as such, not left out', async () => {
    const world = await testWorld();
    world.account.addUser({ name: 'idle', createdAt: LONG_AGO });
    const { id } = world.account.addAccessKey('idle', { createdAt: LONG_AGO });
    world.account.addSecret('eu-central-1', { name: 'idle', createdAt: LONG_AGO });
    const { of } = await readWorld(world);
    for (const name of [id, 'idle']) {
      expect(of(name).facts).toMatchObject({
        lastUsedAt: { value: null },
        createdAt: { value: '2025-01-01T00:00:00.000Z' },
      });
    }
  });

  test('ASR: "could not find it" is said only when AWS says so', async () => {
    const world = await testWorld();
    world.account.addSecret('eu-central-1', { name: 'there', createdAt: LONG_AGO });
    const { of } = await readWorld(world);
    const answers = await Promise.all(
      ['AccessDeniedException', 'InternalServiceError', 'DecryptionFailure', 'InvalidRequestException'].map(
        async (code) => {
          const fault = world.aws.faults.add({
            match: { operation: 'DescribeSecret' },
            effect: 'error',
            code,
            status: 400,
            times: FOREVER,
          });
          const answer = await rereadCredential(world.clients, of('there'), NOW);
          fault.remove();
          return answer.found;
        },
      ),
    );
    expect(answers).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  test('Cloud Custodian, Prowler (#6351, #108): throttled calls are repeated, nothing is read twice', async () => {
    const world = await inUse(20);
    const quiet = await readWorld(world, { restsOnDisuse: () => true });
    const noisy = await inUse(20);
    for (const nth of [3, 9, 10, 11, 30]) noisy.aws.faults.add({ match: { nth }, effect: 'throttle' });
    const { keys, calls, summary } = await readWorld(noisy, { restsOnDisuse: () => true });
    expect(keys).toEqual(quiet.keys);
    expect(summary.complete).toBe(true);
    const total = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((a, b) => a + b, 0);
    expect(total(calls)).toBe(total(quiet.calls) + 5);
  });
});
