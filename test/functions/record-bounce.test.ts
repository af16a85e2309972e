import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../lib/domain/time.ts';
import { HubWorld } from './hub-world.ts';
import { MEMBER } from './places.ts';
import { bounced, bounceOf } from './stories.ts';
import { run } from './workflow.ts';

describe('a mail that came back', () => {
  test('I3 no longer counts as telling anybody: the step waits, and somebody else is told', async () => {
    await using world = await HubWorld.open({ policy: { enforced: ['access-key-unused'] } });
    await bounced(world);
    expect(await world.of('notice.bounced')).toMatchObject([{ reason: 'bounced: Permanent (General)' }]);

    world.advance(15 * DAY_MS);
    const { finished } = await run(world, { runId: 'run-2', accounts: [MEMBER] });

    expect(finished).toMatchObject({ swept: 1 });
    expect(world.changes()).toEqual([]);
    expect(world.services.ses.sent.map(({ Destination }) => Destination.ToAddresses.join())).toEqual([
      'dave@example.com',
      'cleo@example.com',
    ]);
  });

  test('I6 the same word of SES once more changes nothing', async () => {
    await using world = await HubWorld.open();
    await bounced(world);
    const before = (await world.events()).length;
    await world.invoke('record-bounce', bounceOf(`notice_${MEMBER}_1`));
    expect((await world.events()).length).toBe(before);
  });

  test('a mailbox that was full for a moment, and a delivery, are no bounce', async () => {
    await using world = await HubWorld.open();
    const tags = { noticeId: [`notice_${MEMBER}_1`] };
    const passing = [
      {
        eventType: 'Bounce',
        bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' },
        mail: { tags },
      },
      { eventType: 'Delivery', mail: { tags } },
    ];
    for (const detail of passing) {
      await world.invoke('record-bounce', { source: 'aws.ses', 'detail-type': 'Email', detail });
    }
    expect(await world.events()).toEqual([]);
  });

  test('of a notice that nobody sent: an error, so that the event ends in the dead-letter queue', async () => {
    await using world = await HubWorld.open();
    await expect(world.invoke('record-bounce', bounceOf(`notice_${MEMBER}_7`))).rejects.toMatchObject({
      name: 'NoticeNotFound',
    });
  });
});
