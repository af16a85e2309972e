import { describe, expect, test } from 'vitest';
import { performChange, readBackChange } from '../../lib/actions/index.ts';
import { QUARANTINE_SID, QUARANTINE_STATEMENT } from '../../lib/domain/quarantine-statement.ts';
import { fact } from '../builders/credential.ts';
import { actingWorld, apply, ONCE, REGION, refusal, scopeOf, seedSecret, writes } from './acting-world.ts';
import { OTHERS, owner, POLICY, READERS } from './secret-owner.ts';

describe('quarantine of a secret', () => {
  test('G2: the scope holds our statement and digests of the others, never the policy', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const scope = await scopeOf(world.clients, { change: 'disable', credential });
    expect(scope).toEqual({
      action: 'secretsmanager:PutResourcePolicy',
      resource: credential.id,
      region: REGION,
      parameters: { SecretId: credential.id, addStatement: QUARANTINE_STATEMENT },
      before: {
        quarantined: false,
        statementForm: 'array',
        foreignStatements: [expect.stringMatching(/^[0-9a-f]{16}$/)],
        rest: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      after: expect.objectContaining({ quarantined: true }),
    });
    expect(JSON.stringify(scope)).not.toContain('444455556666');
    expect(writes(world.aws)).toEqual([]);
  });

  test('nobody can read the value any more, and all that was in the policy is still there', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const { readBack } = await apply(world.clients, { change: 'disable', credential });
    expect(readBack.observed).toEqual({ quarantine: 'ours', foreignStatements: 1, lostStatements: 0 });
    expect(await owner(world, credential).policy()).toEqual({
      ...POLICY,
      Statement: [READERS, QUARANTINE_STATEMENT],
    });
    await expect(owner(world, credential).read()).rejects.toThrow(/explicit deny/);
    expect(writes(world.aws)).toEqual(['secretsmanager:PutResourcePolicy']);
  });

  test('I6: ours is there already: verified without writing', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, {
      resourcePolicy: { ...POLICY, Statement: [READERS, QUARANTINE_STATEMENT] },
    });
    const { performed } = await apply(world.clients, { change: 'disable', credential });
    expect(performed).toEqual({ outcome: 'accepted', requestIds: [] });
    expect(writes(world.aws)).toEqual([]);
  });

  test.each([
    ['owned by a service', {}, { facts: { owningService: fact('rds') } }, 'service-owned'],
    ['a replica', {}, { facts: { primaryRegion: fact('us-east-1') } }, 'replica'],
    ['of unknown ownership', {}, { facts: { owningService: { unknown: 'denied' } } }, 'facts-unknown'],
    ['of unread ownership', {}, { omit: ['owningService'] as const }, 'facts-unknown'],
    [
      'with our Sid on another statement',
      { resourcePolicy: { Statement: { ...READERS, Sid: QUARANTINE_SID } } },
      {},
      'quarantine-altered',
    ],
    [
      'with a policy that leaves no room',
      { resourcePolicy: { Statement: { ...READERS, Sid: 'x'.repeat(20_200) } } },
      {},
      'policy-too-long',
    ],
  ])('is refused for a secret %s', async (_what, seed, overrides, code) => {
    const world = actingWorld();
    const credential = seedSecret(world, seed, overrides);
    expect(await refusal(world.clients, { change: 'disable', credential })).toBe(code);
    expect(writes(world.aws)).toEqual([]);
  });

  test('is refused for a secret that is gone, and when its policy cannot be read (G22)', async () => {
    const world = actingWorld();
    const credential = seedSecret(world);
    expect(
      await refusal(world.clients, {
        change: 'disable',
        credential: { ...credential, id: `${credential.id}x` },
      }),
    ).toBe('gone');
    world.account.deny('*', ['secretsmanager:GetResourcePolicy']);
    expect(await refusal(world.clients, { change: 'disable', credential })).toBe('unreadable');
  });

  test('nothing is written over a policy that changed between plan and act', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const scope = await scopeOf(world.clients, { change: 'disable', credential });
    const edited = { ...POLICY, Statement: [READERS, OTHERS] };
    await owner(world, credential).put(edited);
    expect(await performChange(world.clients, scope, ONCE)).toMatchObject({
      outcome: 'rejected',
      code: 'changed-since',
    });
    expect(await owner(world, credential).policy()).toEqual(edited);
  });

  test('nothing is written when the policy cannot be read just before', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const scope = await scopeOf(world.clients, { change: 'disable', credential });
    world.aws.faults.add({ match: { operation: 'GetResourcePolicy' }, effect: 'timeout' });
    expect(await performChange(world.clients, scope, ONCE)).toMatchObject({
      outcome: 'rejected',
      code: 'unreadable',
    });
    expect(writes(world.aws)).toEqual([]);
  });
});

describe('looking back at a quarantine from its scope alone', () => {
  const cases = [
    ['nothing happened', POLICY, 'not-applied', {}],
    [
      'ours is in',
      { ...POLICY, Statement: [READERS, QUARANTINE_STATEMENT] },
      'applied',
      { lostStatements: 0 },
    ],
    [
      'ours is in, the owner added one',
      { ...POLICY, Statement: [OTHERS, READERS, QUARANTINE_STATEMENT] },
      'applied',
      { foreignStatements: 2, lostStatements: 0 },
    ],
    [
      'ours is in, one of the others is lost',
      { ...POLICY, Statement: [OTHERS, QUARANTINE_STATEMENT] },
      'applied',
      { lostStatements: 1 },
    ],
    [
      'ours is in, the Version is lost',
      { Id: 'team', Statement: [READERS, QUARANTINE_STATEMENT] },
      'applied',
      { lostStatements: 1 },
    ],
    ['the owner wrote another policy', { ...POLICY, Statement: [OTHERS] }, 'other', { lostStatements: 1 }],
    [
      'somebody loosened ours',
      {
        ...POLICY,
        Statement: [READERS, { ...QUARANTINE_STATEMENT, Action: ['secretsmanager:GetSecretValue'] }],
      },
      'other',
      { quarantine: 'altered' },
    ],
  ] as const;
  test.each(cases)('%s', async (_what, now, state, observed) => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: POLICY });
    const scope = await scopeOf(world.clients, { change: 'disable', credential });
    await owner(world, credential).put(now);
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state, observed });
  });

  test('one of two equal statements lost is one lost', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, { resourcePolicy: { Statement: [READERS, READERS] } });
    const scope = await scopeOf(world.clients, { change: 'disable', credential });
    await owner(world, credential).put({ Statement: [READERS, QUARANTINE_STATEMENT] });
    expect(await readBackChange(world.clients, scope)).toMatchObject({ observed: { lostStatements: 1 } });
  });

  test('a secret that is gone was changed by somebody else; one that cannot be read is unreadable', async () => {
    const world = actingWorld();
    const credential = seedSecret(world);
    const scope = await scopeOf(world.clients, { change: 'disable', credential });
    expect(await readBackChange(actingWorld().clients, scope)).toMatchObject({ state: 'other' });
    world.account.deny('*', ['secretsmanager:GetResourcePolicy']);
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'unreadable' });
  });
});
