import { describe, expect, test } from 'vitest';
import { MINUTE_MS, plus } from '../../lib/domain/time.ts';
import { approvePlan } from '../../lib/sweep/index.ts';
import { LEASE_MS, TAKEOVER_MARGIN_MS } from '../../lib/sweep/lease.ts';
import { SETTLE_MS } from '../../lib/sweep/reconcile.ts';
import { TABLES } from '../world/janitor-process.ts';
import { MAIN } from '../world/places.ts';
import { Ground, type Key } from './ground.ts';

async function dueKeys(count = 1): Promise<{ ground: Ground; keys: Key[]; key: Key }> {
  const ground = await Ground.create();
  const keys = Array.from({ length: count }, (_, index) => ground.key({ user: `user-${index}` }));
  await ground.sweep();
  await ground.wait(15);
  return { ground, keys, key: keys[0] ?? { id: '', user: '', keyId: '' } };
}

const crash = { process: 'sweeper' } as const;
const outcomes = (ground: Ground, id: string) =>
  ground.story(id).filter((type) => /step\.(done|failed|abandoned)/.test(type));

/** After a crash another process takes the account over once the lease has run out. */
async function nextProcess(ground: Ground) {
  await ground.network.advance(LEASE_MS + TAKEOVER_MARGIN_MS);
  return ground.sweep({ process: 'successor' });
}

describe('one sweep per account', () => {
  test('a second one at once is refused, told who holds the account and until when', async () => {
    const { ground } = await dueKeys();
    let refused: unknown;
    ground.afterIntent(async () => {
      refused = await ground.sweep({ process: 'second' }).catch((error: unknown) => error);
    });
    await ground.sweep();
    const until = ground.of('lease.taken').at(-1)?.data.until;
    expect(refused).toMatchObject({
      code: 'lease-held',
      source: 'system',
      details: { holder: 'sweeper', until },
    });
    expect(refused).toMatchObject({ message: `account ${MAIN} is being swept by sweeper until ${until}` });
    expect(ground.changes()).toHaveLength(1);
  });

  test('a crashed holder is taken over after its lease and the margin, not a moment sooner', async () => {
    const { ground, key } = await dueKeys();
    ground.aws.faults.add({ match: { ...crash, operation: 'UpdateAccessKey' }, effect: 'crash' });
    await expect(ground.sweep()).rejects.toThrow();
    const { until } = ground.of('lease.taken').at(-1)?.data ?? { until: '' };
    const almost = Date.parse(plus(until, TAKEOVER_MARGIN_MS - 1000)) - Date.parse(ground.now());
    await ground.network.advance(almost);
    await expect(ground.sweep({ process: 'second' })).rejects.toMatchObject({ code: 'lease-held' });
    await ground.network.advance(2000);
    await ground.sweep({ process: 'second' });
    expect(outcomes(ground, key.id)[0]).toBe('step.abandoned');
  });

  test('who lost the lease while standing still does nothing more and records nothing as its own', async () => {
    const { ground } = await dueKeys(2);
    ground.afterIntent(async () => {
      await ground.network.advance(LEASE_MS + TAKEOVER_MARGIN_MS);
    });
    await expect(ground.sweep()).rejects.toMatchObject({ code: 'lease-lost' });
    expect(ground.changes()).toEqual([]);
    expect(ground.of('step.intended')).toHaveLength(1);
  });
});

test('a sweep overtaken right before its last event says so: no result without a record', async () => {
  const { ground } = await dueKeys();
  const manifests = () => [...ground.evidence.keys()].filter((key) => key.startsWith('manifests/')).length;
  const before = manifests();
  ground.network.meanwhile({
    process: 'sweeper',
    before: ({ operation }) => operation === 'PutItem' && manifests() > before,
    run: () => nextProcess(ground),
  });
  await expect(ground.sweep()).rejects.toMatchObject({ code: 'lease-lost' });
  expect(ground.network.happened).toBe(1);
  expect(ground.of('sweep.finished')).toHaveLength(2);
});

describe('I7 every intent gets its outcome by looking at AWS, never by acting again', () => {
  test.each([
    { effect: 'crash-after' as const, type: 'step.done', what: 'applied, then died' },
    { effect: 'crash' as const, type: 'step.abandoned', what: 'died before it was applied' },
  ])('$what: the next process records $type', async ({ effect, type }) => {
    const { ground, key } = await dueKeys();
    ground.aws.faults.add({ match: { ...crash, operation: 'UpdateAccessKey' }, effect });
    await expect(ground.sweep()).rejects.toThrow();
    const changes = ground.changes().length;
    const { reconciled } = await nextProcess(ground);
    expect(reconciled).toBe(1);
    expect(outcomes(ground, key.id)[0]).toBe(type);
    expect(ground.changes()).toHaveLength(changes);
    if (type === 'step.done') expect(ground.of('step.done')[0]?.data.reconciled).toBe(true);
  });

  test('I6 died right after a deletion: the next process closes the finding although the report still shows the key', async () => {
    const { ground, key } = await dueKeys();
    await ground.sweep();
    await ground.wait(31);
    const { plans } = await ground.sweep();
    await approvePlan(ground.desk('bob'), plans[0]?.planId ?? '');
    ground.aws.faults.add({ match: { ...crash, operation: 'DeleteAccessKey' }, effect: 'crash-after' });
    await expect(ground.sweep()).rejects.toThrow();
    await nextProcess(ground);
    expect(ground.story(key.id).slice(-2)).toEqual(['step.done', 'finding.closed']);
    const events = ground.story(key.id).length;
    await ground.wait(1);
    await ground.sweep({ process: 'successor' });
    expect(ground.story(key.id)).toHaveLength(events);
  });

  test('a lost answer is settled at once: AWS shows it done', async () => {
    const { ground, key } = await dueKeys();
    ground.aws.faults.add({ match: { ...crash, operation: 'UpdateAccessKey' }, effect: 'answer-lost' });
    const { actions } = await ground.sweep();
    expect(actions[0]).toMatchObject({ outcome: 'done', reason: expect.stringContaining('answer was lost') });
    expect(outcomes(ground, key.id)).toEqual(['step.done']);
    expect(ground.changes()).toHaveLength(1);
  });

  test('I2 while AWS cannot be read the intent stays open and holds the credential', async () => {
    const { ground, key } = await dueKeys();
    ground.aws.faults.add({ match: { ...crash, operation: 'UpdateAccessKey' }, effect: 'crash' });
    await expect(ground.sweep()).rejects.toThrow();
    ground.aws.account(MAIN).deny('*', ['iam:ListAccessKeys']);
    for (let day = 0; day < 3; day += 1) {
      await ground.wait(1);
      const { held, actions } = await ground.sweep({ process: 'successor' });
      expect(actions).toEqual([]);
      expect(held.map(({ code }) => code)).toContain('unreconciled');
    }
    expect(outcomes(ground, key.id)).toEqual([]);
    ground.aws.account(MAIN).allow('*');
    await ground.sweep({ process: 'successor' });
    expect(outcomes(ground, key.id)[0]).toBe('step.abandoned');
  });

  test('not applied is believed only after AWS had time to show it', async () => {
    const { ground, key } = await dueKeys();
    ground.aws.faults.add({ match: { ...crash, operation: 'UpdateAccessKey' }, effect: 'timeout' });
    const { actions } = await ground.sweep();
    expect(actions).toMatchObject([{ outcome: 'unconfirmed' }]);
    const again = await ground.sweep();
    expect(again.held).toMatchObject([{ credentialId: key.id, code: 'unreconciled' }]);
    expect(outcomes(ground, key.id)).toEqual([]);
    await ground.network.advance(SETTLE_MS + MINUTE_MS);
    expect((await ground.sweep()).reconciled).toBe(1);
    expect(outcomes(ground, key.id)[0]).toBe('step.abandoned');
    expect(ground.changes().length).toBeLessThanOrEqual(1);
  });
});

describe('the ledger fails', () => {
  test('corrupt: acting is refused, the event is named, everything is kept', async () => {
    const { ground, key } = await dueKeys();
    const table = ground.dynamo.table(TABLES.ledger);
    const [item] = table.partition(`credential#${key.id}`).slice(1);
    const text = item?.event !== undefined && 'S' in item.event ? item.event.S : '';
    table.put({ ...item, event: { S: text.replace('dave', 'erin') } });
    const before = ground.dynamo.table(TABLES.ledger).partition(`credential#${key.id}`);
    const refused = await ground.sweep().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'chain-broken',
      message: expect.stringContaining(`credential#${key.id}`),
    });
    expect(refused).toMatchObject({ details: { subject: `credential#${key.id}`, seq: 2 } });
    expect(ground.changes()).toEqual([]);
    expect(ground.dynamo.table(TABLES.ledger).partition(`credential#${key.id}`).slice(0, 2)).toEqual(before);
  });

  test('an event was taken out of the middle: the gap is named', async () => {
    const { ground, key } = await dueKeys();
    const table = ground.dynamo.table(TABLES.ledger);
    const [item] = table.partition(`credential#${key.id}`);
    if (item !== undefined) table.delete(item);
    const refused = await ground.sweep().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'chain-broken',
      details: { subject: `credential#${key.id}`, seq: 1 },
    });
    expect(ground.changes()).toEqual([]);
  });

  test('lost in the middle: it stops before the next act, and the next run goes on', async () => {
    const { ground, keys } = await dueKeys(3);
    ground.network.meanwhile({
      process: 'sweeper',
      before: () => ground.of('step.done').length === 1,
      run: async () => {
        ground.aws.faults.add({
          match: { process: 'sweeper', service: 'dynamodb' },
          effect: 'error',
          times: Infinity,
        });
      },
    });
    await expect(ground.sweep()).rejects.toMatchObject({ code: 'ledger-unavailable', source: 'system' });
    expect(ground.changes()).toHaveLength(1);
    ground.aws.faults.clear();
    await nextProcess(ground);
    expect(ground.changes()).toHaveLength(3);
    for (const { id } of keys) expect(outcomes(ground, id)).toEqual(['step.done']);
  });

  test('lost right before the outcome is recorded: the act happened once and is recorded by the next run', async () => {
    const { ground, key } = await dueKeys();
    ground.network.meanwhile({
      process: 'sweeper',
      before: () => ground.changes().length === 1,
      run: async () => {
        ground.aws.faults.add({
          match: { process: 'sweeper', service: 'dynamodb' },
          effect: 'error',
          times: Infinity,
        });
      },
    });
    await expect(ground.sweep()).rejects.toMatchObject({ code: 'ledger-unavailable' });
    ground.aws.faults.clear();
    await nextProcess(ground);
    expect(outcomes(ground, key.id)).toEqual(['step.done']);
    expect(ground.changes()).toHaveLength(1);
  });

  test('the evidence cannot be written: nothing is done, nobody is told, and the next run is whole', async () => {
    const { ground, key } = await dueKeys();
    const letters = ground.outbox.letters.length;
    ground.aws.faults.add({
      match: { process: 'sweeper', service: 'evidence', operation: 'Put' },
      effect: 'error',
      times: Infinity,
    });
    await expect(ground.sweep()).rejects.toMatchObject({ code: 'evidence-unavailable' });
    expect(ground.outbox.letters).toHaveLength(letters);
    ground.aws.faults.clear();
    await ground.sweep();
    expect(outcomes(ground, key.id)).toEqual(['step.done']);
    expect(ground.changes()).toHaveLength(1);
  });
});
