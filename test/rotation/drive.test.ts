import { UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { foldCredential } from '../../lib/domain/history.ts';
import { STORE_KEY_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { Ground, OTHER_TOKEN, REGION, ROTATOR, TOKEN, USER, USER_ARN } from './ground.ts';
import { currentValue, driven, sightOf, signedBy } from './scene.ts';

describe('a rotation that the janitor drives itself', () => {
  it('proves the new key before consumers get it, and leaves the old one as it is', async () => {
    const ground = await Ground.open({ consistencyDelayMs: 12_000, verifySignatures: true });
    const seeded = ground.seed({
      rotation: { enabled: false },
      document: { endpoint: 'https://example.org' },
    });
    expect((await driven(await ground.context(), seeded)).outcome).toBe('finished');
    const { keys, held, tags } = await sightOf(ground, seeded);
    const current = await currentValue(ground, seeded.secretId);
    expect(held).toMatchObject({ AWSCURRENT: current.accessKeyId, AWSPREVIOUS: seeded.key.id });
    expect(keys).toEqual([`${seeded.key.id} Active`, `${current.accessKeyId} Active`].sort());
    expect(tags).toEqual({ [STORE_USER_TAG]: USER, [STORE_KEY_TAG]: current.accessKeyId });
    expect(await signedBy(ground, current.accessKeyId, current.secretAccessKey)).toBe(USER_ARN);
    expect(await signedBy(ground, seeded.key.id, seeded.key.secretAccessKey)).toBe(USER_ARN);
    expect(current).toMatchObject({ endpoint: 'https://example.org', userName: USER });
  });

  it('tells the chain of the replaced key what took its place and where it is (I1)', async () => {
    const ground = await Ground.open();
    const seeded = ground.seed();
    await driven(
      await ground.context('main', { citing: { policyHash: 'a'.repeat(64), rule: 'access-key-old' } }),
      seeded,
    );
    expect(ground.told).toEqual(['rotation.begun', 'rotation.key-created', 'rotation.finished']);
    expect(ground.written.every(({ subject }) => subject === `credential#${seeded.credentialId}`)).toBe(true);
    expect(ground.written.every(({ rule }) => rule === 'access-key-old')).toBe(true);
    const { accessKeyId } = await currentValue(ground, seeded.secretId);
    expect(foldCredential(ground.written).rotation).toMatchObject({
      rotationId: TOKEN,
      secretId: seeded.secretId,
      by: 'janitor',
      state: 'finished',
      accessKeyId,
    });
  });

  it('does nothing when it is taken up again after its end', async () => {
    const ground = await Ground.open();
    const seeded = ground.seed();
    const context = await ground.context();
    await driven(context, seeded);
    const before = await sightOf(ground, seeded);
    expect((await driven(await ground.context(), seeded)).outcome).toBe('finished');
    expect(await sightOf(ground, seeded)).toEqual(before);
    expect(ground.told).toHaveLength(3);
  });

  it('fills a store that has no value yet, when its tag says whose it is', async () => {
    const ground = await Ground.open();
    const { key, credentialId } = ground.seed();
    const secretId = ground.account.addSecret(REGION, {
      name: `credential-janitor/delivered/${USER}`,
      tags: { [STORE_USER_TAG]: USER_ARN },
    });
    expect((await driven(await ground.context(), { secretId, key, credentialId })).outcome).toBe('finished');
    const current = await currentValue(ground, secretId);
    expect(Object.keys(current)).toEqual(['accessKeyId', 'secretAccessKey', 'userName']);
    expect(await signedBy(ground, current.accessKeyId, current.secretAccessKey)).toBe(USER_ARN);
  });

  it('keeps the digits of numbers and the order of fields that are not its own', async () => {
    const ground = await Ground.open();
    const key = ground.seed();
    const value = `{"limit":12345678901234567890.10,"accessKeyId":"${key.key.id}","secretAccessKey":"s","note":"a\\u0062"}`;
    const secretId = ground.account.addSecret(REGION, {
      name: 'other',
      tags: { [STORE_USER_TAG]: USER },
      value,
    });
    await driven(await ground.context(), { ...key, secretId });
    const { text } = await rawValue(ground, secretId);
    expect(text).toMatch(/^\{"limit":12345678901234567890\.10,"accessKeyId":"AKIA/);
    expect(text).toMatch(/"note":"ab","userName":"deployer"\}$/);
  });

  it('uses the names of fields that the policy gives', async () => {
    const ground = await Ground.open();
    const { key, credentialId } = ground.seed();
    const fields = {
      accessKeyId: 'AWS_ACCESS_KEY_ID',
      secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
      userName: 'user',
    };
    const secretId = ground.account.addSecret(REGION, {
      name: 'env',
      tags: { [STORE_USER_TAG]: USER },
      value: JSON.stringify({ AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secretAccessKey }),
    });
    const context = await ground.context('main', { fields });
    expect((await driven(context, { secretId, key, credentialId })).outcome).toBe('finished');
    expect(Object.keys(await currentValue(ground, secretId))).toEqual(Object.values(fields));
  });

  it('finds whose store it is by the naming rule, and never by what the value says', async () => {
    const ground = await Ground.open();
    const { key, credentialId } = ground.seed();
    const secretId = ground.seedStore(key, { name: `/iam-users/${USER}`, tags: {} });
    expect(await driven(await ground.context(), { secretId, key, credentialId })).toMatchObject({
      outcome: 'refused',
      code: 'store-without-user',
    });
    const context = await ground.context('main', { stores: { name: '/iam-users/{userName}' } });
    expect((await driven(context, { secretId, key, credentialId })).outcome).toBe('finished');
  });
});

describe('a rotation during which somebody acts', () => {
  it('keeps a value that somebody stored meanwhile, and takes its own back', async () => {
    const ground = await Ground.open();
    const seeded = ground.seed({ rotation: { enabled: false } });
    const { secretsManager } = await ground.clients('owner');
    const theirs = {
      accessKeyId: seeded.key.id,
      secretAccessKey: seeded.key.secretAccessKey,
      userName: USER,
      port: 2,
    };
    const context = await ground.context();
    let waits = 0;
    const pause = async (millis: number) => {
      ground.aws.clock.advance(millis);
      waits += 1;
      if (waits > 1) return;
      await secretsManager(REGION).send(
        new PutSecretValueCommand({ SecretId: seeded.secretId, SecretString: JSON.stringify(theirs) }),
      );
    };
    const ended = await driven({ ...context, pause }, seeded);
    expect(ended).toMatchObject({ outcome: 'failed', code: 'changed-meanwhile' });
    expect(await currentValue(ground, seeded.secretId)).toEqual(theirs);
    const { keys, held } = await sightOf(ground, seeded);
    expect(keys).toEqual([`${seeded.key.id} Active`]);
    expect(held).not.toHaveProperty('AWSPENDING');
    expect(ground.told.slice(-2)).toEqual(['rotation.key-removed', 'rotation.failed']);
    expect((await driven(await ground.context(), seeded, OTHER_TOKEN)).outcome).toBe('finished');
    expect(await currentValue(ground, seeded.secretId)).toMatchObject({ port: 2 });
  });

  it('fails when somebody disables the new key, and tries again under the same token once it is active', async () => {
    const ground = await Ground.open();
    const seeded = ground.seed({ rotation: { enabled: false } });
    const { iam } = await ground.clients('owner');
    const made = ground.aws.faults.add({
      match: { operation: 'GetCallerIdentity' },
      effect: 'error',
      code: 'ServiceUnavailable',
      status: 503,
      times: 100,
    });
    expect(await driven(await ground.context(), seeded)).toMatchObject({ outcome: 'interrupted' });
    made.remove();
    const { held } = await sightOf(ground, seeded);
    const UserName = USER;
    const AccessKeyId = held.AWSPENDING;
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }));
    expect(await driven(await ground.context(), seeded)).toMatchObject({
      outcome: 'failed',
      code: 'key-inactive',
    });
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Active' }));
    expect((await driven(await ground.context(), seeded)).outcome).toBe('finished');
    expect((await sightOf(ground, seeded)).keys).toHaveLength(2);
  });

  it('leaves a second key alone that somebody made before it set out', async () => {
    const ground = await Ground.open();
    const seeded = ground.seed({ rotation: { lambdaArn: ROTATOR } });
    const theirs = ground.account.addAccessKey(USER);
    ground.aws.clock.advance(10_000);
    expect(await driven(await ground.context(), seeded)).toMatchObject({
      outcome: 'refused',
      code: 'slots-full',
    });
    ground.aws.clock.advance(3_600_000);
    await driven(await ground.context(), seeded);
    expect((await sightOf(ground, seeded)).keys).toContain(`${theirs.id} Active`);
  });
});

async function rawValue(ground: Ground, secretId: string): Promise<{ text: string }> {
  const { secretsManager } = await ground.clients();
  const answer = await secretsManager(REGION).send(new GetSecretValueCommand({ SecretId: secretId }));
  return { text: answer.SecretString ?? '' };
}
