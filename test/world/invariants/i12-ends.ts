import type { LedgerEvent } from '../../../lib/domain/event.ts';
import { elapsed } from '../../../lib/domain/time.ts';
import { type Chronicle, freshWrites, type Invariant } from '../chronicle.ts';
import { EXEMPT_AT_MOST_MS } from '../request-policy.ts';

type Proposed = Extract<LedgerEvent, { type: 'exception.proposed' }>;

/**
 * I12: the end of a request or an exception never moves later. An exception ends no later than its request asked for, the
 * hold that it places no later than the exception, and all that follow each other exempt no longer than the policy allows.
 */
export const ends: Invariant = (chronicle) =>
  freshWrites(chronicle).flatMap(({ event }) => {
    if (event.type === 'hold.placed' && event.data.ref?.kind === 'exception') {
      const exception = proposalOf(chronicle, event.data.ref.id);
      return laterThan(event, exception, `the hold on ${event.subject}`);
    }
    if (event.type !== 'exception.proposed') return [];
    const id = event.subject.slice('exception#'.length);
    const request = chronicle.writes.find(({ event: each }) => each.subject === `request#${id}`)?.event;
    return [...laterThan(event, request, event.subject), ...tooLong(event)];
  });

function proposalOf({ writes }: Chronicle, id: string): LedgerEvent | undefined {
  return writes.find(({ event }) => event.subject === `exception#${id}` && event.seq === 1)?.event;
}

function laterThan(event: LedgerEvent, source: LedgerEvent | undefined, what: string): string[] {
  if (source?.expiresAt === undefined) return [`I12: ${what} comes of nothing that has an end`];
  return (event.expiresAt ?? '9') <= source.expiresAt
    ? []
    : [`I12: ${what} ends on ${event.expiresAt}, its cause on ${source.expiresAt}`];
}

function tooLong({ subject, expiresAt, at, data }: Proposed): string[] {
  return elapsed(data.exemptSince, expiresAt ?? at) <= EXEMPT_AT_MOST_MS
    ? []
    : [`I12: ${subject} would exempt from ${data.exemptSince} to ${expiresAt}`];
}
