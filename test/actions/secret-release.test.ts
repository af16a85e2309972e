import { describe, expect, test } from 'vitest';
import { performChange, readBackChange } from '../../lib/actions/index.ts';
import { QUARANTINE_STATEMENT } from '../../lib/domain/quarantine-statement.ts';
import { actingWorld, apply, ONCE, refusal, scopeOf, seedSecret, stateOf } from './acting-world.ts';
import { OTHERS, owner, POLICY, READERS } from './secret-owner.ts';

describe('release from quarantine', () => {
  test.each([
    ['no policy', undefined, 'secretsmanager:DeleteResourcePolicy'],
    ['a list', POLICY, 'secretsmanager:PutResourcePolicy'],
    ['one statement as an object', { Statement: READERS }, 'secretsmanager:PutResourcePolicy'],
  ])('gives back the world as it was: %s (G12)', async (_what, policy, action) => {
    const world = actingWorld();
    const credential = seedSecret(world, policy === undefined ? {} : { resourcePolicy: policy });
    const before = stateOf(world.aws);
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const release = await apply(world.clients, { change: 'enable', credential, quarantine: scope });
    expect(release.scope.action).toBe(action);
    expect(stateOf(world.aws)).toEqual(before);
  });

  test("I8: what the owner added, removed and changed meanwhile stays the owner's", async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const hand = owner(world, credential);
    await hand.put({ Version: '2012-10-17', Statement: [QUARANTINE_STATEMENT, OTHERS] });
    await apply(world.clients, { change: 'enable', credential, quarantine: scope });
    expect(await hand.policy()).toEqual({ Version: '2012-10-17', Statement: [OTHERS] });
    await expect(hand.read()).resolves.toMatchObject({ Name: 'prod/db' });
  });

  test('I8: the owner took ours out, or loosened it: there is nothing of ours to take out', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const request = { change: 'enable', credential, quarantine: scope } as const;
    await owner(world, credential).put({
      Statement: { ...QUARANTINE_STATEMENT, Principal: { AWS: '444455556666' } },
    });
    expect(await refusal(world.clients, request)).toBe('changed-since');
    await owner(world, credential).remove();
    expect(await refusal(world.clients, request)).toBe('changed-since');
  });

  test('a release that somebody else overtook is not forced', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const release = await scopeOf(world.clients, { change: 'enable', credential, quarantine: scope });
    const edited = { ...POLICY, Statement: [OTHERS, QUARANTINE_STATEMENT] };
    await owner(world, credential).put(edited);
    expect(await performChange(world.clients, release, ONCE)).toMatchObject({
      outcome: 'rejected',
      code: 'changed-since',
    });
    expect(await owner(world, credential).policy()).toEqual(edited);
    expect(await readBackChange(world.clients, release)).toMatchObject({ state: 'other' });
    await owner(world, credential).put(POLICY);
    expect(await readBackChange(world.clients, release)).toMatchObject({ state: 'applied' });
  });

  test('a release is not made when somebody loosened ours after it was planned', async () => {
    const world = actingWorld();
    const credential = seedSecret(world);
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const release = await scopeOf(world.clients, { change: 'enable', credential, quarantine: scope });
    await owner(world, credential).put({
      Statement: { ...QUARANTINE_STATEMENT, Principal: { AWS: '444455556666' } },
    });
    expect(await performChange(world.clients, release, ONCE)).toMatchObject({
      outcome: 'rejected',
      code: 'changed-since',
    });
    expect(await readBackChange(world.clients, release)).toMatchObject({ state: 'other' });
  });

  test("another secret's quarantine is a broken assumption", async () => {
    const world = actingWorld();
    const credential = seedSecret(world);
    const { scope } = await apply(world.clients, { change: 'disable', credential });
    const other = { ...credential, id: `${credential.id.slice(0, -6)}QwErTy` };
    const request = { change: 'enable', credential: other, quarantine: scope } as const;
    await expect(scopeOf(world.clients, request)).rejects.toThrow(
      expect.objectContaining({ code: 'scope-mismatch' }),
    );
  });
});
