import { describe, expect, test } from 'vitest';
import { type ActedOn, actOnAccount, type Decided, decideAccount } from '../../lib/sweep/index.ts';
import { LEASE_MS, TAKEOVER_MARGIN_MS } from '../../lib/sweep/lease.ts';
import { TABLES } from '../world/janitor-process.ts';
import { Ground } from './ground.ts';
import type { PolicyOverrides } from './ground-policy.ts';
import { LABELLING } from './newborn-ground.ts';

const RUN = 'run-1';
const LIMITS = { perAccountPerDay: 10, perOrganisationPerDay: 20, percentOfKind: 100, atLeast: 5 };
/** Two keys, and nobody was warned yet. */
async function twoFreshKeys(overrides: PolicyOverrides = {}): Promise<Ground> {
  const ground = await Ground.create({ janitor: { limits: LIMITS }, ...overrides });
  for (const user of ['first', 'second']) ground.key({ user });
  return ground;
}

/** Two keys, warned about two weeks ago. */
async function twoKeys(): Promise<Ground> {
  const ground = await twoFreshKeys();
  await ground.sweep();
  await ground.wait(15);
  return ground;
}

async function decide(ground: Ground, process = 'decides'): Promise<Decided> {
  const context = await ground.context({ process });
  const workspace = { store: context.evidence, runId: RUN };
  return decideAccount(context, { enforce: true, workspace, mayGoOn: () => true });
}

async function act(ground: Ground, process: string, allowance = 100): Promise<ActedOn> {
  const context = await ground.context({ process });
  const workspace = { store: context.evidence, runId: RUN };
  return actOnAccount(context, { enforce: true, workspace, mayGoOn: () => true, allowance });
}

async function leaseRunsOut(ground: Ground): Promise<void> {
  await ground.network.advance(LEASE_MS + TAKEOVER_MARGIN_MS);
}

async function dies(ground: Ground, process: string, operation: string, nth = 1, allowance = 100) {
  const crash = { match: { process, operation, nth }, effect: 'crash' } as const;
  ground.aws.faults.add(crash);
  await expect(act(ground, process, allowance)).rejects.toThrow();
  await leaseRunsOut(ground);
}

describe('what several processes call, and what they count', () => {
  test('acting reads nothing that deciding has read', async () => {
    const ground = await twoKeys();
    await decide(ground);
    const before = ground.aws.calls.counts();
    await act(ground, 'acts');
    const after = ground.aws.calls.counts();
    for (const listing of [
      'GetCredentialReport',
      'GetAccountAuthorizationDetails',
      'ListServiceSpecificCredentials',
    ]) {
      expect(after[`iam:${listing}`], listing).toBe(before[`iam:${listing}`]);
    }
    expect(after['secretsmanager:ListSecrets']).toBe(before['secretsmanager:ListSecrets']);
  });

  test('together they make the calls that one makes', async () => {
    const whole = await twoKeys();
    await whole.sweep({ process: 'alone' });
    const ground = await twoKeys();
    await decide(ground);
    await act(ground, 'acts');
    const [expected, found] = [whole, ground].map((each) => each.of('sweep.finished').at(-1)?.data.calls);
    expect(found).toEqual(expected);
  });
});

describe('a process that acts dies, and another one acts on under the same run', () => {
  test('I5 I6 the slot it claimed is not another step of the allowance: nothing waits for people because of a crash', async () => {
    const ground = await twoKeys();
    expect(await decide(ground)).toMatchObject({ status: 'decided', demand: 2 });
    const { length } = ground.of('slot.claimed');
    ground.network.meanwhile({
      process: 'dies',
      before: () => ground.of('slot.claimed').length === length + 2,
      run: async () => ground.aws.faults.kill('dies'),
    });
    await expect(act(ground, 'dies', 2)).rejects.toThrow();
    await leaseRunsOut(ground);
    expect(await act(ground, 'acts', 2)).toMatchObject({ sweep: { actions: { 'disable:done': 2 } } });
    expect(ground.of('plan.frozen')).toEqual([]);
    const ofAccount = ground.of('slot.claimed').filter(({ subject }) => subject !== 'cap#organisation');
    expect(ofAccount).toHaveLength(3);
  });

  test('I5 a lost slot is no gift: the allowance holds for what is done', async () => {
    const ground = await twoKeys();
    await decide(ground);
    await dies(ground, 'dies', 'UpdateAccessKey', 1, 1);
    await act(ground, 'acts', 1);
    expect(ground.changes()).toHaveLength(1);
    expect(ground.of('plan.frozen').at(-1)?.data.frozenBecause).toBe('cap');
  });

  test('I6 what it had labelled is read again: the owner is told in this run, and nothing is labelled twice', async () => {
    const ground = await twoFreshKeys(LABELLING);
    await decide(ground);
    await dies(ground, 'dies', 'TagUser', 2);
    await act(ground, 'acts');
    const labelled = ground.deeds().filter((deed) => deed.startsWith('TagUser'));
    expect(labelled).toHaveLength(2);
    expect(ground.outbox.letters).toHaveLength(1);
    expect(ground.of('finding.closed')).toHaveLength(2);
  });

  test('G21 steps and notices are counted once, whoever made them', async () => {
    const ground = await twoKeys();
    await decide(ground);
    const { length } = ground.of('notice.recorded');
    ground.network.meanwhile({
      process: 'dies',
      before: () => ground.of('notice.recorded').length === length + 1,
      run: async () => ground.aws.faults.kill('dies'),
    });
    await expect(act(ground, 'dies')).rejects.toThrow();
    await leaseRunsOut(ground);
    await act(ground, 'acts');
    expect(ground.of('sweep.finished').at(-1)?.data.actions).toEqual({
      'disable:done': 2,
      'notify:notified': 2,
    });
  });

  test('I10 died between its last event and the projection: whoever finds the sweep finished projects it', async () => {
    const ground = await twoKeys();
    await decide(ground);
    const { length } = ground.of('sweep.finished');
    ground.network.meanwhile({
      process: 'dies',
      before: () => ground.of('sweep.finished').length === length + 1,
      run: async () => ground.aws.faults.kill('dies'),
    });
    await expect(act(ground, 'dies')).rejects.toThrow();
    await leaseRunsOut(ground);
    expect(await act(ground, 'acts')).toMatchObject({ status: 'finished' });
    const { state, accountId } = await ground.context();
    expect((await state.account(accountId))?.seq).toBe(ground.of('sweep.finished').at(-1)?.seq);
    expect(ground.of('sweep.finished')).toHaveLength(length + 1);
    expect(ground.dynamo.table(TABLES.state).all().length).toBeGreaterThan(0);
  });
});
