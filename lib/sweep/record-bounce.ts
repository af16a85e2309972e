import { JanitorError } from '../domain/error.ts';
import type { LedgerEvent } from '../domain/event.ts';
import { foldCredential } from '../domain/history.ts';
import { accountOfNotice, subjects } from '../domain/subject.ts';
import { isToldNotice } from '../domain/told.ts';
import { appendDeciding } from './append.ts';
import type { RecordingContext, SweepContext } from './context.ts';
import { plainFields } from './draft.ts';

/**
 * Records that an accepted notice came back: it no longer counts as telling anybody (I3), and the next notice about
 * these credentials goes to the fallback. Repeating it changes nothing.
 * @throws JanitorError `notice-not-found`.
 */
export async function recordBounce(
  context: Omit<RecordingContext, 'evidence'>,
  noticeId: string,
  reason: string,
): Promise<void> {
  // Who was asked for a decision, or told of one, is no owner who was warned: nothing rests on it.
  if (isToldNotice(noticeId)) return;
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
    await recordOnce(context, credentialId, { noticeId, recipient }, reason);
  }
}

/** Once per notice and chain: repeated later, when the story began anew, an old bounce must not speak of the new one. */
async function recordOnce(
  context: Omit<RecordingContext, 'evidence'>,
  credentialId: string,
  data: { readonly noticeId: string; readonly recipient: string },
  reason: string,
): Promise<void> {
  const events = await context.ledger.chain(subjects.credential(credentialId));
  const isSame = (event: LedgerEvent) =>
    event.type === 'owner.notice-bounced' && event.data.noticeId === data.noticeId;
  if (events.some(isSame)) return;
  const draft = { ...plainFields(context), type: 'owner.notice-bounced' as const, reason, data };
  const appended = await context.record.append(credentialId, foldCredential(events), draft);
  if (!appended.ok) await recordOnce(context, credentialId, data, reason);
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
