import { describe, expect, test } from 'vitest';
import { MINUTE_MS } from '../../lib/domain/time.ts';
import { verifyLedger } from '../../lib/ledger/index.ts';
import { AccountLease } from '../../lib/sweep/lease.ts';
import { MAIN } from '../world/places.ts';
import { Ground } from './ground.ts';
import {
  bornKey,
  bornSecret,
  expiryOf,
  hears,
  keyBirth,
  LABELLING,
  PIPELINE,
  tagsOf,
} from './newborn-ground.ts';

const LABELLED = ['credential.born', 'finding.opened', 'step.intended', 'step.done', 'finding.closed'];

describe('duplicate, late and contradicting events are harmless', () => {
  test('I6 the same event again: no event, no change, no delay', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await hears(ground, newborn);
    const before = ground.story(key.id);
    await ground.network.advance(5_000);
    expect(await hears(ground, newborn)).toEqual({
      status: 'recorded',
      credentialId: key.id,
      reason: 'no label is due',
    });
    expect(ground.story(key.id)).toEqual(before);
    expect(ground.deeds()).toEqual([`TagUser ${key.user}`]);
  });

  test('the same event again where nothing is labelled tells its delay once', async () => {
    const ground = await Ground.create();
    const { newborn } = await bornKey(ground);
    expect(await hears(ground, newborn)).toHaveProperty('delaySeconds');
    expect(await hears(ground, newborn)).not.toHaveProperty('delaySeconds');
  });

  test('another event with another creator: the first one counts', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await hears(ground, newborn);
    await hears(ground, { ...newborn, eventId: 'event-2', creator: PIPELINE });
    expect(ground.of('credential.born').map(({ data }) => data.creator)).toEqual([newborn.creator]);
    expect(ground.story(key.id)).toEqual(LABELLED);
  });

  test('two processes at once: one record, one change', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    const both = await Promise.allSettled([
      hears(ground, newborn, { process: 'one' }),
      hears(ground, newborn, { process: 'two' }),
    ]);
    expect(both.map(({ status }) => status)).toContain('fulfilled');
    expect(ground.of('credential.born')).toHaveLength(1);
    expect(ground.deeds()).toEqual([`TagUser ${key.user}`]);
  });

  test('after the sweep has labelled it: the creator is added to its chain, and owns it from then on', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await ground.sweep();
    expect(ground.story(key.id)).toEqual(LABELLED.slice(1));
    await hears(ground, newborn);
    expect(ground.story(key.id)).toEqual([...LABELLED.slice(1), ...LABELLED]);
    expect(Object.values(await tagsOf(ground, key.user))).toEqual([
      `owner=erin expires=${expiryOf(newborn)}`,
    ]);
  });

  const absent = [
    ['its key', (key: { keyId: string; user: string }) => ({ ...key, keyId: 'AKIAEXAMPLEDELETED00' })],
    ['its user', (key: { keyId: string; user: string }) => ({ ...key, user: 'nobody' })],
  ] as const;
  test.each(absent)('%s is gone: nothing is said of it', async (_what, other) => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await ground.network.advance(2 * MINUTE_MS);
    const from = ground.written.length;
    expect(await hears(ground, keyBirth(other(key), newborn.at))).toMatchObject({ status: 'gone' });
    expect(ground.written).toHaveLength(from);
  });

  test.each(absent)('%s cannot be seen yet, as IAM is slow: again later', async (_what, other) => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await expect(hears(ground, keyBirth(other(key), newborn.at))).rejects.toMatchObject({
      code: 'newborn-not-visible',
    });
  });

  test('a secret that is gone', async () => {
    const ground = await Ground.create(LABELLING);
    const { arn, newborn } = await bornSecret(ground);
    await ground.network.advance(2 * MINUTE_MS);
    for (const secretId of ['app/other', arn.replace(/.{6}$/, 'AbCdEf')]) {
      const place = { ...newborn.place, secretId } as typeof newborn.place;
      expect(await hears(ground, { ...newborn, place })).toMatchObject({ status: 'gone' });
    }
    expect(ground.of('credential.born')).toEqual([]);
  });

  test('a secret whose name was given again: its creator is somebody else', async () => {
    const ground = await Ground.create(LABELLING);
    const { newborn } = await bornSecret(ground, { by: 'name' });
    const earlier = { ...newborn, at: ground.ago(1) };
    expect(await hears(ground, earlier)).toMatchObject({ status: 'gone' });
    expect(ground.of('credential.born')).toEqual([]);
  });

  test('a secret that a service made for itself is left alone', async () => {
    const ground = await Ground.create(LABELLING);
    const { arn, newborn } = await bornSecret(ground, { name: 'rds!db-1', owningService: 'rds' });
    expect(await hears(ground, newborn)).toMatchObject({
      status: 'left-alone',
      credentialId: arn,
      reason: 'the AWS service rds owns it',
    });
    expect(ground.of('credential.born')).toEqual([]);
  });
});

describe('trouble ends in another attempt, and at last in the sweep', () => {
  test.each(['GetUser', 'ListAccessKeys'])(
    '%s is denied: nothing is recorded, again later',
    async (operation) => {
      const ground = await Ground.create(LABELLING);
      ground.aws.account(MAIN).deny('*', [`iam:${operation}`]);
      const { newborn } = await bornKey(ground);
      const from = ground.written.length;
      await expect(hears(ground, newborn)).rejects.toMatchObject({
        code: 'newborn-unread',
        source: 'access',
        message: expect.stringContaining(
          newborn.place.kind === 'access-key' ? newborn.place.accessKeyId : '',
        ),
      });
      expect(ground.written).toHaveLength(from);
    },
  );

  test('a sweep holds the account: the birth is recorded, the rest comes with the next attempt', async () => {
    const ground = await Ground.create(LABELLING);
    const lease = await AccountLease.take(await ground.context({ process: 'sweeper' }));
    const { key, newborn } = await bornKey(ground);

    await expect(hears(ground, newborn)).rejects.toMatchObject({ code: 'lease-held' });
    expect(ground.story(key.id)).toEqual(['credential.born']);

    await lease.release();
    expect(await hears(ground, newborn)).toMatchObject({ status: 'tagged' });
    expect(ground.story(key.id)).toEqual(LABELLED);
  });

  test('another newborn has the account for a moment: it waits', async () => {
    const ground = await Ground.create(LABELLING);
    const { newborn } = await bornKey(ground);
    const lease = await AccountLease.take(await ground.context({ process: 'other' }));
    let looks = 0;
    ground.network.meanwhile({
      process: 'nursery',
      before: ({ operation }) => operation === 'Query' && ++looks > 4,
      run: () => lease.release(),
    });
    expect(await hears(ground, newborn)).toMatchObject({ status: 'tagged' });
    expect(ground.network.happened).toBe(1);
  });

  test('a lease that a crashed sweep left is for the next sweep, which recovers what it left behind', async () => {
    const ground = await Ground.create(LABELLING);
    await AccountLease.take(await ground.context({ process: 'crashed' }));
    await ground.network.advance(60 * MINUTE_MS);
    const { key, newborn } = await bornKey(ground);
    await expect(hears(ground, newborn)).rejects.toMatchObject({ code: 'lease-held' });
    await ground.sweep();
    expect(await tagsOf(ground, key.user)).toHaveProperty([`janitor:${key.keyId}`]);
    expect(await hears(ground, newborn)).toMatchObject({ status: 'recorded' });
  });

  test('the answer to the tagging is lost: found done by looking', async () => {
    const ground = await Ground.create(LABELLING);
    const { newborn } = await bornKey(ground);
    ground.aws.faults.add({ match: { process: 'nursery', operation: 'TagUser' }, effect: 'answer-lost' });
    expect(await hears(ground, newborn)).toMatchObject({ status: 'tagged' });
    expect(ground.of('step.done')).toMatchObject([{ data: { reconciled: true } }]);
  });

  test.each(['crash', 'crash-after'] as const)(
    'I6 I7 %s at any call: the next attempt or the sweep ends it, with one record and one change',
    async (effect) => {
      let points = 0;
      for (let nth = 1; ; nth += 1) {
        const ground = await Ground.create(LABELLING);
        const { key, newborn } = await bornKey(ground);
        const fault = ground.aws.faults.add({ match: { process: 'nursery', nth }, effect });
        await hears(ground, newborn).catch(() => undefined);
        if (fault.fired === 0) break;
        points += 1;
        await ground.network.advance(MINUTE_MS);
        await hears(ground, newborn, { process: 'again' }).catch((error: unknown) => {
          expect({ nth, error }).toMatchObject({ error: { code: 'lease-held' } });
        });
        await ground.network.advance(15 * MINUTE_MS);
        await ground.sweep();
        await ground.wait(1);
        await ground.sweep();
        const context = await ground.context();
        const { problems } = await verifyLedger(context);
        const state = await context.state.get(MAIN, key.id);
        expect({
          nth,
          births: ground.of('credential.born').length,
          deeds: ground.deeds(),
          open: state?.history.openIntent,
          findings: state?.history.findings,
          creator: state?.history.createdBy?.person,
          problems,
        }).toEqual({
          nth,
          births: 1,
          deeds: [`TagUser ${key.user}`],
          open: undefined,
          findings: {},
          creator: 'erin',
          problems: [],
        });
      }
      expect(points).toBeGreaterThan(20);
    },
  );
});
