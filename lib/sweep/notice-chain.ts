import { ASKED_FOR } from '../domain/asked-for.ts';
import { sha256 } from '../domain/canonical.ts';
import type { EventDraft, EvidenceReference, LedgerEvent } from '../domain/event.ts';
import type { NoticeItem } from '../domain/event-data.ts';
import type { CredentialHistory } from '../domain/history.ts';
import { noticeId, subjects } from '../domain/subject.ts';
import type { Notice } from '../notify/index.ts';
import { appendDeciding, recordDeciding } from './append.ts';
import type { SweepContext } from './context.ts';
import { plainFields, ruleFields } from './draft.ts';

export type PreparedNotice = Extract<LedgerEvent, { type: 'notice.prepared' }>;
/** accepted for delivery; refused for good by the route; unconfirmed: nobody knows yet, delivered again later. */
export type NoticeOutcome = 'accepted' | 'refused' | 'unconfirmed';

/** The newest events of the notices chain that are looked at: notices are settled one after the other. */
const WINDOW = 200;

/** Records what is about to be sent, to whom and about what, with the whole text kept as evidence. */
export async function prepareNotice(
  context: SweepContext,
  items: readonly NoticeItem[],
  recipient: string,
  compose: (id: string) => Notice,
): Promise<{ readonly prepared: PreparedNotice; readonly notice: Notice } | undefined> {
  const subject = subjects.notices(context.accountId);
  for (;;) {
    const head = await context.ledger.head(subject);
    const notice = compose(noticeId(context.accountId, (head?.seq ?? 0) + 1));
    const evidence = await keepText(context, notice);
    const appended = await context.ledger.append(subject, head ?? null, {
      ...plainFields(context),
      type: 'notice.prepared',
      evidence: [evidence],
      data: { noticeId: notice.id, recipient, items: [...items], textSha256: sha256(notice.text) },
    });
    if (appended.ok)
      return appended.event.type === 'notice.prepared' ? { prepared: appended.event, notice } : undefined;
  }
}

async function keepText(context: SweepContext, notice: Notice): Promise<EvidenceReference> {
  const body = Buffer.from(JSON.stringify(notice), 'utf8');
  const key = `notices/${context.accountId}/${sha256(body)}.json`;
  return { kind: 'notice', ...(await context.evidence.put(key, body)) };
}

/** Delivers a prepared notice and records how that went. */
export async function deliver(context: SweepContext, notice: Notice): Promise<NoticeOutcome> {
  const answer = await context.delivery.deliver(notice);
  if (answer.outcome === 'unknown') return 'unconfirmed';
  const { route } = context.delivery;
  await onNotices(context, (events) => {
    if (outcomeOf(events, notice.id) !== undefined) return undefined;
    return answer.outcome === 'accepted'
      ? {
          ...plainFields(context),
          type: 'notice.accepted',
          data: { noticeId: notice.id, route, receipt: answer.receipt },
        }
      : {
          ...plainFields(context),
          type: 'notice.refused',
          reason: answer.reason,
          data: { noticeId: notice.id, route },
        };
  });
  return answer.outcome;
}

/** The recorded outcome of a notice, if there is one. */
export function outcomeOf(events: readonly LedgerEvent[], id: string): 'accepted' | 'refused' | undefined {
  for (const event of events) {
    if (event.type === 'notice.accepted' && event.data.noticeId === id) return 'accepted';
    if (event.type === 'notice.refused' && event.data.noticeId === id) return 'refused';
  }
  return undefined;
}

/**
 * On the credential's chain, once per notice: told, or (refused) that this recipient cannot be reached. Who is known to be
 * unreachable was not told: a bounce may have been recorded before this.
 */
export async function recordTold(
  context: SweepContext,
  prepared: PreparedNotice,
  item: NoticeItem,
  outcome: 'accepted' | 'refused',
  known: CredentialHistory | undefined,
): Promise<CredentialHistory> {
  const from = known ?? (await context.record.read(item.credentialId));
  const { noticeId: id, recipient } = prepared.data;
  const isAsked = item.rule === ASKED_FOR;
  if (isAsked && (await wasRecorded(context, item.credentialId, id))) return from;
  const result = await recordDeciding(context.record, item.credentialId, from, (history) => {
    const finding = history.findings[item.rule];
    if (finding === undefined && !isAsked) return undefined;
    const wasTold = finding?.told.some((told) => told.noticeId === id) === true;
    if (wasTold || history.bounced.includes(recipient)) return undefined;
    return outcome === 'accepted'
      ? toldDraft(context, item, id, recipient)
      : bouncedDraft(context, item, id, recipient);
  });
  return result.history;
}

/** What somebody asked for is no finding, which would remember its notices. */
async function wasRecorded({ ledger }: SweepContext, credentialId: string, id: string): Promise<boolean> {
  const events = await ledger.chain(subjects.credential(credentialId));
  return events.some(
    (event) =>
      (event.type === 'owner.notified' || event.type === 'owner.notice-bounced') &&
      event.data.noticeId === id,
  );
}

function toldDraft(context: SweepContext, item: NoticeItem, id: string, recipient: string): EventDraft {
  return {
    ...ruleFields(context, item),
    type: 'owner.notified',
    data: { noticeId: id, recipient, ...(item.announces === undefined ? {} : { announces: item.announces }) },
  };
}

function bouncedDraft(context: SweepContext, item: NoticeItem, id: string, recipient: string): EventDraft {
  return {
    ...ruleFields(context, item),
    type: 'owner.notice-bounced',
    reason: `${recipient} cannot be reached this way; the next notice goes to the fallback.`,
    data: { noticeId: id, recipient },
  };
}

/** Marks that every credential of a notice carries its outcome. */
export async function closeNotice(context: SweepContext, id: string): Promise<void> {
  await onNotices(context, (events) =>
    events.some((event) => event.type === 'notice.recorded' && event.data.noticeId === id)
      ? undefined
      : { ...plainFields(context), type: 'notice.recorded', data: { noticeId: id } },
  );
}

function onNotices(
  context: SweepContext,
  decide: (events: readonly LedgerEvent[]) => EventDraft | undefined,
) {
  return appendDeciding(context.ledger, subjects.notices(context.accountId), decide, { window: WINDOW });
}

/** Notices prepared but not yet recorded on every credential, oldest first, with the outcome known so far. */
export async function openNotices(
  context: SweepContext,
): Promise<
  readonly { readonly prepared: PreparedNotice; readonly outcome: 'accepted' | 'refused' | undefined }[]
> {
  const events = (await context.ledger.newest(subjects.notices(context.accountId), WINDOW)).toReversed();
  const recorded = new Set(events.flatMap((e) => (e.type === 'notice.recorded' ? [e.data.noticeId] : [])));
  return events.flatMap((event) =>
    event.type === 'notice.prepared' && !recorded.has(event.data.noticeId)
      ? [{ prepared: event, outcome: outcomeOf(events, event.data.noticeId) }]
      : [],
  );
}
