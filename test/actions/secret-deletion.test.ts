import { DescribeSecretCommand, RestoreSecretCommand } from '@aws-sdk/client-secrets-manager';
import { HttpResponse } from '@smithy/core/protocols';
import { describe, expect, test } from 'vitest';
import { performChange, readBackChange } from '../../lib/actions/index.ts';
import { QUARANTINE_STATEMENT } from '../../lib/domain/quarantine-statement.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { fact, NOW, secret } from '../builders/credential.ts';
import {
  actingWorld,
  apply,
  ONCE,
  REGION,
  refusal,
  scopeOf,
  seedSecret,
  stateOf,
  writes,
} from './acting-world.ts';
import { cannedClients } from './canned-clients.ts';

const QUARANTINED = { resourcePolicy: { Version: '2012-10-17', Statement: [QUARANTINE_STATEMENT] } };

describe('deleting a secret', () => {
  test('is scheduled with 30 days to recover, never forced; the answer says until when', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, QUARANTINED);
    const { scope, performed, readBack } = await apply(world.clients, { change: 'delete', credential });
    expect(scope).toEqual({
      action: 'secretsmanager:DeleteSecret',
      resource: credential.id,
      region: REGION,
      parameters: { SecretId: credential.id, RecoveryWindowInDays: 30 },
      before: { pendingDeletion: false, asOf: NOW },
      after: { pendingDeletion: true },
    });
    expect(performed).toMatchObject({ recoverableUntil: plus(NOW, 30 * DAY_MS) });
    expect(readBack).toMatchObject({
      recoverableUntil: plus(NOW, 30 * DAY_MS),
      observed: { pendingDeletion: true },
    });
    expect(writes(world.aws)).toEqual(['secretsmanager:DeleteSecret']);
  });

  test.each([
    ['without our quarantine (I4)', {}, {}, 'not-quarantined'],
    [
      'whose quarantine was loosened (I4)',
      { resourcePolicy: { Statement: { ...QUARANTINE_STATEMENT, Principal: { AWS: '444455556666' } } } },
      {},
      'not-quarantined',
    ],
    ['with replicas', { ...QUARANTINED, replicas: [{ region: 'eu-west-1' }] }, {}, 'replicated'],
    [
      'owned by a service by its facts',
      QUARANTINED,
      { facts: { owningService: fact('rds') } },
      'service-owned',
    ],
    ['owned by a service by now', { ...QUARANTINED, owningService: 'rds' }, {}, 'service-owned'],
    ['that is a replica', QUARANTINED, { facts: { primaryRegion: fact('us-east-1') } }, 'replica'],
    [
      'whose status was not read (I2)',
      QUARANTINED,
      { facts: { status: { unknown: 'denied' } } },
      'facts-unknown',
    ],
    ['scheduled for deletion already', { ...QUARANTINED, deletedAt: NOW }, {}, 'nothing-to-do'],
  ])('is refused for a secret %s', async (_what, seed, overrides, code) => {
    const world = actingWorld();
    const credential = seedSecret(world, seed, overrides);
    expect(await refusal(world.clients, { change: 'delete', credential })).toBe(code);
    expect(writes(world.aws)).toEqual([]);
  });

  test('a replica that its facts did not show is refused too', async () => {
    const world = actingWorld();
    const primary = seedSecret(world, { ...QUARANTINED, replicas: [{ region: 'eu-west-1' }] });
    const id = primary.id.replace(REGION, 'eu-west-1');
    const credential = secret({ id, region: 'eu-west-1', omit: ['primaryRegion'] });
    expect(await refusal(world.clients, { change: 'delete', credential })).toBe('replica');
  });

  test.each([0, 6, 31, 7.5, Number.NaN])(
    'a recovery window of %s days is refused',
    async (recoveryWindowDays) => {
      const world = actingWorld();
      const credential = seedSecret(world, QUARANTINED);
      expect(await refusal(world.clients, { change: 'delete', credential, recoveryWindowDays })).toBe(
        'recovery-window-invalid',
      );
    },
  );

  test('a secret that is gone, or cannot be read, is not deleted', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, QUARANTINED);
    expect(await refusal(actingWorld().clients, { change: 'delete', credential })).toBe('gone');
    world.account.deny('*', ['secretsmanager:DescribeSecret']);
    expect(await refusal(world.clients, { change: 'delete', credential })).toBe('unreadable');
  });

  test('a scope that would force the deletion is not understood', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, QUARANTINED);
    const scope = await scopeOf(world.clients, { change: 'delete', credential });
    const forced = { ...scope, parameters: { SecretId: credential.id, ForceDeleteWithoutRecovery: true } };
    await expect(performChange(world.clients, forced, ONCE)).rejects.toThrow(
      expect.objectContaining({ code: 'scope-unknown' }),
    );
  });
});

describe('looking back at a deletion', () => {
  test.each([
    ['the day the secret is scheduled for', plus(NOW, 30 * DAY_MS + 5)],
    ['the day of the request', plus(NOW, 5)],
  ])('AWS gives %s: the end of the recovery window is the same', async (_what, deletedDate) => {
    const world = actingWorld();
    const credential = seedSecret(world, QUARANTINED);
    const scope = await scopeOf(world.clients, { change: 'delete', credential });
    const body = JSON.stringify({ ARN: credential.id, DeletedDate: Date.parse(deletedDate) / 1000 });
    const clients = cannedClients(
      () => new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from(body) }),
    );
    expect(await readBackChange(clients, scope)).toMatchObject({
      state: 'applied',
      recoverableUntil: plus(NOW, 30 * DAY_MS + 5),
    });
  });

  test('purged after its window counts as deleted; not scheduled as not applied', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, QUARANTINED);
    const scope = await scopeOf(world.clients, { change: 'delete', credential });
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'not-applied' });
    await performChange(world.clients, scope, ONCE);
    world.aws.clock.advance(31 * DAY_MS);
    expect(await readBackChange(world.clients, scope)).toEqual({
      state: 'applied',
      observed: { exists: false },
    });
    world.account.deny('*', ['secretsmanager:DescribeSecret']);
    expect(await readBackChange(world.clients, scope)).toMatchObject({ state: 'unreadable' });
  });
});

describe('bringing a deleted secret back', () => {
  test('restores it still quarantined; releasing it then gives back the world as it was (G12)', async () => {
    const world = actingWorld();
    const credential = seedSecret(world);
    const before = stateOf(world.aws);
    const quarantine = await apply(world.clients, { change: 'disable', credential });
    const quarantined = stateOf(world.aws);
    const deletion = await apply(world.clients, { change: 'delete', credential });
    await apply(world.clients, { change: 'undelete', credential, deletion: deletion.scope });
    expect(stateOf(world.aws)).toEqual(quarantined);
    await apply(world.clients, { change: 'enable', credential, quarantine: quarantine.scope });
    expect(stateOf(world.aws)).toEqual(before);
  });

  test('rests on the stored scope alone', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, QUARANTINED);
    const deletion = await apply(world.clients, { change: 'delete', credential });
    const bare = secret({ id: credential.id, omit: ['owningService', 'primaryRegion'] });
    await apply(world.clients, { change: 'undelete', credential: bare, deletion: deletion.scope });
  });

  test('I8: is refused when its owner restored it, when it is purged, and for another scope', async () => {
    const world = actingWorld();
    const credential = seedSecret(world, QUARANTINED);
    const { scope: deletion } = await apply(world.clients, { change: 'delete', credential });
    const request = { change: 'undelete', credential, deletion } as const;
    const undelete = await scopeOf(world.clients, request);
    expect(await readBackChange(world.clients, undelete)).toMatchObject({ state: 'not-applied' });
    const client = world.clients.secretsManager(REGION);
    await client.send(new RestoreSecretCommand({ SecretId: credential.id }));
    expect(await refusal(world.clients, request)).toBe('changed-since');
    await performChange(world.clients, deletion, ONCE);
    world.aws.clock.advance(31 * DAY_MS);
    await client.send(new DescribeSecretCommand({ SecretId: credential.id })).catch(() => undefined);
    expect(await refusal(world.clients, request)).toBe('gone');
    expect(await readBackChange(world.clients, undelete)).toMatchObject({ state: 'other' });
    const other = { ...credential, id: `${credential.id}x` };
    await expect(scopeOf(world.clients, { ...request, credential: other })).rejects.toThrow(
      expect.objectContaining({ code: 'scope-mismatch' }),
    );
  });
});
