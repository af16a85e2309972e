import { describe, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { activatePolicy, placeHalt, placeHold } from '../../lib/sweep/index.ts';
import { AccountLease } from '../../lib/sweep/lease.ts';
import { MAIN } from '../world/places.ts';
import { Ground, type Key } from './ground.ts';
import { KEY_RULE, policyWith } from './ground-policy.ts';

interface Due {
  readonly ground: Ground;
  readonly key: Key;
}

/** A key whose owner was told 15 days ago, so that disabling it is due. */
async function dueKey(): Promise<Due> {
  const ground = await Ground.create();
  const key = ground.key({ user: 'deployer' });
  await ground.sweep();
  await ground.wait(15);
  return { ground, key };
}

async function activateAnother(ground: Ground): Promise<void> {
  const next = policyWith({ janitor: { restoreHold: '31d' } });
  for (const by of ['alice', 'bob', 'carol'] as const) await activatePolicy(ground.desk(by, next));
}

interface Case {
  readonly title: string;
  readonly guard: string;
  readonly reason: RegExp;
  readonly run: (due: Due) => unknown;
}

const MEANWHILE: readonly Case[] = [
  {
    title: 'I21 somebody places a hold',
    guard: 'no-longer-due',
    reason: /on-hold: manual hold until .*: needed for the audit/,
    run: ({ ground, key }) =>
      placeHold(ground.desk('dave'), key.id, {
        kind: 'manual',
        reason: 'needed for the audit',
        until: plus(ground.now(), DAY_MS),
      }),
  },
  {
    title: 'I2 the key is used',
    guard: 'no-longer-due',
    reason: /no longer matches/,
    run: ({ ground, key }) => ground.aws.account(MAIN).recordUse(key.keyId),
  },
  {
    title: 'I2 the key can no longer be read',
    guard: 'evidence-unread',
    reason: /GetAccessKeyLastUsed/,
    run: ({ ground }) => ground.aws.account(MAIN).deny('*', ['iam:GetAccessKeyLastUsed']),
  },
  {
    title: 'I2 whose it is can no longer be read',
    guard: 'evidence-unread',
    reason: /ListUserTags/,
    run: ({ ground }) => ground.aws.account(MAIN).deny('*', ['iam:ListUserTags']),
  },
  ...(['all', `account:${MAIN}`, `rule:${KEY_RULE}`] as const).map((target) => ({
    title: `G20 somebody halts ${target}`,
    guard: 'halted',
    reason: new RegExp(`${target} halted by dave`),
    run: ({ ground }: Due) => placeHalt(ground.desk('dave'), { target, reason: 'stop' }),
  })),
  {
    title: 'G8 another version of the policy is activated',
    guard: 'policy-not-activated',
    reason: /has not been activated/,
    run: ({ ground }) => activateAnother(ground),
  },
  {
    title: 'the time of the intent runs out',
    guard: 'too-late',
    reason: /only good until/,
    run: ({ ground }) => ground.network.advance(2 * MINUTE_MS),
  },
];

describe('what happens between the intent and the act is heeded: nothing changes in AWS', () => {
  test.each(MEANWHILE)('$title', async ({ guard, reason, run }) => {
    const due = await dueKey();
    const { ground, key } = due;
    ground.afterIntent(async () => run(due));

    const result = await ground.sweep();

    expect(ground.network.happened).toBe(1);
    expect(result.actions).toMatchObject([
      { credentialId: key.id, step: 'disable', outcome: 'abandoned', reason: expect.stringMatching(reason) },
    ]);
    expect(ground.of('step.abandoned').map(({ data }) => data.guard)).toEqual([guard]);
    expect(ground.changes()).toEqual([]);
  });

  test('nothing happens: it is done', async () => {
    const { ground, key } = await dueKey();
    ground.afterIntent(async () => {});
    expect((await ground.sweep()).actions).toMatchObject([{ outcome: 'done' }, { outcome: 'notified' }]);
    expect(ground.deeds()).toEqual([`UpdateAccessKey ${key.user}/${key.keyId}`]);
  });

  test('the lease is lost while the process stands still: nothing more is done, the other sweep settles the intent', async () => {
    const { ground, key } = await dueKey();
    let other: AccountLease | undefined;
    ground.afterIntent(async () => {
      await ground.network.advance(13 * MINUTE_MS);
      other = await AccountLease.take(await ground.context({ process: 'other' }));
    });

    await expect(ground.sweep()).rejects.toMatchObject({ code: 'lease-lost' });

    expect(ground.of('step.abandoned').map(({ data }) => data.guard)).toEqual(['lease-lost']);
    expect(ground.changes()).toEqual([]);
    await other?.release();
    await ground.wait(1);
    expect((await ground.sweep()).actions).toMatchObject([
      { credentialId: key.id, step: 'disable', outcome: 'done' },
      {},
    ]);
  });
});

describe('I21 whoever places a hold is told of an act under way', () => {
  test('before the intent nothing is under way, and the hold prevents it', async () => {
    const { ground, key } = await dueKey();
    const until = plus(ground.now(), DAY_MS);
    const placed = await placeHold(ground.desk('dave'), key.id, { kind: 'manual', reason: 'please', until });
    expect(placed).toEqual({ holdId: 'hold/3' });
    const { held } = await ground.sweep();
    expect(held).toMatchObject([{ credentialId: key.id, step: 'disable', code: 'on-hold' }]);
    expect(ground.of('step.intended')).toEqual([]);
  });

  test('after the intent the answer names it', async () => {
    const { ground, key } = await dueKey();
    const until = plus(ground.now(), DAY_MS);
    let told: unknown;
    ground.afterIntent(async () => {
      told = await placeHold(ground.desk('dave'), key.id, { kind: 'manual', reason: 'please', until });
    });
    await ground.sweep();
    expect(told).toMatchObject({ openIntent: { change: 'disable', rule: KEY_RULE } });
  });

  test('between the account pass and the intent: the hold wins the sequence, and nothing is intended', async () => {
    const { ground, key } = await dueKey();
    const until = plus(ground.now(), DAY_MS);
    ground.network.meanwhile({
      process: 'sweeper',
      before: ({ operation }) => operation === 'PutItem' && ground.of('slot.claimed').length === 2,
      run: () => placeHold(ground.desk('dave'), key.id, { kind: 'manual', reason: 'please', until }),
    });
    const { actions, held } = await ground.sweep();
    expect(actions).toEqual([]);
    expect(held).toMatchObject([{ credentialId: key.id, code: 'changed-meanwhile' }]);
    expect(ground.of('step.intended')).toEqual([]);
    expect(ground.changes()).toEqual([]);
  });
});

test('I2 the account pass already holds what changed before it', async () => {
  const { ground, key } = await dueKey();
  ground.aws.account(MAIN).recordUse(key.keyId);
  await ground.sweep();
  expect(ground.story(key.id)).toEqual(['finding.opened', 'owner.notified', 'finding.closed']);
  expect(ground.changes()).toEqual([]);
});
