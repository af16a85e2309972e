import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { MAIN, REGION } from '../world/places.ts';
import type { Ground } from './ground.ts';
import {
  approved,
  codeOf,
  DELIVERS,
  MUTE,
  NAME,
  order,
  planOf,
  READER,
  rotated,
  USER,
  world,
} from './ordering-ground.ts';

describe('a key that lies in no secret', () => {
  test('G10 the first call freezes a plan that says where the new key goes, and changes nothing', async () => {
    const { ground, id } = await world();
    const ordered = await order(ground, id);
    expect(ordered).toMatchObject({
      state: 'awaiting-approval',
      remaining: 1,
      into: { kind: 'delivery', name: NAME, region: REGION, reader: READER },
      plan: { tier: 'guarded', items: [{ credentialId: id, step: 'rotate', rule: 'asked for' }] },
    });
    expect(planOf(ordered).items[0]?.reasons).toEqual([
      'dave asked for it: older than a year.',
      `The new key goes into the secret ${NAME} in ${REGION}, which only ${READER} can read.`,
      expect.stringMatching(
        /^This one, last used on 2026-01-05 08:00 UTC, stays active until it has shown disuse\.$/,
      ),
    ]);
    expect(ground.changes()).toEqual([]);
  });

  test('I6 asking again, by whomever, is the same plan', async () => {
    const { ground, id } = await world();
    const first = planOf(await order(ground, id));
    expect(planOf(await order(ground, id, 'erin')).planId).toBe(first.planId);
    expect(ground.of('plan.frozen')).toHaveLength(1);
  });

  test('approved, the same call makes the key, delivers it and tells the owner; the old key is untouched', async () => {
    const { ground, id } = await world();
    const done = await rotated(ground, id);
    expect(done).toMatchObject({
      state: 'rotated',
      secretId: expect.stringContaining(`secret:${NAME}-`),
      told: { recipient: 'dave', outcome: 'accepted' },
    });
    expect(ground.deeds().map((deed) => deed.split(' ')[0])).toEqual([
      'CreateSecret',
      'PutResourcePolicy',
      'CreateAccessKey',
      'PutSecretValue',
      'UpdateSecretVersionStage',
      'TagResource',
    ]);
    expect(ground.deeds().join()).not.toContain(id.split('/').at(-1));
    expect(ground.story(id)).toEqual([
      'step.intended',
      'step.done',
      'step.intended',
      'step.done',
      'rotation.begun',
      'rotation.key-created',
      'rotation.finished',
      'owner.notified',
    ]);
  });

  test('G1 G3 its record names who asked, why, the plan and who approved it', async () => {
    const { ground, id } = await world();
    await rotated(ground, id);
    const [begun] = ground.of('rotation.begun');
    expect(begun).toMatchObject({
      data: { trigger: 'person', by: 'janitor' },
      justification: 'older than a year',
      reason: expect.stringMatching(/dave asked for it: .* \(plan\/\d{12}\/1\)/),
      approvals: [{ actor: { person: 'bob' } }],
    });
    for (const intent of ground.of('step.intended')) {
      expect(intent).toMatchObject({
        data: { change: 'deliver', tier: 'guarded', planId: `plan/${MAIN}/1` },
        approvals: [{ actor: { person: 'bob' } }],
      });
    }
  });

  test('the owner reads which key is new, where it is, and what to do with the old one', async () => {
    const { ground, id } = await world();
    const { accessKeyId, secretId } = await rotated(ground, id);
    const mail = ground.outbox.letters.at(-1)?.notice;
    expect(mail?.recipient.id).toBe('dave');
    for (const words of [accessKeyId, secretId, READER, id.split('/').at(-1) ?? '', 'still active'])
      expect(mail?.text).toContain(words);
  });

  test('I6 where this process cannot send mail, the next sweep tells the owner, once', async () => {
    const { ground, id } = await world();
    await approved(ground, id);
    const done = await order(ground, id, 'dave', { delivery: MUTE });
    expect(done).toMatchObject({ state: 'rotated', told: { recipient: 'dave', outcome: 'unconfirmed' } });
    expect(ground.of('owner.notified')).toEqual([]);
    for (const _ of [1, 2]) await ground.sweep();
    const told = ground.of('owner.notified').filter(({ rule }) => rule === 'asked for');
    expect(told.map(({ subject, data }) => [subject, data.recipient])).toEqual([
      [`credential#${id}`, 'dave'],
    ]);
    const letters = ground.outbox.letters.filter(({ notice }) => /New access key/.test(notice.subject));
    expect(letters).toHaveLength(1);
  });

  test('I6 once rotated, asking again tells what was done and does nothing', async () => {
    const { ground, id } = await world();
    const done = await rotated(ground, id);
    const before = ground.changes().length;
    const again = await order(ground, id, 'erin');
    expect(again).toMatchObject({ state: 'rotated', accessKeyId: done.accessKeyId, secretId: done.secretId });
    expect(again).not.toHaveProperty('told');
    expect(ground.changes()).toHaveLength(before);
  });

  test('the new key, rotated later, goes into the same secret and takes another approval', async () => {
    const { ground, id } = await world();
    const first = await rotated(ground, id);
    const account = ground.aws.account(MAIN);
    account.recordUse(first.accessKeyId, { region: REGION });
    await ground.wait(1);
    const next = `${id.slice(0, id.lastIndexOf('/'))}/${first.accessKeyId}`;
    expect(await order(ground, next)).toMatchObject({
      state: 'awaiting-approval',
      into: { kind: 'delivery', name: NAME },
    });
  });
});

describe('a key that a secret holds', () => {
  const store = (ground: Ground, id: string, tags: Readonly<Record<string, string>>) =>
    ground.aws.account(MAIN).addSecret(REGION, {
      name: 'apps/exporter',
      tags: { ...tags },
      createdAt: ground.ago(300),
      value: JSON.stringify({
        accessKeyId: id.split('/').at(-1),
        secretAccessKey: 'planted-and-never-told',
        userName: USER,
        url: 'https://example.com',
      }),
    });

  test('gets its successor in that secret, and what else is in it stays', async () => {
    const { ground, id } = await world({});
    const secretId = store(ground, id, { 'janitor:iam-user': USER });
    const done = await rotated(ground, id);
    expect(done.secretId).toBe(secretId);
    const client = new SecretsManagerClient({
      region: REGION,
      credentials: ground.aws.account(MAIN).credentials(),
      requestHandler: ground.aws.requestHandler({ process: 'reader' }),
    });
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    expect(JSON.parse(SecretString)).toMatchObject({
      accessKeyId: done.accessKeyId,
      userName: USER,
      url: 'https://example.com',
    });
    expect(ground.deeds().filter((deed) => /^(CreateSecret|PutResourcePolicy)/.test(deed))).toEqual([]);
  });

  test('found by the naming rule of the policy, too', async () => {
    const { ground, id } = await world({ janitor: { rotation: { stores: { name: 'apps/{userName}' } } } });
    const secretId = store(ground, id, {});
    expect(await order(ground, id)).toMatchObject({ into: { kind: 'store', secretId } });
  });

  test('looked for in the values of secrets where the policy allows it, to be tagged by a person', async () => {
    const compare = { janitor: { rotation: { ...DELIVERS.janitor.rotation, stores: { compareIds: true } } } };
    const { ground, id } = await world(compare);
    expect(await order(ground, id)).toMatchObject({ into: { kind: 'delivery' } });
    store(ground, id, {});
    await ground.wait(8);
    const error = await order(ground, id).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'store-untagged',
      hint: expect.stringContaining(`Key=janitor:iam-user,Value=${USER}`),
    });
    expect(JSON.stringify([error, ground.written])).not.toContain('planted-and-never-told');
  });

  test('not looked for in values unless the policy says so', async () => {
    const { ground, id } = await world();
    store(ground, id, {});
    await order(ground, id);
    expect(ground.aws.calls.all.map(({ operation }) => operation)).not.toContain('GetSecretValue');
  });

  test.each([
    ['holds another key', { 'janitor:access-key-id': 'AKIAOTHERKEY00000000' }, 'store-holds-other-key'],
    ['is one of two', {}, 'stores-ambiguous'],
  ])('%s', async (what, tags, code) => {
    const { ground, id } = await world({});
    store(ground, id, { 'janitor:iam-user': USER, ...tags });
    if (what === 'is one of two')
      ground.aws.account(MAIN).addSecret(REGION, { name: 'b', tags: { 'janitor:iam-user': USER } });
    expect(await codeOf(order(ground, id))).toBe(code);
    expect(ground.of('plan.frozen')).toEqual([]);
  });
});
