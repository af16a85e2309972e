import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../lib/domain/time.ts';
import { capsFor } from '../../lib/sweep/caps.ts';
import { approvePlan } from '../../lib/sweep/index.ts';
import { MAIN, SIDE } from '../world/places.ts';
import { Ground, type Key } from './ground.ts';

const limits = (overrides: object) => ({
  janitor: {
    limits: { perAccountPerDay: 10, perOrganisationPerDay: 20, percentOfKind: 100, atLeast: 1, ...overrides },
  },
});

/** So many keys whose owners were told 15 days ago. */
async function dueKeys(overrides: object, count: number): Promise<{ ground: Ground; keys: Key[] }> {
  const ground = await Ground.create(limits(overrides));
  const keys = Array.from({ length: count }, (_, index) => ground.key({ user: `user-${index}` }));
  await ground.sweep();
  await ground.wait(15);
  return { ground, keys };
}

describe('the most of one kind within a day', () => {
  test.each([
    { keys: 100, percentOfKind: 5, perAccountPerDay: 10, atLeast: 1, most: 5, why: 'the share' },
    {
      keys: 1000,
      percentOfKind: 5,
      perAccountPerDay: 10,
      atLeast: 1,
      most: 10,
      why: 'the account, when it is smaller',
    },
    { keys: 19, percentOfKind: 5, perAccountPerDay: 10, atLeast: 2, most: 2, why: 'never below atLeast' },
    { keys: 39, percentOfKind: 5, perAccountPerDay: 10, atLeast: 1, most: 1, why: 'rounded down' },
    { keys: 0, percentOfKind: 5, perAccountPerDay: 10, atLeast: 1, most: 1, why: 'atLeast even of nothing' },
  ])('$why: $most of $keys', ({ keys, most, ...rest }) => {
    const caps = capsFor({ ...rest, perOrganisationPerDay: 100 }, { 'access-key': keys });
    expect(caps.ofKind('access-key')).toBe(most);
  });
});

describe('I5 ADR 0001 caps hold over any 24 hours', () => {
  test('over the cap the rest is frozen into one plan and told apart; nobody is touched without it', async () => {
    const { ground } = await dueKeys({ perAccountPerDay: 2 }, 5);
    const { actions, plans, held } = await ground.sweep();
    expect(actions.filter(({ step }) => step === 'disable')).toHaveLength(2);
    expect(plans).toMatchObject([{ tier: 'guarded', items: 3, approverGroup: 'security' }]);
    expect(held.map(({ code }) => code)).toEqual([
      'awaiting-approval',
      'awaiting-approval',
      'awaiting-approval',
    ]);
    expect(ground.of('plan.frozen').map(({ data }) => data.frozenBecause)).toEqual(['cap']);
    expect(ground.changes()).toHaveLength(2);
  });

  test('the cap of the account counts all kinds together', async () => {
    const ground = await Ground.create(limits({ perAccountPerDay: 3 }));
    for (const name of ['one', 'two']) {
      ground.key({ user: name });
      ground.secret({ name });
    }
    await ground.sweep();
    await ground.wait(15);
    const { actions, plans } = await ground.sweep();
    expect(actions.filter(({ step }) => step === 'disable')).toHaveLength(3);
    expect(plans).toMatchObject([{ because: 'cap', items: 1 }]);
  });

  test('sweeping again within the day does not start the count anew', async () => {
    const { ground } = await dueKeys({ perAccountPerDay: 2 }, 5);
    await ground.sweep();
    for (const hours of [0, 6, 17.5]) {
      await ground.network.advance(hours * HOUR_MS);
      await ground.sweep();
      expect(ground.changes()).toHaveLength(2);
    }
    expect(ground.of('plan.frozen')).toHaveLength(1);
  });

  test('an approved plan still obeys the cap: two a day until it is done', async () => {
    const { ground } = await dueKeys({ perAccountPerDay: 2 }, 5);
    const [plan] = (await ground.sweep()).plans;
    await approvePlan(ground.desk('bob'), plan?.planId ?? '');
    const { held } = await ground.sweep();
    expect(ground.changes()).toHaveLength(2);
    expect(held.map(({ code }) => code)).toEqual(['cap-reached', 'cap-reached', 'cap-reached']);
    const perDay: number[] = [];
    for (let day = 0; day < 3; day += 1) {
      const before = ground.changes().length;
      await ground.wait(1.01);
      await ground.sweep();
      perDay.push(ground.changes().length - before);
    }
    expect(perDay).toEqual([2, 1, 0]);
    expect(ground.of('plan.frozen')).toHaveLength(1);
  });

  test('an attempt that failed has used its slot: retries cannot exceed the cap', async () => {
    const { ground } = await dueKeys({ perAccountPerDay: 2 }, 3);
    ground.aws.account(MAIN).deny('*', ['iam:UpdateAccessKey']);
    const { actions } = await ground.sweep();
    expect(actions.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    ground.aws.account(MAIN).allow('*');
    await ground.sweep();
    expect(ground.changes()).toEqual([]);
    expect(ground.of('slot.claimed').filter(({ subject }) => subject === `cap#${MAIN}`)).toHaveLength(2);
  });

  test('over the cap of one kind all remaining steps of the account wait, whatever their kind', async () => {
    const ground = await Ground.create(limits({ percentOfKind: 50 }));
    for (const user of ['one', 'two']) ground.key({ user });
    ground.secret({ name: 'app/db' });
    await ground.sweep();
    await ground.wait(15);
    const { plans } = await ground.sweep();
    expect(plans).toMatchObject([{ items: 2 }]);
    expect(ground.changes()).toHaveLength(1);
  });

  test('the organisation has a cap over all its accounts', async () => {
    const ground = await Ground.create(limits({ perOrganisationPerDay: 3 }));
    for (const account of [MAIN, SIDE] as const) {
      for (const user of ['a', 'b']) ground.key({ user: `${user}-${account}`, account });
      await ground.sweep({ account });
    }
    await ground.wait(15);
    await ground.sweep({ account: MAIN });
    const { plans, held } = await ground.sweep({ account: SIDE });
    expect(ground.changes().map(({ accountId }) => accountId)).toEqual([MAIN, MAIN, SIDE]);
    expect(plans).toMatchObject([{ items: 1 }]);
    expect(held).toMatchObject([{ code: 'awaiting-approval' }]);
  });

  test('an organisation at its cap uses up no slot of an account, however often its plan is tried', async () => {
    const ground = await Ground.create(limits({ perAccountPerDay: 3, perOrganisationPerDay: 1 }));
    ground.key({ user: 'main' });
    for (const user of ['a', 'b']) ground.key({ user, account: SIDE });
    for (const account of [MAIN, SIDE] as const) await ground.sweep({ account });
    await ground.wait(15);
    await ground.sweep({ account: MAIN });
    const [plan] = (await ground.sweep({ account: SIDE })).plans;
    await approvePlan(ground.desk('bob'), plan?.planId ?? '');
    for (let run = 0; run < 3; run += 1) await ground.sweep({ account: SIDE });
    expect(ground.of('slot.claimed').filter(({ subject }) => subject === `cap#${SIDE}`)).toEqual([]);
    expect(ground.changes()).toHaveLength(1);
  });

  test('two sweeps one after the other by two processes share the count', async () => {
    const { ground } = await dueKeys({ perAccountPerDay: 2 }, 4);
    await ground.sweep({ process: 'first' });
    await ground.sweep({ process: 'second' });
    expect(ground.changes()).toHaveLength(2);
  });
});
