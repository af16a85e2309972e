import { JanitorError } from '../domain/error.ts';
import { accountOfNotice, subjects } from '../domain/subject.ts';
import { appendDeciding, recordDeciding } from './append.ts';
import type { RecordingContext, SweepContext } from './context.ts';
import { plainFields } from './draft.ts';

/**
 * Records that an accepted notice came back: it no longer counts as telling anybody (I3), and the next notice about
 * these credentials goes to the fallback. Repeating it changes nothing.
 * @throws JanitorError `notice-not-found`.
 */
export async function recordBounce(
  context: RecordingContext,
  noticeId: string,
  reason: string,
): Promise<void> {
  const accountId = accountOfNotice(noticeId);
  const events = accountId === undefined ? [] : await context.ledger.chain(subjects.notices(accountId));
  const prepared = events.find(
    (event) => event.type === 'notice.prepared' && event.data.noticeId === noticeId,
  );
  if (accountId === undefined || prepared?.type !== 'notice.prepared') throw notFound(noticeId);
  await appendDeciding(context.ledger, subjects.notices(accountId), (now) =>
    now.some((event) => event.type === 'notice.bounced' && event.data.noticeId === noticeId)
      ? undefined
      : { ...plainFields(context), type: 'notice.bounced', reason, data: { noticeId } },
  );
  const { recipient, items } = prepared.data;
  for (const credentialId of new Set(items.map((item) => item.credentialId))) {
    const history = await context.record.read(credentialId);
    await recordDeciding(context.record, credentialId, history, (h) =>
      h.bounced.includes(recipient)
        ? undefined
        : { ...plainFields(context), type: 'owner.notice-bounced', reason, data: { noticeId, recipient } },
    );
  }
}

/** Takes in the bounces that the delivery knows of. One of an unknown notice is left alone. */
export async function recordReportedBounces(context: SweepContext): Promise<void> {
  if (context.bounces === undefined) return;
  for await (const bounce of context.bounces()) {
    if (accountOfNotice(bounce.noticeId) !== context.accountId) continue;
    await recordBounce(context, bounce.noticeId, bounce.reason).catch((error: unknown) => {
      if (!(error instanceof JanitorError) || error.code !== 'notice-not-found') throw error;
    });
  }
}

function notFound(noticeId: string): JanitorError {
  return new JanitorError(`there is no notice ${noticeId}`, {
    code: 'notice-not-found',
    source: 'user',
    hint: 'A notice id looks like notice/111122223333/7; it stands in the mail and in janitor explain.',
  });
}
