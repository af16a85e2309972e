import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { accessKeyCredentialId } from '../../../lib/domain/credential.ts';
import { STORE_KEY_TAG, STORE_USER_TAG } from '../../../lib/domain/rotation-store.ts';
import { MAIN } from '../../world/places.ts';
import type { Ground, Key } from '../ground.ts';
import {
  begin,
  FUNCTION,
  keyRotationFunction,
  rotatingGround,
  secretsOf,
  storedKey,
} from './rotating-ground.ts';

const MANAGED = { 'janitor:rotation': 'managed' };

async function held(ground: Ground, store: string): Promise<Record<string, string>> {
  const { SecretString = '{}' } = await secretsOf(ground).send(
    new GetSecretValueCommand({ SecretId: store }),
  );
  return JSON.parse(SecretString);
}

function idOf({ id, keyId }: Key, successor: string): string {
  return accessKeyCredentialId(id.slice(0, id.indexOf(`/access-key/${keyId}`)), successor);
}

describe('an access key that lives in a secret', () => {
  test('is replaced there by one that was proven to work; the old one stays as it is (G11)', async () => {
    const ground = await rotatingGround();
    const { key, store } = storedKey(ground);
    await begin(ground);
    expect(ground.story(key.id)).toEqual([
      'finding.opened',
      'owner.notified',
      'step.intended',
      'rotation.begun',
      'rotation.key-created',
      'rotation.finished',
      'step.done',
    ]);
    const [finished] = ground.of('rotation.finished');
    const now = await held(ground, store);
    expect(now).toMatchObject({ userName: 'deployer', region: 'eu-central-1' });
    expect(now.accessKeyId).toBe(finished?.data.accessKeyId);
    expect(now.accessKeyId).not.toBe(key.keyId);
    expect(ground.deeds().map((deed) => deed.split(' ')[0])).toEqual([
      'CreateAccessKey',
      'PutSecretValue',
      'UpdateSecretVersionStage',
      'TagResource',
    ]);
    const again = ground.changes().length;
    await ground.sweep();
    expect(ground.changes(again)).toEqual([]);
  });

  test('where the secret has a rotation function, that one walks the steps, and both tell one story', async () => {
    const ground = await rotatingGround();
    await keyRotationFunction(ground);
    const { key, store } = storedKey(ground, 'deployer', FUNCTION);
    await begin(ground);
    expect(ground.of('step.intended')[0]?.scope).toMatchObject({
      action: 'secretsmanager:RotateSecret',
      resource: store,
      before: { accessKeyId: key.keyId },
    });
    const invocations = await ground.aws.runRotations();
    expect(invocations.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
    await ground.sweep();
    expect(ground.story(key.id)).toEqual([
      'finding.opened',
      'owner.notified',
      'step.intended',
      'rotation.begun',
      'step.done',
      'rotation.key-created',
      'rotation.finished',
      'finding.closed',
    ]);
    expect((await held(ground, store)).accessKeyId).toBe(ground.of('rotation.finished')[0]?.data.accessKeyId);
  });

  test('the replaced one is retired by ordinary rules once nobody uses it, and deleted only with an approval', async () => {
    const ground = await rotatingGround();
    const { key } = storedKey(ground);
    await begin(ground);
    for (const days of [8, 2]) {
      await ground.wait(days);
      await ground.sweep();
    }
    expect(ground.deeds()).toContain(`UpdateAccessKey deployer/${key.keyId}`);
    await ground.wait(31);
    await ground.sweep();
    await ground.wait(31);
    const { plans } = await ground.sweep();
    expect(plans).toHaveLength(1);
    expect(ground.deeds().some((deed) => deed.startsWith('DeleteAccessKey'))).toBe(false);
  });

  test('the new one is never taken for replaced', async () => {
    const ground = await rotatingGround();
    const { key } = storedKey(ground);
    await begin(ground);
    const successor = ground.of('rotation.finished')[0]?.data.accessKeyId ?? '';
    await ground.wait(20);
    await ground.sweep();
    expect(ground.story(idOf(key, successor))).toEqual([]);
  });

  test('one that is used long after it was replaced has another consumer, which its owner is told', async () => {
    const ground = await rotatingGround();
    const { key } = storedKey(ground);
    await begin(ground);
    await ground.wait(10);
    ground.aws.account(MAIN).recordUse(key.keyId, { at: ground.ago(1) });
    await ground.sweep();
    const last = ground.outbox.letters.at(-1)?.notice;
    expect(last?.items).toContainEqual(
      expect.objectContaining({ credentialId: key.id, rule: 'access-key-replaced-in-use' }),
    );
    expect(ground.deeds().some((deed) => deed.startsWith('UpdateAccessKey'))).toBe(false);
  });
});

describe('a key that cannot be replaced stays in force, and its owner is told the way out', () => {
  test.each([
    [
      'no secret says that it holds it',
      (ground: Ground) => ground.key({ user: 'deployer', usedDays: 1, tags: MANAGED }),
      'no-store',
      /janitor:iam-user=deployer/,
    ],
    [
      'its user is none whose keys the janitor may make',
      (ground: Ground) => ground.key({ user: 'deployer', usedDays: 1 }),
      'not-managed',
      /janitor:rotation=managed/,
    ],
    [
      'its secret holds the other key of the user',
      (ground: Ground) => {
        const key = ground.key({ user: 'deployer', usedDays: 1, tags: MANAGED });
        const tags = { [STORE_USER_TAG]: 'deployer', [STORE_KEY_TAG]: 'AKIAEXAMPLEOFANOTHER' };
        ground.secret({ name: 'iam-users/deployer', usedDays: 1, rotatedDays: 1, tags });
        return key;
      },
      'store-holds-other-key',
      /whoever uses .* has it from elsewhere/,
    ],
    [
      'two secrets are for its user',
      (ground: Ground) => {
        const key = ground.key({ user: 'deployer', usedDays: 1, tags: MANAGED });
        for (const name of ['a', 'b'])
          ground.secret({ name, usedDays: 1, rotatedDays: 1, tags: { [STORE_USER_TAG]: 'deployer' } });
        return key;
      },
      'stores-ambiguous',
      /tag the right one janitor:access-key-id=/,
    ],
    [
      'its user has another key in use',
      (ground: Ground) => {
        const { key } = storedKey(ground);
        ground.key({ user: 'deployer', usedDays: 2, createdDays: 20 });
        return key;
      },
      'slots-full',
      /2 access keys and no slot is free/,
    ],
  ])('%s', async (_what, setUp, code, says) => {
    const ground = await rotatingGround();
    const key = setUp(ground);
    await begin(ground);
    expect(ground.of('rotation.blocked')).toMatchObject([
      { subject: `credential#${key.id}`, data: { code }, reason: expect.stringMatching(says) },
    ]);
    const letters = ground.outbox.letters.length;
    expect(ground.outbox.letters.at(-1)?.notice.items[0]?.credentialId).toBe(key.id);
    await ground.wait(1);
    await ground.sweep();
    expect(ground.outbox.letters).toHaveLength(letters);
    expect(ground.deeds()).toEqual([]);
    expect(ground.of('rotations.stopped')).toEqual([]);
  });
});

describe('a walk that is interrupted', () => {
  test('is taken up where it stands by a later sweep, with one new key in all (I1, I7)', async () => {
    const ground = await rotatingGround();
    const { key, store } = storedKey(ground);
    await ground.sweep();
    await ground.wait(3);
    const fault = ground.aws.faults.add({
      match: { process: 'sweeper', service: 'secretsmanager', operation: 'UpdateSecretVersionStage' },
      effect: 'crash',
      times: 1,
    });
    await expect(ground.sweep()).rejects.toThrow();
    fault.remove();
    expect(ground.story(key.id)).not.toContain('rotation.finished');
    await ground.wait(1);
    await ground.sweep({ process: 'another' });
    expect(ground.of('rotation.key-created')).toHaveLength(1);
    expect(ground.story(key.id).slice(-2)).toEqual(['step.done', 'rotation.finished']);
    const { accessKeyId } = await held(ground, store);
    expect(accessKeyId).toBe(ground.of('rotation.finished')[0]?.data.accessKeyId);
    const created = ground.deeds().filter((deed) => deed.startsWith('CreateAccessKey'));
    expect(created).toHaveLength(1);
  });
});
