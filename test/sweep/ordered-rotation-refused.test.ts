import { describe, expect, test } from 'vitest';
import { approvePlan, placeHalt, rejectPlan } from '../../lib/sweep/index.ts';
import { MAIN } from '../world/places.ts';
import type { PolicyOverrides } from './ground-policy.ts';
import {
  approved,
  codeOf,
  DELIVERS,
  type KeySetup,
  MANAGED,
  order,
  planOf,
  READER,
  USER,
  world,
} from './ordering-ground.ts';

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
