import { type Chronicle, freshJanitorChanges, type Invariant } from '../chronicle.ts';
import { named } from './acts.ts';

/** How long the one attempt may take after the last look at the lease, in milliseconds. */
const ATTEMPT_MS = 80_000;

/**
 * Two sweeps never act on one account at once: when a sweep changes something, the newest word on the account's lease
 * is its own and its end, plus the longest an attempt takes, has not come.
 */
export const lease: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    if (!change.process.startsWith('janitor')) return [];
    const held = newestLease(chronicle, change.record.accountId, change.sentTick);
    if (held === undefined || held.holder !== change.process)
      return [`lease: ${named(change)}: ${held?.holder ?? 'nobody'} holds it`];
    return Date.parse(change.sentAt) > Date.parse(held.until) + ATTEMPT_MS
      ? [`lease: ${named(change)}: it ended on ${held.until}`]
      : [];
  });

function newestLease(chronicle: Chronicle, accountId: string, before: number) {
  const newest = chronicle.writes.findLast(
    ({ tick, event }) => tick < before && event.subject === `lease#${accountId}`,
  )?.event;
  return newest?.type === 'lease.taken' || newest?.type === 'lease.renewed' ? newest.data : undefined;
}
