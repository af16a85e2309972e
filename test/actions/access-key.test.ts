import { CreateAccessKeyCommand, DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { performChange, readBackChange } from '../../lib/actions/index.ts';
import { accessKey, rootAccessKey } from '../builders/credential.ts';
import {
  actingWorld,
  apply,
  KEY_ID,
  ONCE,
  refusal,
  scopeOf,
  seedKey,
  stateOf,
  USER,
  USER_ARN,
  writes,
} from './acting-world.ts';

const OWNER = { UserName: USER.name, AccessKeyId: KEY_ID };

describe('disabling an access key', () => {
  test('G2: the scope states the exact call and both states, before anything is sent', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    expect(await scopeOf(world.clients, { change: 'disable', credential })).toEqual({
      action: 'iam:UpdateAccessKey',
      resource: USER_ARN,
      parameters: { ...OWNER, Status: 'Inactive' },
      before: { status: 'Active' },
      after: { status: 'Inactive' },
    });
    expect(writes(world.aws)).toEqual([]);
  });

  test('one call, verified; the right key when its user has two', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const other = world.account.addAccessKey(USER.name);
    const { performed, readBack } = await apply(world.clients, { change: 'disable', credential });
    expect(performed).toEqual({ outcome: 'accepted', requestIds: [expect.stringMatching(/./)] });
    expect(readBack.observed).toEqual({ status: 'Inactive' });
    expect(writes(world.aws)).toEqual(['iam:UpdateAccessKey']);
    expect(stateOf(world.aws)).toMatchObject({
      '111122223333': {
        users: { deployer: { keys: { [KEY_ID]: { status: 'Inactive' }, [other.id]: { status: 'Active' } } } },
      },
    });
  });

  test('a key that is inactive already becomes a verified quarantine, and stays inactive when restored (I8)', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { status: 'Inactive' });
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    expect(scope.before).toEqual({ status: 'Inactive' });
    expect(await refusal(world.clients, { change: 'enable', credential, quarantine: scope })).toBe(
      'nothing-to-undo',
    );
  });

  test.each([
    ['a status that cannot be given back', { status: 'Expired' as const }, {}, 'status-unsupported'],
    ['a key that is gone', {}, { name: 'AKIAEXAMPLEGONE00000' }, 'gone'],
    ['a key whose id was not read', {}, { omit: ['accessKeyId'] as const }, 'key-id-unknown'],
  ])('is refused for %s', async (_what, seed, overrides, code) => {
    const world = actingWorld();
    seedKey(world, seed);
    expect(await refusal(world.clients, { change: 'disable', credential: accessKey(overrides) })).toBe(code);
  });

  test('is refused for a user that does not exist, and for kinds that are only reported', async () => {
    const { clients } = actingWorld();
    expect(await refusal(clients, { change: 'disable', credential: accessKey() })).toBe('gone');
    expect(await refusal(clients, { change: 'disable', credential: rootAccessKey() })).toBe(
      'kind-not-actionable',
    );
  });

  test('G22: is refused, naming the permission, when the keys cannot be read', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    world.account.deny('*', ['iam:ListAccessKeys']);
    expect(await refusal(world.clients, { change: 'disable', credential })).toBe('unreadable');
  });

  test('the key is found among more than two, on a later page', async () => {
    const world = actingWorld({ pageSize: 1 });
    const credential = seedKey(world);
    world.account.addAccessKey(USER.name);
    world.account.addAccessKey(USER.name);
    await apply(world.clients, { change: 'disable', credential });
  });
});

describe('enabling an access key again', () => {
  test('gives back the world as it was (G12)', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const before = stateOf(world.aws);
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    await apply(world.clients, { change: 'enable', credential, quarantine: scope });
    expect(stateOf(world.aws)).toEqual(before);
  });

  test('I8: is refused when somebody re-enabled or deleted the key since', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const request = { change: 'enable', credential, quarantine: scope } as const;
    await world.clients.iam.send(new UpdateAccessKeyCommand({ ...OWNER, Status: 'Active' }));
    expect(await refusal(world.clients, request)).toBe('changed-since');
    await world.clients.iam.send(new DeleteAccessKeyCommand(OWNER));
    expect(await refusal(world.clients, request)).toBe('gone');
  });

  test('rests on the stored scope alone: no fact of the credential is needed', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const bare = accessKey({ name: KEY_ID, facts: { accessKeyId: { unknown: 'not read' } } });
    await apply(world.clients, { change: 'enable', credential: bare, quarantine: scope });
  });

  test("another key's quarantine is a broken assumption", async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const other = accessKey({ name: 'AKIAEXAMPLEOTHER0000' });
    await expect(
      scopeOf(world.clients, { change: 'enable', credential: other, quarantine: scope }),
    ).rejects.toThrow(expect.objectContaining({ code: 'scope-mismatch' }));
  });
});

describe('deleting an access key', () => {
  test('I4: an active key is never deleted', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    expect(await refusal(world.clients, { change: 'delete', credential })).toBe('not-quarantined');
    expect(writes(world.aws)).toEqual([]);
  });

  test('an inactive key is deleted, which is verified by its absence and cannot be undone', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { status: 'Inactive' });
    const { scope, readBack } = await apply(world.clients, { change: 'delete', credential });
    expect(readBack).toEqual({ state: 'applied', observed: { status: 'absent' } });
    expect(await refusal(world.clients, { change: 'undelete', credential, deletion: scope })).toBe(
      'nothing-to-undo',
    );
    expect(await refusal(world.clients, { change: 'delete', credential })).toBe('gone');
  });

  test('a key re-enabled between plan and look back shows as changed by somebody else', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { status: 'Inactive' });
    const scope = await scopeOf(world.clients, { change: 'delete', credential });
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'not-applied' });
    await world.clients.iam.send(new UpdateAccessKeyCommand({ ...OWNER, Status: 'Active' }));
    expect(await readBackChange(world.clients, scope)).toMatchObject({
      state: 'other',
      observed: { status: 'Active' },
    });
  });

  test('a user deleted with all keys counts as deleted', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { status: 'Inactive' });
    const scope = await scopeOf(world.clients, { change: 'delete', credential });
    expect(await readBackChange(actingWorld().clients, scope)).toMatchObject({ state: 'applied' });
  });
});

test('a new key of the same user is not mistaken for the old one', async () => {
  const world = actingWorld();
  const credential = seedKey(world, { status: 'Inactive' });
  const scope = await scopeOf(world.clients, { change: 'delete', credential });
  await performChange(world.clients, scope, ONCE);
  await world.clients.iam.send(new CreateAccessKeyCommand({ UserName: USER.name }));
  expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'applied' });
});
