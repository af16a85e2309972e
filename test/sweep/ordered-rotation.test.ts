import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import type { NoticeDelivery } from '../../lib/notify/index.ts';
import { driveRotation } from '../../lib/rotation/index.ts';
import {
  approvePlan,
  type OrderedRotation,
  orderRotation,
  placeHalt,
  rejectPlan,
  type SweepContext,
} from '../../lib/sweep/index.ts';
import { orderingContext } from '../../lib/wiring/ordering-context.ts';
import type { PersonName } from '../world/people.ts';
import { MAIN, REGION } from '../world/places.ts';
import { Ground } from './ground.ts';
import type { PolicyOverrides } from './ground-policy.ts';

const USER = 'exporter';
const READER = `arn:aws:iam::${MAIN}:role/team-payments`;
const JANITOR = `arn:aws:iam::${MAIN}:role/EmbeddedAdministrator`;
const NAME = `credential-janitor/delivered/${USER}`;
const MANAGED = { owner: 'dave', 'janitor:rotation': 'managed' };
const DELIVERS = { janitor: { rotation: { deliveries: [{ users: '/ci/', reader: READER }] } } };

interface KeySetup {
  readonly tags?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly status?: 'Active' | 'Inactive';
}

/** A user of `/ci/` with one key that is in use every day. */
function addKey(ground: Ground, { tags = MANAGED, path = '/ci/', status = 'Active' }: KeySetup = {}): string {
  const account = ground.aws.account(MAIN);
  account.addUser({ name: USER, path, createdAt: ground.ago(400), tags: { ...tags } });
  const { id } = account.addAccessKey(USER, {
    createdAt: ground.ago(300),
    lastUsed: { at: ground.ago(0) },
    status,
  });
  return `arn:aws:iam::${MAIN}:user${path}${USER}/access-key/${id}`;
}

async function world(overrides: PolicyOverrides = DELIVERS, key: KeySetup = {}) {
  const ground = await Ground.create(overrides);
  return { ground, id: addKey(ground, key) };
}

/** A process that cannot send mail, as the function people ask. */
const MUTE: NoticeDelivery = {
  route: 'none',
  deliver: async () => ({ outcome: 'unknown', reason: 'no mail here' }),
};

async function order(
  ground: Ground,
  id: string,
  by: PersonName = 'dave',
  changes: Partial<SweepContext> = {},
): Promise<OrderedRotation> {
  const context = { ...(await ground.context({ process: `desk-${by}`, by })), ...changes };
  const { fields, stores } = context.policy.document.rotation;
  const ordering = orderingContext(
    {
      ...context,
      rotateKey: ({ credential, secretId, rotationId, trigger = 'step', citing }) =>
        driveRotation(
          { ...context, fields, stores, citing },
          { credentialId: credential.id, secretId, token: rotationId, trigger },
        ),
    },
    { janitor: JANITOR, open: async () => ({ ok: true, clients: context.clients }) },
  );
  return orderRotation(ordering, id, { reason: 'older than a year' });
}

async function codeOf(ordered: Promise<unknown>): Promise<string> {
  const error = await ordered.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof JanitorError)) throw new Error(`it was not refused: ${String(error)}`);
  expect(error.hint).toEqual(expect.any(String));
  return error.code;
}

function planOf(ordered: OrderedRotation) {
  if (ordered.state === 'rotated') throw new Error('it was rotated already');
  return ordered.plan;
}

async function approved(ground: Ground, id: string): Promise<void> {
  await approvePlan(ground.desk('bob'), planOf(await order(ground, id)).planId);
}

async function rotated(ground: Ground, id: string) {
  await approved(ground, id);
  const done = await order(ground, id);
  if (done.state !== 'rotated') throw new Error(`it is ${done.state}`);
  return done;
}

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

describe('what is refused before anybody is asked to approve', () => {
  const cases: readonly (readonly [string, PolicyOverrides, KeySetup, string])[] = [
    ['a user that is not managed', DELIVERS, { tags: { owner: 'dave' } }, 'not-managed'],
    [
      'a user tagged with another value',
      DELIVERS,
      { tags: { ...MANAGED, 'janitor:rotation': 'yes' } },
      'not-managed',
    ],
    ['I9 a protected user', DELIVERS, { path: '/break-glass/' }, 'protected'],
    ['a key that is not active', DELIVERS, { status: 'Inactive' }, 'key-not-active'],
    ['nobody to receive it', {}, {}, 'no-store'],
    ['a receiver for others only', DELIVERS, { path: '/services/' }, 'no-store'],
    [
      'G2 a receiver that only a tag names',
      {},
      { tags: { ...MANAGED, 'janitor:reader': READER } },
      'no-store',
    ],
    [
      'a receiver in another account, which could not open it',
      {
        janitor: {
          rotation: { deliveries: [{ users: USER, reader: 'arn:aws:iam::999988887777:role/x' }] },
        },
      },
      {},
      'reader-elsewhere',
    ],
    [
      'a policy that only observes',
      { janitor: { ...DELIVERS.janitor, mode: 'observe' } },
      {},
      'observe-only',
    ],
  ];
  test.each(cases)('%s', async (_what, overrides, key, code) => {
    const { ground, id } = await world(overrides, key);
    expect(await codeOf(order(ground, id))).toBe(code);
    expect(ground.of('plan.frozen')).toEqual([]);
    expect(ground.changes()).toEqual([]);
  });

  test('what is no access key, and one that is gone', async () => {
    const { ground, id } = await world();
    expect(await codeOf(order(ground, ground.secret({ name: 'x' })))).toBe('not-an-access-key');
    expect(await codeOf(order(ground, id.replace(/.{4}$/, 'GONE')))).toBe('credential-gone');
  });

  test('G20 a halt', async () => {
    const { ground, id } = await world();
    await placeHalt(ground.desk('erin'), { target: `account:${MAIN}`, reason: 'incident 4711' });
    expect(await codeOf(order(ground, id))).toBe('halted');
  });

  test('G22 secrets that cannot be listed: one of them might hold the key', async () => {
    const { ground, id } = await world();
    ground.aws.faults.add({
      match: { operation: 'ListSecrets' },
      effect: 'error',
      code: 'AccessDeniedException',
      status: 400,
      times: Number.POSITIVE_INFINITY,
    });
    expect(await codeOf(order(ground, id))).toBe('aws-denied');
  });
});

describe('between approval and deed', () => {
  test('I11 who asked may not approve', async () => {
    const { ground, id } = await world();
    const { planId } = planOf(await order(ground, id, 'alice'));
    expect(await codeOf(approvePlan(ground.desk('alice'), planId))).toBe('requester-may-not-approve');
  });

  test('a rejected plan stands until it lapses; then another may be asked for', async () => {
    const { ground, id } = await world();
    const { planId } = planOf(await order(ground, id));
    await rejectPlan(ground.desk('bob'), planId, 'ask the vendor first');
    expect(await order(ground, id)).toMatchObject({ state: 'rejected', plan: { planId } });
    await ground.wait(8);
    expect(await order(ground, id)).toMatchObject({ state: 'awaiting-approval' });
    expect(ground.changes().filter(({ operation }) => /Create|Put/.test(operation))).toEqual([]);
  });

  test('I14 an approval that was not used in time is worth nothing', async () => {
    const { ground, id } = await world();
    await approved(ground, id);
    await ground.wait(8);
    expect(await order(ground, id)).toMatchObject({ state: 'awaiting-approval', remaining: 1 });
  });

  test('a halt placed meanwhile stops it', async () => {
    const { ground, id } = await world();
    await approved(ground, id);
    await placeHalt(ground.desk('erin'), { target: 'all', reason: 'incident' });
    expect(await codeOf(order(ground, id))).toBe('halted');
    expect(ground.changes()).toEqual([]);
  });

  test('sweeps in between leave the plan alone', async () => {
    const { ground, id } = await world();
    await approved(ground, id);
    await ground.sweep();
    expect(ground.of('plan.item-dropped')).toEqual([]);
    expect(await order(ground, id)).toMatchObject({ state: 'rotated' });
  });

  test('while a sweep holds the account it waits: nobody writes in two places at once', async () => {
    const { ground, id } = await world();
    await approved(ground, id);
    const sweeping = await ground.context();
    await sweeping.ledger.append(`lease#${MAIN}`, null, {
      type: 'lease.taken',
      at: ground.now(),
      actor: sweeping.actor,
      data: { holder: 'another', until: ground.ago(-1) },
    });
    expect(await codeOf(order(ground, id))).toBe('lease-held');
    expect(ground.changes()).toEqual([]);
  });
});

describe('trouble', () => {
  test('two live keys in use are explained, and none is touched', async () => {
    const { ground, id } = await world();
    const account = ground.aws.account(MAIN);
    const other = account.addAccessKey(USER, { createdAt: ground.ago(90), lastUsed: { at: ground.ago(1) } });
    await approved(ground, id);
    const error = await order(ground, id).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'slots-full', message: expect.stringContaining(other.id) });
    expect(ground.deeds().filter((deed) => /AccessKey /.test(deed))).toEqual([]);
  });

  const CALLS = Array.from({ length: 16 }, (_, index) => index + 1);
  test.each(CALLS)(
    'I7 a crash after call %i of AWS: the next sweep and the same command end with one new key',
    async (nth) => {
      const { ground, id } = await world();
      await approved(ground, id);
      const crash = ground.aws.faults.add({ match: { process: 'desk-dave', nth }, effect: 'crash-after' });
      await order(ground, id).catch(() => undefined);
      expect(crash.fired).toBe(1);
      await ground.wait(1);
      await ground.sweep();
      const done = await order(ground, id, 'erin');
      expect(done.state).toBe('rotated');
      const keys = ground.deeds().filter((deed) => /AccessKey /.test(deed));
      const made = keys.filter((deed) => deed.startsWith('CreateAccessKey')).length;
      const removed = keys.filter((deed) => deed.startsWith('DeleteAccessKey')).length;
      expect(made - removed).toBe(1);
      expect(ground.deeds().filter((deed) => deed.startsWith('CreateSecret'))).toHaveLength(1);
    },
  );
});
