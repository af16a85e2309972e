import { describe, expect, test } from 'vitest';
import { approvePlan, recordBounce } from '../../lib/sweep/index.ts';
import { LEASE_MS, TAKEOVER_MARGIN_MS } from '../../lib/sweep/lease.ts';
import { MAIN } from '../world/places.ts';
import { Ground, type Key } from './ground.ts';

describe('a step takes a notice that was accepted and did not come back', () => {
  async function flagged(): Promise<{ ground: Ground; key: Key }> {
    const ground = await Ground.create();
    return { ground, key: ground.key({ user: 'deployer' }) };
  }

  test('I6 delivered but not recorded: the same id again, one letter, one record', async () => {
    const { ground, key } = await flagged();
    ground.aws.faults.add({ match: { process: 'sweeper', service: 'delivery' }, effect: 'crash-after' });
    await expect(ground.sweep()).rejects.toThrow();
    await ground.network.advance(LEASE_MS + TAKEOVER_MARGIN_MS);
    await ground.sweep({ process: 'successor' });
    expect(ground.outbox.letters).toMatchObject([{ again: 1, altered: false }]);
    expect(ground.story(key.id)).toEqual(['finding.opened', 'owner.notified']);
  });

  test('I3 nobody knows whether it arrived: not told yet, sent again under its id, and the wait counts from then', async () => {
    const { ground, key } = await flagged();
    ground.aws.faults.add({ match: { process: 'sweeper', service: 'delivery' }, effect: 'timeout' });
    expect((await ground.sweep()).actions).toMatchObject([{ step: 'notify', outcome: 'unconfirmed' }]);
    expect(ground.story(key.id)).toEqual(['finding.opened']);
    await ground.wait(10);
    await ground.sweep();
    expect(ground.of('owner.notified')).toHaveLength(1);
    await ground.wait(13);
    await ground.sweep();
    expect(ground.changes()).toEqual([]);
    await ground.wait(2);
    await ground.sweep();
    expect(ground.changes()).toHaveLength(1);
  });

  test('I3 refused at the door: the fallback is told instead, and the step needs people now', async () => {
    const { ground, key } = await flagged();
    ground.outbox.refusing.add('dave');
    expect((await ground.sweep()).actions).toMatchObject([{ outcome: 'notice-refused' }]);
    await ground.sweep();
    expect(ground.outbox.letters.map(({ notice }) => notice.recipient.id)).toEqual(['platform']);
    await ground.wait(15);
    const { plans } = await ground.sweep();
    expect(plans).toMatchObject([{ tier: 'guarded', items: 1 }]);
    expect(ground.changes()).toEqual([]);
    await approvePlan(ground.desk('bob'), plans[0]?.planId ?? '');
    await ground.sweep();
    expect(ground.story(key.id)).toContain('step.done');
  });

  test('I3 bounced two weeks later: the wait starts over with the fallback, guarded', async () => {
    const { ground } = await flagged();
    await ground.sweep();
    await ground.wait(14.5);
    const [letter] = ground.outbox.letters;
    await recordBounce(ground.desk('robot'), letter?.notice.id ?? '', 'mailbox unknown');
    await recordBounce(ground.desk('robot'), letter?.notice.id ?? '', 'mailbox unknown');
    expect(ground.of('notice.bounced')).toHaveLength(1);
    await ground.sweep();
    expect(ground.outbox.letters.map(({ notice }) => notice.recipient.id)).toEqual(['dave', 'platform']);
    await ground.wait(13);
    expect((await ground.sweep()).plans).toEqual([]);
    await ground.wait(2);
    expect((await ground.sweep()).plans).toMatchObject([{ tier: 'guarded' }]);
    expect(ground.changes()).toEqual([]);
  });

  test('nobody can be reached at all: held, not done', async () => {
    const { ground } = await flagged();
    for (const id of ['dave', 'platform', 'carol']) ground.outbox.refusing.add(id);
    for (let day = 0; day < 4; day += 1) {
      await ground.sweep();
      await ground.wait(20);
    }
    expect((await ground.sweep()).held.map(({ code }) => code)).toEqual(['no-route']);
    expect(ground.changes()).toEqual([]);
  });

  test('a bounce of a notice that never was', async () => {
    const { ground } = await flagged();
    const unknown = recordBounce(ground.desk('robot'), `notice/${MAIN}/7`, 'mailbox unknown');
    await expect(unknown).rejects.toMatchObject({ code: 'notice-not-found' });
  });
});
