import type { LedgerEvent } from '../../domain/event.ts';
import { accountOfNotice, subjects } from '../../domain/subject.ts';
import {
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { notFound } from './not-found.ts';
import { count, day, passive } from './say.ts';

/** Whom a notice was for, what it announced and whether it arrived. Throws `not-found`. */
export async function explainNotice(
  { ledger }: Pick<ExplainDependencies, 'ledger'>,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const account = accountOfNotice(id);
  if (account === undefined) throw notFound(id, at);
  const { events, broken } = await ledger.inspect(subjects.notices(account));
  const ofNotice = events.filter(
    (event) => event.at <= at && 'noticeId' in event.data && event.data.noticeId === id,
  );
  const prepared = ofNotice.find((event) => event.type === 'notice.prepared');
  if (prepared === undefined) throw notFound(id, at);
  const { recipient, items } = prepared.data;
  return {
    schemaVersion: 1,
    kind: 'notice',
    subject: id,
    at,
    summary: `A digest for ${recipient} about ${count(items.length, 'finding')}: ${deliveryOf(ofNotice)}.`,
    facts: [],
    timeline: timelineOf(ofNotice),
    holds: [],
    next: nextOf(ofNotice),
    notes: items.map(({ credentialId, rule, announces }) =>
      announces === undefined
        ? `${credentialId} (rule ${rule}): no step announced`
        : `${credentialId} (rule ${rule}): ${passive(announces.step)} on or after ${day(announces.notBefore)}`,
    ),
    chainVerified: broken === undefined,
    events: ofNotice,
  };
}

function has(events: readonly LedgerEvent[], type: LedgerEvent['type']): boolean {
  return events.some((event) => event.type === type);
}

function deliveryOf(events: readonly LedgerEvent[]): string {
  if (has(events, 'notice.bounced')) return 'it bounced, so nobody counts as told';
  if (has(events, 'notice.accepted')) return 'it was accepted for delivery';
  if (has(events, 'notice.refused')) return 'delivery was refused, so nobody counts as told';
  return 'it was prepared and not delivered yet';
}

function nextOf(events: readonly LedgerEvent[]): string {
  if (has(events, 'notice.bounced')) return 'The next sweep tells a fallback recipient; waits start over.';
  if (has(events, 'notice.accepted')) return 'Nothing: the waits of its findings count from its acceptance.';
  return 'The next sweep tries again.';
}
