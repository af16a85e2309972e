import { HttpResponse } from '@smithy/core/protocols';
import { describe, expect, test } from 'vitest';
import { type ChangeRequest, performChange, REVERSE, readBackChange } from '../../lib/actions/index.ts';
import { QUARANTINE_STATEMENT } from '../../lib/domain/quarantine-statement.ts';
import type { Fault } from '../../lib/embedded-aws/index.ts';
import {
  type ActingWorld,
  actingWorld,
  apply,
  clientsOf,
  KEY_ID,
  ONCE,
  refusal,
  scopeOf,
  seedKey,
  seedSecret,
  writes,
} from './acting-world.ts';
import { cannedClients } from './canned-clients.ts';

type Scene = (world: ActingWorld) => Promise<ChangeRequest>;

const labels = { [`janitor:${KEY_ID}`]: 'owner=ana' };
const quarantined = { resourcePolicy: { Statement: QUARANTINE_STATEMENT } };

/** Every call that changes AWS, and the request that leads to it. */
const ACTS: readonly (readonly [operation: string, scene: Scene])[] = [
  ['UpdateAccessKey', async (world) => ({ change: 'disable', credential: seedKey(world) })],
  [
    'UpdateAccessKey',
    async (world) => {
      const credential = seedKey(world);
      const { scope } = await apply(world.clients, { change: 'disable', credential });
      return { change: 'enable', credential, quarantine: scope };
    },
  ],
  [
    'DeleteAccessKey',
    async (world) => ({ change: 'delete', credential: seedKey(world, { status: 'Inactive' }) }),
  ],
  ['TagUser', async (world) => ({ change: 'tag', credential: seedKey(world), labels, obsolete: [] })],
  ['PutResourcePolicy', async (world) => ({ change: 'disable', credential: seedSecret(world) })],
  [
    'DeleteResourcePolicy',
    async (world) => {
      const credential = seedSecret(world);
      const { scope } = await apply(world.clients, { change: 'disable', credential });
      return { change: 'enable', credential, quarantine: scope };
    },
  ],
  ['DeleteSecret', async (world) => ({ change: 'delete', credential: seedSecret(world, quarantined) })],
  [
    'RestoreSecret',
    async (world) => {
      const credential = seedSecret(world, quarantined);
      const { scope } = await apply(world.clients, { change: 'delete', credential });
      return { change: 'undelete', credential, deletion: scope };
    },
  ],
  [
    'TagResource',
    async (world) => ({
      change: 'tag',
      credential: seedSecret(world),
      labels: { 'janitor:owner': 'ana' },
      obsolete: [],
    }),
  ],
];

type FaultCase = readonly [what: string, fault: Omit<Fault, 'match'>, outcome: string, state: string];
const FAULTS: readonly FaultCase[] = [
  ['the answer is lost after AWS did it', { effect: 'answer-lost' }, 'unknown', 'applied'],
  ['a time-out before AWS did it', { effect: 'timeout' }, 'unknown', 'not-applied'],
  ['a server error', { effect: 'error', code: 'ServiceUnavailable', status: 503 }, 'unknown', 'not-applied'],
  ['throttling', { effect: 'throttle' }, 'rejected', 'not-applied'],
  ['a denial', { effect: 'error', code: 'AccessDenied', status: 403 }, 'rejected', 'not-applied'],
  ['a conflict', { effect: 'error', code: 'ConcurrentModification', status: 409 }, 'rejected', 'not-applied'],
  [
    'a request time-out told by AWS',
    { effect: 'error', code: 'RequestTimeout', status: 400 },
    'unknown',
    'not-applied',
  ],
];

describe.each(ACTS)('%s', (operation, scene) => {
  test.each(FAULTS)('%s: sent once, and AWS is looked at', async (_what, fault, outcome, state) => {
    const world = actingWorld();
    const scope = await scopeOf(world.clients, await scene(world));
    const sent = writes(world.aws).length;
    world.aws.faults.add({ match: { operation }, ...fault });
    const performed = await performChange(world.clients, scope, ONCE);
    expect(performed.outcome).toBe(outcome);
    expect(performed).toMatchObject({ reason: expect.stringContaining(`:${operation}`) });
    expect(writes(world.aws).length).toBe(sent + 1);
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state });
  });

  test.each([
    ['before', 'crash', 'not-applied'],
    ['after', 'crash-after', 'applied'],
  ] as const)(
    'I7: the process dies %s AWS did it; another one learns from the scope alone',
    async (_when, effect, state) => {
      const world = actingWorld();
      const scope = await scopeOf(world.clients, await scene(world));
      world.aws.faults.add({ match: { operation }, effect });
      expect(await performChange(world.clients, scope, ONCE)).toMatchObject({ outcome: 'unknown' });
      expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'unreadable' });
      world.aws.faults.revive('main');
      expect(await readBackChange(clientsOf(world.aws), scope)).toMatchObject({ state });
    },
  );
});

describe('what is no answer of AWS', () => {
  const scope = async () => {
    const world = actingWorld();
    return scopeOf(world.clients, { change: 'disable', credential: seedKey(world) });
  };
  const answer = (statusCode: number, headers: Record<string, string>, body: string) => () =>
    new HttpResponse({ statusCode, headers, body: Buffer.from(body) });

  test.each([
    ['a page of a proxy', answer(403, { 'content-type': 'text/html' }, '<html>Forbidden</html>')],
    ['408 of something in between', answer(408, { 'content-type': 'text/xml' }, '<ErrorResponse/>')],
    ['nonsense', answer(200, { 'content-type': 'text/xml' }, '<Update')],
  ])('%s is unknown', async (_what, respond) => {
    expect(await performChange(cannedClients(respond), await scope(), ONCE)).toMatchObject({
      outcome: 'unknown',
    });
  });

  test('no answer within the time-out is unknown', async () => {
    const silent = cannedClients(
      (_request, { abortSignal }) =>
        new Promise((_resolve, reject) => {
          if (abortSignal === undefined) throw new Error('the call carries no signal');
          abortSignal.onabort = () => reject(new Error('aborted'));
        }),
    );
    const performed = await performChange(silent, await scope(), { requestTimeoutMs: 1 });
    expect(performed).toMatchObject({ outcome: 'unknown' });
  });

  test("the caller's abort is unknown, too", async () => {
    const world = actingWorld();
    const disable = await scopeOf(world.clients, { change: 'disable', credential: seedKey(world) });
    const performed = await performChange(world.clients, disable, {
      ...ONCE,
      abortSignal: AbortSignal.abort(),
    });
    expect(performed).toMatchObject({ outcome: 'unknown' });
    expect(writes(world.aws)).toEqual([]);
  });

  test('"no such user" of something else than AWS deletes nobody: unreadable, not gone', async () => {
    const { clients } = actingWorld();
    const page = cannedClients(answer(404, { 'content-type': 'text/html' }, '<html>Not Found</html>'));
    const world = actingWorld();
    const credential = seedKey(world, { status: 'Inactive' });
    const deletion = await scopeOf(world.clients, { change: 'delete', credential });
    expect(await readBackChange(page, deletion)).toMatchObject({ state: 'unreadable' });
    expect(await refusal(page, { change: 'disable', credential })).toBe('unreadable');
    const xml = '<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>';
    const broken = cannedClients(answer(500, { 'content-type': 'text/xml' }, xml));
    expect(await readBackChange(broken, deletion)).toMatchObject({ state: 'unreadable' });
    expect(await readBackChange(clients, deletion)).toMatchObject({ state: 'applied' });
  });
});

test.each(ACTS)(
  '%s: a client that would retry is refused before anything is sent',
  async (_operation, scene) => {
    const world = actingWorld();
    const scope = await scopeOf(world.clients, await scene(world));
    const sent = writes(world.aws).length;
    await expect(performChange(clientsOf(world.aws, 3), scope, ONCE)).rejects.toThrow(
      expect.objectContaining({ code: 'acting-client-retries' }),
    );
    expect(writes(world.aws).length).toBe(sent);
  },
);

test('retrying clients may look back', async () => {
  const world = actingWorld();
  const scope = await scopeOf(world.clients, { change: 'disable', credential: seedKey(world) });
  expect(await readBackChange(clientsOf(world.aws, 3), scope)).toMatchObject({ state: 'not-applied' });
});

test('G12: every step has a reverse but the deletion of an access key', () => {
  expect(REVERSE).toEqual({
    tag: 'tag',
    rotate: null,
    deliver: null,
    disable: 'enable',
    delete: 'undelete',
    enable: null,
    undelete: null,
  });
});
