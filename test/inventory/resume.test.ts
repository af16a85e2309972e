import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Credential } from '../../lib/domain/credential.ts';
import {
  type InventorySummary,
  type ReadingPosition,
  readInventory,
  readingPositionSchema,
} from '../../lib/inventory/index.ts';
import { ACCOUNT, type TestWorld, testWorld } from './world.ts';

const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];

/** Users with keys, one of whom cannot be listed, and pages of secrets in two of three Regions. */
async function company(): Promise<TestWorld> {
  const world = await testWorld({ pageSize: 2 });
  for (const name of ['ana', 'bob', 'cleo', 'dan']) {
    world.account.addUser({ name });
    world.account.addAccessKey(name, { createdAt: '2025-02-01T00:00:00Z' });
  }
  for (const region of ['eu-central-1', 'us-east-1']) {
    for (let n = 0; n < 5; n += 1) world.account.addSecret(region, { name: `app/${n}`, value: 'x' });
  }
  deny(world, 'ListAccessKeys', 'UserName=bob');
  return world;
}

function deny({ aws }: TestWorld, operation: string, body: string): void {
  aws.faults.add({
    match: { operation, when: ({ request }) => JSON.stringify(request).includes(body) },
    effect: 'error',
    code: 'AccessDenied',
    status: 403,
    times: Number.POSITIVE_INFINITY,
  });
}

interface Whole {
  readonly ids: readonly string[];
  readonly summary: InventorySummary;
}

/** Reads with a new process after each so many pieces, as `pieces` says; the last number counts for all that follow. */
async function read(world: TestWorld, pieces: readonly number[], onResume?: () => void): Promise<Whole> {
  const credentials: Credential[] = [];
  let position: ReadingPosition | undefined;
  for (let process = 0; process < 100; process += 1) {
    const reading = open(world, position, credentials);
    let left = pieces[Math.min(process, pieces.length - 1)] ?? 1;
    let stopped = false;
    for await (const piece of reading.pieces()) {
      credentials.push(...piece.credentials);
      position = readingPositionSchema.parse(JSON.parse(JSON.stringify(piece.position)));
      left -= 1;
      stopped = left === 0;
      if (stopped) break;
    }
    if (!stopped) return { ids: credentials.map(({ id }) => id), summary: reading.summary() };
    onResume?.();
  }
  throw new Error('a hundred processes did not reach the end');
}

function open(
  { clients, aws }: TestWorld,
  position: ReadingPosition | undefined,
  before: readonly Credential[],
) {
  const seen = new Set(before.map(({ id }) => id));
  return readInventory({
    clients,
    accountId: ACCOUNT,
    partition: 'aws',
    clock: { now: () => aws.clock.now().toISOString() },
    regions: REGIONS,
    remembered: new Map(),
    readAllKeyIds: true,
    worthReading: () => false,
    restsOnDisuse: () => false,
    ...(position === undefined ? {} : { resume: { position, wasRead: (id: string) => seen.has(id) } }),
  });
}

/** Reads in processes that are told to stop after so many pieces, and take what they had fetched already. */
async function readStopping(
  world: TestWorld,
  pieces: number,
): Promise<Whole & { readonly processes: number }> {
  const credentials: Credential[] = [];
  let position: ReadingPosition | undefined;
  for (let processes = 1; processes < 100; processes += 1) {
    const reading = open(world, position, credentials);
    let left = pieces;
    for await (const piece of reading.pieces()) {
      credentials.push(...piece.credentials);
      position = readingPositionSchema.parse(JSON.parse(JSON.stringify(piece.position)));
      left -= 1;
      if (left === 0) reading.stop();
    }
    if (reading.isRead)
      return { ids: credentials.map(({ id }) => id), summary: reading.summary(), processes };
  }
  throw new Error('a hundred processes did not reach the end');
}

describe('G21 a reading that another process takes up', async () => {
  const whole = await read(await company(), [1000]);

  test('the whole one has users, secrets and a problem', () => {
    expect(whole.ids.filter((id) => id.includes(':secret:'))).toHaveLength(10);
    expect(whole.summary).toMatchObject({ complete: false, usersRead: 4, fullRead: false });
    expect(whole.summary.problems.map(({ code }) => code)).toEqual(['access-keys-unread']);
  });

  test('after every piece: the same credentials in the same order, the same problems counted once', async () => {
    expect(await read(await company(), [1])).toEqual(whole);
  });

  test('after any piece', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
        async (pieces) => {
          expect(await read(await company(), pieces)).toEqual(whole);
        },
      ),
      { numRuns: 10, seed: 3 },
    );
  });

  test.each([1, 2, 3])(
    'told to stop after %i pieces: the same credentials, and no page of secrets is fetched twice',
    async (pieces) => {
      const world = await testWorld({ pageSize: 1 });
      for (const region of REGIONS) {
        for (let n = 0; n < 9; n += 1) world.account.addSecret(region, { name: `app/${n}`, value: 'x' });
      }
      const { ids, processes } = await readStopping(world, pieces);
      expect(processes).toBeGreaterThan(2);
      expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
      expect(ids.filter((id) => id.includes(':secret:'))).toHaveLength(27);
      expect(world.aws.calls.counts()['secretsmanager:ListSecrets']).toBe(27);
    },
  );

  test('a page token that has grown too old: the Region begins anew and repeats nothing', async () => {
    const world = await company();
    const planted: { readonly fired: number }[] = [];
    const plant = () => {
      planted.push(
        world.aws.faults.add({
          match: {
            operation: 'ListSecrets',
            nth: 1,
            when: ({ request }) => JSON.stringify(request).includes('NextToken'),
          },
          effect: 'error',
          code: 'InvalidNextTokenException',
          status: 400,
        }),
      );
    };
    expect(await read(world, [6, 1, 1, 1000], plant)).toEqual(whole);
    expect(planted.filter(({ fired }) => fired > 0).length).toBeGreaterThan(0);
  });

  test('what is read is not read again: IAM is done with once the secrets begin', async () => {
    const world = await company();
    let iamCalls = 0;
    await read(world, [6, 1], () => {
      iamCalls = Object.entries(world.aws.calls.counts())
        .filter(([name]) => name.startsWith('iam:'))
        .reduce((sum, [, count]) => sum + count, 0);
    });
    const after = Object.entries(world.aws.calls.counts())
      .filter(([name]) => name.startsWith('iam:'))
      .reduce((sum, [, count]) => sum + count, 0);
    expect(after).toBe(iamCalls);
  });
});
