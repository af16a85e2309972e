import { describe, expect, test } from 'vitest';
import type { RememberedKeys } from '../../lib/inventory/index.ts';
import {
  ACCOUNT,
  deployerWorld,
  NEW_KEY,
  NOW,
  OLD_KEY,
  readWorld,
  rememberedFrom,
  type TestWorld,
  type testWorld,
} from './world.ts';

const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/ci/deployer`;
const lists = (calls: Readonly<Record<string, number>>) => calls['iam:ListAccessKeys'] ?? 0;

describe('key ids are read where they are worth a call', () => {
  test('a scan without memory shows slots: the id is not read, everything else is known', async () => {
    const { keys, calls, summary } = await readWorld(await deployerWorld(), { readAllKeyIds: false });
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
    const result = await readWorld(await deployerWorld(), {
      readAllKeyIds: false,
      worthReading: (keys) => {
        asked.push(keys.map((key) => key.name));
        return true;
      },
    });
    expect(asked).toEqual([['deployer/slot-1', 'deployer/slot-2']]);
    expect(lists(result.calls)).toBe(1);
    expect(result.keys.map(({ name }) => name)).toEqual([OLD_KEY, NEW_KEY]);
  });

  test('a full reading lists every user that has keys, and nobody else', async () => {
    const made = await deployerWorld();
    made.account.addUser({ name: 'ana', password: {} });
    const { calls, summary } = await readWorld(made);
    expect(lists(calls)).toBe(1);
    expect(summary.fullRead).toBe(true);
  });

  test('a remembered user whose row has not changed costs no call and keeps the ids', async () => {
    const made = await deployerWorld();
    const first = await readWorld(made);
    const again = await readWorld(made, {
      readAllKeyIds: false,
      remembered: rememberedFrom(first.credentials),
    });
    expect(lists(again.calls)).toBe(0);
    expect(again.credentials.map(({ id }) => id)).toEqual(first.credentials.map(({ id }) => id));
    expect(again.of(OLD_KEY)).toMatchObject({
      alias: `${USER_ARN}/access-key/slot-1`,
      facts: {
        accessKeyId: { value: OLD_KEY, asOf: NOW },
        status: { value: 'active', source: 'iam:GetCredentialReport' },
      },
    });
  });

  test('what is asked about a remembered user carries the remembered ids', async () => {
    const made = await deployerWorld();
    const remembered = rememberedFrom((await readWorld(made)).credentials);
    const asked: string[] = [];
    await readWorld(made, {
      readAllKeyIds: false,
      remembered,
      worthReading: (keys) => {
        asked.push(...keys.map((key) => key.name));
        return false;
      },
    });
    expect(asked).toEqual([OLD_KEY, NEW_KEY]);
  });

  test('a full reading lists the user of a remembered key that the report does not show any more', async () => {
    const made = await deployerWorld({ report: { inactiveLastRotated: 'N/A' } });
    const remembered: RememberedKeys = new Map([
      [USER_ARN, [{ accessKeyId: NEW_KEY, createdAt: '2025-03-01T00:00:00.000Z', status: 'inactive' }]],
    ]);
    expect(lists((await readWorld(made, { remembered })).calls)).toBe(1);
  });
});

describe('a row that changed against memory is listed again', () => {
  async function changed(change: (made: TestWorld) => void, options: Parameters<typeof testWorld>[0] = {}) {
    const made = await deployerWorld(options);
    const remembered = rememberedFrom((await readWorld(made)).credentials);
    made.aws.clock.advance(24 * 3_600_000);
    change(made);
    return readWorld(made, { readAllKeyIds: false, remembered });
  }

  test('nothing changed: nothing listed', async () => {
    expect(lists((await changed(() => undefined)).calls)).toBe(0);
  });

  test('a use is no change', async () => {
    const { of, calls } = await changed(({ account }) =>
      account.recordUse(OLD_KEY, { at: '2026-10-16T08:00:00Z' }),
    );
    expect(lists(calls)).toBe(0);
    expect(of(OLD_KEY).facts.lastUsedAt).toMatchObject({ value: '2026-10-16T08:00:00.000Z' });
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
    const made = await deployerWorld();
    const variants: RememberedKeys[] = [
      { accessKeyId: OLD_KEY, createdAt: '2025-02-01T00:00:00.000Z', status: 'inactive' },
      { accessKeyId: OLD_KEY, createdAt: '2025-02-02T00:00:00.000Z', status: 'active' },
      { accessKeyId: OLD_KEY, createdAt: '2025-02-01T00:00:00.000Z', status: 'active' },
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
