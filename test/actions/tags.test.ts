import { ListUserTagsCommand, TagUserCommand } from '@aws-sdk/client-iam';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { performChange, readBackChange, reverseRequest } from '../../lib/actions/index.ts';
import { fact } from '../builders/credential.ts';
import {
  type ActingWorld,
  actingWorld,
  apply,
  KEY_ID,
  ONCE,
  REGION,
  refusal,
  scopeOf,
  seedKey,
  seedSecret,
  stateOf,
  USER,
  USER_ARN,
  writes,
} from './acting-world.ts';

const KEY = `janitor:${KEY_ID}`;
const OLD = 'janitor:AKIAEXAMPLEGONE00000';
const LABELS = { [KEY]: 'owner=ana expires=2027-01-10' };

async function userTags({ clients }: ActingWorld): Promise<Record<string, string>> {
  const { Tags = [] } = await clients.iam.send(
    new ListUserTagsCommand({ UserName: USER.name, MaxItems: 100 }),
  );
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`team:tag-${index}`, 'x']));
}

describe('labels of an access key, on its user', () => {
  test('G2: one call; the scope holds the tags it touches and no others', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: { team: 'payments', [KEY_ID]: 'build server' } });
    const { scope } = await apply(world.clients, { change: 'tag', credential, labels: LABELS, obsolete: [] });
    expect(scope).toEqual({
      action: 'iam:TagUser',
      resource: USER_ARN,
      parameters: { UserName: USER.name, Tags: LABELS, TagKeys: [] },
      before: { tags: { [KEY]: null } },
      after: { tags: LABELS },
    });
    expect(await userTags(world)).toEqual({ team: 'payments', [KEY_ID]: 'build server', ...LABELS });
    expect(writes(world.aws)).toEqual(['iam:TagUser']);
  });

  test('labels of keys that are gone are removed with it', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: { [OLD]: 'owner=bo', [KEY]: 'owner=bo' } });
    const { scope } = await apply(world.clients, {
      change: 'tag',
      credential,
      labels: LABELS,
      obsolete: [OLD],
    });
    expect(scope.action).toBe('iam:TagUser+iam:UntagUser');
    expect(await userTags(world)).toEqual(LABELS);
  });

  test('only removing is one call', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: { [OLD]: 'owner=bo', ...LABELS } });
    const { scope } = await apply(world.clients, {
      change: 'tag',
      credential,
      labels: LABELS,
      obsolete: [OLD],
    });
    expect(scope.action).toBe('iam:UntagUser');
    expect(await userTags(world)).toEqual(LABELS);
  });

  test('at 50 tags the obsolete one makes room first', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: { ...many(49), [OLD]: 'owner=bo' } });
    await apply(world.clients, { change: 'tag', credential, labels: LABELS, obsolete: [OLD] });
    expect(writes(world.aws)).toEqual(['iam:UntagUser', 'iam:TagUser']);
    expect(await userTags(world)).toEqual({ ...many(49), ...LABELS });
  });

  test('at 50 tags with nothing of ours to remove it is refused', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: many(50) });
    expect(await refusal(world.clients, { change: 'tag', credential, labels: LABELS, obsolete: [] })).toBe(
      'tags-full',
    );
  });

  test('a label in another case is replaced, and the old spelling given back', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: { [KEY.toUpperCase()]: 'owner=bo' } });
    const before = stateOf(world.aws);
    const { scope } = await apply(world.clients, { change: 'tag', credential, labels: LABELS, obsolete: [] });
    expect(await userTags(world)).toEqual(LABELS);
    const undo = reverseRequest('tag', credential, scope);
    if (undo === null) throw new Error('a tag change has a reverse');
    await apply(world.clients, undo);
    expect(stateOf(world.aws)).toEqual(before);
  });

  test('I6: a second time there is nothing to do', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const request = { change: 'tag', credential, labels: LABELS, obsolete: [OLD] } as const;
    await apply(world.clients, request);
    expect(await refusal(world.clients, request)).toBe('nothing-to-do');
  });

  test('tags on all pages are seen', async () => {
    const world = actingWorld({ pageSize: 3 });
    const credential = seedKey(world, { tags: { ...many(7), [OLD]: 'owner=bo' } });
    const { scope } = await apply(world.clients, {
      change: 'tag',
      credential,
      labels: LABELS,
      obsolete: [OLD],
    });
    expect(scope.before).toEqual({ tags: { [KEY]: null, [OLD]: 'owner=bo' } });
  });

  test('the first call accepted and the second refused is for the look back to tell', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: { [OLD]: 'owner=bo' } });
    const scope = await scopeOf(world.clients, {
      change: 'tag',
      credential,
      labels: LABELS,
      obsolete: [OLD],
    });
    world.account.deny('*', ['iam:UntagUser']);
    expect(await performChange(world.clients, scope, ONCE)).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('iam:UntagUser'),
    });
    expect(await readBackChange(world.clients, scope)).toEqual({
      state: 'other',
      observed: { tags: { ...LABELS, [OLD]: 'owner=bo' } },
    });
  });

  test('after a first call that nobody answered the second is not sent', async () => {
    const world = actingWorld();
    const credential = seedKey(world, { tags: { [OLD]: 'owner=bo' } });
    const scope = await scopeOf(world.clients, {
      change: 'tag',
      credential,
      labels: LABELS,
      obsolete: [OLD],
    });
    world.aws.faults.add({ match: { operation: 'TagUser' }, effect: 'answer-lost' });
    expect(await performChange(world.clients, scope, ONCE)).toMatchObject({ outcome: 'unknown' });
    expect(writes(world.aws)).toEqual(['iam:TagUser']);
  });

  test('a user that is gone, or whose tags cannot be read', async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const request = { change: 'tag', credential, labels: LABELS, obsolete: [] } as const;
    const scope = await scopeOf(world.clients, request);
    expect(await refusal(actingWorld().clients, request)).toBe('gone');
    expect(await readBackChange(actingWorld().clients, scope)).toMatchObject({ state: 'other' });
    world.account.deny('*', ['iam:ListUserTags']);
    expect(await refusal(world.clients, request)).toBe('unreadable');
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'unreadable' });
  });
});

describe('undoing a tag change', () => {
  test("I8: is refused when somebody changed one of its tags since; others' tags do not matter", async () => {
    const world = actingWorld();
    const credential = seedKey(world);
    const { scope } = await apply(world.clients, { change: 'tag', credential, labels: LABELS, obsolete: [] });
    const undo = reverseRequest('tag', credential, scope);
    if (undo === null) throw new Error('a tag change has a reverse');
    const set = (Key: string, Value: string) =>
      world.clients.iam.send(new TagUserCommand({ UserName: USER.name, Tags: [{ Key, Value }] }));
    await set('team', 'payments');
    await scopeOf(world.clients, undo);
    await set(KEY, 'owner=somebody');
    expect(await refusal(world.clients, undo)).toBe('changed-since');
  });
});

describe('labels of a secret', () => {
  const labels = { 'janitor:owner': 'ana', 'janitor:expires': '2027-01-10' };

  test('one call on the secret itself; case matters', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { tags: { 'Janitor:owner': 'theirs', 'janitor:owner': 'bo' } });
    const { scope } = await apply(world.clients, { change: 'tag', credential, labels, obsolete: [] });
    expect(scope).toMatchObject({
      action: 'secretsmanager:TagResource',
      resource: credential.id,
      region: REGION,
    });
    const client = world.clients.secretsManager(REGION);
    const { Tags = [] } = await client.send(new DescribeSecretCommand({ SecretId: credential.id }));
    expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toEqual({
      'Janitor:owner': 'theirs',
      ...labels,
    });
  });

  test('is undone: old values back, new tags removed', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { tags: { 'janitor:owner': 'bo', team: 'x' } });
    const before = stateOf(world.aws);
    const { scope } = await apply(world.clients, { change: 'tag', credential, labels, obsolete: [] });
    const undo = reverseRequest('tag', credential, scope);
    if (undo === null) throw new Error('a tag change has a reverse');
    expect((await apply(world.clients, undo)).scope.action).toBe(
      'secretsmanager:TagResource+secretsmanager:UntagResource',
    );
    expect(stateOf(world.aws)).toEqual(before);
  });

  test.each([
    ['a replica', { facts: { primaryRegion: fact('us-east-1') } }, 'replica'],
    ["a service's own", { facts: { owningService: fact('rds') } }, 'service-owned'],
  ])('is refused for %s', async (_what, overrides, code) => {
    const world = actingWorld();
    const credential = seedSecret(world, {}, overrides);
    expect(await refusal(world.clients, { change: 'tag', credential, labels, obsolete: [] })).toBe(code);
  });
});
