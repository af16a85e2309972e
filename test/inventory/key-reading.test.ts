import { DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import type { Credential } from '../../lib/domain/credential.ts';
import { isKnown, knownValue } from '../../lib/domain/fact.ts';
import type { RememberedKeys } from '../../lib/inventory/index.ts';
import { ACCOUNT, NOW, readWorld, type TestWorld, testWorld } from './world.ts';

const OLD = 'AKIAEXAMPLE0000000A1';
const NEW = 'AKIAEXAMPLE0000000A2';
const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/ci/deployer`;

/** A user with an old active key and a newer inactive one, seen by a report of that moment. */
async function world(options: Parameters<typeof testWorld>[0] = {}): Promise<TestWorld> {
  const made = await testWorld(options);
  const { account } = made;
  account.addUser({ name: 'deployer', path: '/ci/', createdAt: '2025-01-01T00:00:00Z' });
  account.addAccessKey('deployer', {
    id: OLD,
    createdAt: '2025-02-01T00:00:00Z',
    lastUsed: { at: '2026-06-01T10:00:00Z' },
  });
  account.addAccessKey('deployer', { id: NEW, createdAt: '2025-03-01T00:00:00Z', status: 'Inactive' });
  return made;
}

/** What a caller would remember of a reading. */
function memoryOf(credentials: readonly Credential[]): RememberedKeys {
  const remembered = new Map<string, { accessKeyId: string; createdAt: string; status: string }[]>();
  for (const { kind, principal, facts } of credentials) {
    const accessKeyId = knownValue(facts.accessKeyId);
    if (kind !== 'access-key' || principal === undefined || accessKeyId === undefined) continue;
    const key = {
      accessKeyId,
      createdAt: knownValue(facts.createdAt) ?? '',
      status: knownValue(facts.status) ?? '',
    };
    remembered.set(principal.arn, [...(remembered.get(principal.arn) ?? []), key]);
  }
  return remembered;
}

const lists = (calls: Readonly<Record<string, number>>) => calls['iam:ListAccessKeys'] ?? 0;
const confirms = (calls: Readonly<Record<string, number>>) => calls['iam:GetAccessKeyLastUsed'] ?? 0;

describe('key ids are read where they are worth a call', () => {
  test('a scan without memory shows slots: the id is not read, everything else is known', async () => {
    const { keys, calls, summary } = await readWorld(await world(), { readAllKeyIds: false });
    expect(lists(calls)).toBe(0);
    expect(keys.map(({ id, name }) => [id, name])).toEqual([
      [`${USER_ARN}/access-key/slot-1`, 'deployer/slot-1'],
      [`${USER_ARN}/access-key/slot-2`, 'deployer/slot-2'],
    ]);
    expect(keys[0]?.facts).toMatchObject({
      accessKeyId: { unknown: 'not-read' },
      status: { value: 'active' },
      createdAt: { value: '2025-02-01T00:00:00.000Z' },
      lastUsedAt: { value: '2026-06-01T10:00:00.000Z' },
    });
    expect(summary.fullRead).toBe(false);
  });

  test('a user whose keys could lead to a step is listed; the question is asked once, with all its keys', async () => {
    const asked: string[][] = [];
    const result = await readWorld(await world(), {
      readAllKeyIds: false,
      worthReading: (keys) => {
        asked.push(keys.map((key) => key.name));
        return true;
      },
    });
    expect(asked).toEqual([['deployer/slot-1', 'deployer/slot-2']]);
    expect(lists(result.calls)).toBe(1);
    expect(result.keys.map(({ name }) => name)).toEqual([OLD, NEW]);
  });

  test('a full reading lists every user that has keys, and nobody else', async () => {
    const made = await world();
    made.account.addUser({ name: 'ana', password: {} });
    const { calls, summary } = await readWorld(made);
    expect(lists(calls)).toBe(1);
    expect(summary.fullRead).toBe(true);
  });

  test('a remembered user whose row has not changed costs no call and keeps the ids', async () => {
    const made = await world();
    const first = await readWorld(made);
    const again = await readWorld(made, { readAllKeyIds: false, remembered: memoryOf(first.credentials) });
    expect(lists(again.calls)).toBe(0);
    expect(again.credentials.map(({ id }) => id)).toEqual(first.credentials.map(({ id }) => id));
    expect(again.of(OLD)).toMatchObject({
      alias: `${USER_ARN}/access-key/slot-1`,
      facts: {
        accessKeyId: { value: OLD, asOf: NOW },
        status: { value: 'active', source: 'iam:GetCredentialReport' },
      },
    });
  });

  test('what is asked about a remembered user carries the remembered ids', async () => {
    const made = await world();
    const remembered = memoryOf((await readWorld(made)).credentials);
    const asked: string[] = [];
    await readWorld(made, {
      readAllKeyIds: false,
      remembered,
      worthReading: (keys) => {
        asked.push(...keys.map((key) => key.name));
        return false;
      },
    });
    expect(asked).toEqual([OLD, NEW]);
  });

  test('a full reading lists the user of a remembered key that the report does not show any more', async () => {
    const made = await world({ report: { inactiveLastRotated: 'N/A' } });
    const remembered: RememberedKeys = new Map([
      [USER_ARN, [{ accessKeyId: NEW, createdAt: '2025-03-01T00:00:00.000Z', status: 'inactive' }]],
    ]);
    expect(lists((await readWorld(made, { remembered })).calls)).toBe(1);
  });
});

describe('a row that changed against memory is listed again', () => {
  async function changed(change: (made: TestWorld) => void, options: Parameters<typeof testWorld>[0] = {}) {
    const made = await world(options);
    const remembered = memoryOf((await readWorld(made)).credentials);
    made.aws.clock.advance(24 * 3_600_000);
    change(made);
    return readWorld(made, { readAllKeyIds: false, remembered });
  }

  test('nothing changed: nothing listed', async () => {
    expect(lists((await changed(() => undefined)).calls)).toBe(0);
  });

  test('a use is no change', async () => {
    const { of, calls } = await changed(({ account }) =>
      account.recordUse(OLD, { at: '2026-10-16T08:00:00Z' }),
    );
    expect(lists(calls)).toBe(0);
    expect(of(OLD).facts.lastUsedAt).toMatchObject({ value: '2026-10-16T08:00:00.000Z' });
  });

  test('a new user', async () => {
    const { calls, of } = await changed(({ account }) => {
      account.addUser({ name: 'newcomer' });
      account.addAccessKey('newcomer', { id: 'AKIAEXAMPLE0000000N1' });
    });
    expect(lists(calls)).toBe(1);
    expect(of('AKIAEXAMPLE0000000N1').facts.status).toMatchObject({ value: 'active' });
  });

  test('another status, another creation date, a missing key (memory of a different account state)', async () => {
    const made = await world();
    const variants: RememberedKeys[] = [
      { accessKeyId: OLD, createdAt: '2025-02-01T00:00:00.000Z', status: 'inactive' },
      { accessKeyId: OLD, createdAt: '2025-02-02T00:00:00.000Z', status: 'active' },
      { accessKeyId: OLD, createdAt: '2025-02-01T00:00:00.000Z', status: 'active' },
    ].map((key) => new Map([[USER_ARN, [key]]]));
    for (const remembered of variants) {
      expect(lists((await readWorld(made, { readAllKeyIds: false, remembered })).calls)).toBe(1);
    }
  });

  test('a third key, which the newest report column gives away', async () => {
    const { of, calls } = await changed(({ account }) => {
      account.addAccessKey('deployer', { id: 'AKIAEXAMPLE0000000A3', createdAt: '2025-04-01T00:00:00Z' });
    });
    expect(lists(calls)).toBe(1);
    expect(of('AKIAEXAMPLE0000000A3').facts.status).toMatchObject({ value: 'active' });
  });
});

describe('keys that the report cannot tell apart are asked about one by one', () => {
  test('a third key', async () => {
    const made = await world({ report: { additionalInfoColumn: false } });
    made.account.addAccessKey('deployer', {
      id: 'AKIAEXAMPLE0000000A3',
      createdAt: '2025-04-01T00:00:00Z',
      lastUsed: { at: '2026-10-01T00:00:00Z' },
    });
    const { of, calls } = await readWorld(made);
    expect(confirms(calls)).toBe(1);
    expect(of('AKIAEXAMPLE0000000A3')).not.toHaveProperty('alias');
    expect(of('AKIAEXAMPLE0000000A3').facts.lastUsedAt).toMatchObject({
      value: '2026-10-01T00:00:00.000Z',
      source: 'iam:GetAccessKeyLastUsed',
    });
  });

  test('two keys created in the same second (Guardian refuses, rightly): the right key stays the right key', async () => {
    const made = await testWorld();
    made.account.addUser({ name: 'twin' });
    made.account.addAccessKey('twin', {
      id: OLD,
      createdAt: '2025-02-01T00:00:00.100Z',
      lastUsed: { at: '2026-10-14T00:00:00Z' },
    });
    made.account.addAccessKey('twin', { id: NEW, createdAt: '2025-02-01T00:00:00.900Z' });
    const { of, calls } = await readWorld(made);
    expect(confirms(calls)).toBe(2);
    expect(of(OLD).facts.lastUsedAt).toMatchObject({ value: '2026-10-14T00:00:00.000Z' });
    expect(of(NEW).facts.lastUsedAt).toMatchObject({ value: null, source: 'iam:GetAccessKeyLastUsed' });
  });

  test('a report whose dates match nothing', async () => {
    const made = await world({ report: { statusChangeRotates: true } });
    const { of, calls } = await readWorld(made);
    expect(of(OLD).facts.lastUsedAt).toMatchObject({ value: '2026-06-01T10:00:00.000Z' });
    expect(confirms(calls)).toBeLessThanOrEqual(2);
  });

  test('a key deleted since the report is gone, one disabled since is inactive: the listing is newer', async () => {
    const made = await world();
    await readWorld(made);
    made.aws.clock.advance(60_000);
    await made.clients.iam.send(new DeleteAccessKeyCommand({ UserName: 'deployer', AccessKeyId: NEW }));
    await made.clients.iam.send(
      new UpdateAccessKeyCommand({ UserName: 'deployer', AccessKeyId: OLD, Status: 'Inactive' }),
    );
    const { keys } = await readWorld(made);
    expect(keys.map(({ name }) => name)).toEqual([OLD]);
    expect(keys[0]?.facts.status).toMatchObject({ value: 'inactive', source: 'iam:ListAccessKeys' });
  });
});

describe('before a step may rest on disuse, IAM is asked about that very key', () => {
  test('only active keys, only those in question, and the later use counts', async () => {
    const made = await world();
    await readWorld(made);
    made.aws.clock.advance(3_600_000);
    made.account.recordUse(OLD, { at: '2026-10-15T09:30:00Z' });
    const asked: string[] = [];
    const { of, calls } = await readWorld(made, {
      restsOnDisuse: (credential) => {
        asked.push(credential.name);
        return true;
      },
    });
    expect(asked).toEqual([OLD]);
    expect(confirms(calls)).toBe(1);
    expect(of(OLD).facts.lastUsedAt).toEqual({
      value: '2026-10-15T09:30:00.000Z',
      asOf: '2026-10-15T10:00:00.000Z',
      source: 'iam:GetAccessKeyLastUsed',
    });
  });

  test('a confirmation that lags behind the report does not take a use away', async () => {
    const made = await testWorld({
      script: {
        GetAccessKeyLastUsed: () =>
          '<UserName>deployer</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>N/A</ServiceName></AccessKeyLastUsed>',
      },
    });
    made.account.addUser({ name: 'deployer' });
    made.account.addAccessKey('deployer', {
      id: OLD,
      createdAt: '2025-02-01T00:00:00Z',
      lastUsed: { at: '2026-06-01T10:00:00Z' },
    });
    const { of } = await readWorld(made, { restsOnDisuse: () => true });
    expect(of(OLD).facts.lastUsedAt).toEqual({
      value: '2026-06-01T10:00:00.000Z',
      asOf: NOW,
      source: 'iam:GetCredentialReport',
    });
  });

  test.each([
    [
      'another user',
      '<UserName>somebody</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>N/A</ServiceName></AccessKeyLastUsed>',
      /somebody/,
    ],
    [
      'no date but a service',
      '<UserName>deployer</UserName><AccessKeyLastUsed><Region>N/A</Region><ServiceName>s3</ServiceName></AccessKeyLastUsed>',
      /s3/,
    ],
    [
      'no date but a Region',
      '<UserName>deployer</UserName><AccessKeyLastUsed><Region>eu-west-1</Region><ServiceName>N/A</ServiceName></AccessKeyLastUsed>',
      /eu-west-1/,
    ],
    ['nothing', '<UserName>deployer</UserName>', /nothing/],
  ])('an answer that names %s is unknown, never "never used"', async (_what, result, reason) => {
    const made = await testWorld({ script: { GetAccessKeyLastUsed: () => result } });
    made.account.addUser({ name: 'deployer' });
    made.account.addAccessKey('deployer', { id: OLD, createdAt: '2025-02-01T00:00:00Z' });
    const { of } = await readWorld(made, { restsOnDisuse: () => true });
    expect(of(OLD).facts.lastUsedAt).toEqual({ unknown: expect.stringMatching(reason) });
  });
});

describe('what is denied is unknown and named', () => {
  test('ListAccessKeys: keys stay visible as slots, whatever was asked for', async () => {
    const made = await world();
    made.account.addUser({ name: 'another' });
    made.account.addAccessKey('another', { createdAt: '2025-02-01T00:00:00Z' });
    made.account.deny('*', ['iam:ListAccessKeys']);
    const { keys, summary } = await readWorld(made);
    expect(keys).toHaveLength(3);
    expect(keys.every(({ facts }) => facts.accessKeyId !== undefined && !isKnown(facts.accessKeyId))).toBe(
      true,
    );
    expect(summary).toMatchObject({ complete: false, fullRead: false });
    expect(summary.problems).toEqual([
      {
        code: 'access-keys-unread',
        message: expect.stringMatching(
          /^Could not read access keys of user another and 1 more: iam:ListAccessKeys was denied/,
        ),
        permission: 'iam:ListAccessKeys',
        affects: ['access-key'],
      },
    ]);
  });

  test('authorization details: tags are unknown, the path comes from the report', async () => {
    const made = await world();
    made.account.deny('*', ['iam:GetAccountAuthorizationDetails']);
    const { of, summary } = await readWorld(made);
    expect(of(OLD)).toMatchObject({
      principal: { arn: USER_ARN, path: '/ci/', groups: [] },
      facts: { tags: { unknown: expect.stringContaining('AccessDenied') } },
    });
    expect(of(OLD).principal).not.toHaveProperty('userId');
    expect(summary.problems).toMatchObject([
      { code: 'user-details-unread', permission: 'iam:GetAccountAuthorizationDetails' },
    ]);
  });

  test('service-specific credentials', async () => {
    const made = await world();
    made.account.deny('*', ['iam:ListServiceSpecificCredentials']);
    const { summary } = await readWorld(made);
    expect(summary.problems).toMatchObject([
      {
        code: 'service-specific-credentials-unread',
        permission: 'iam:ListServiceSpecificCredentials',
        affects: ['service-specific-credential'],
      },
    ]);
  });
});
