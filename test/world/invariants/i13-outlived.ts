import type { LedgerEvent } from '../../../lib/domain/event.ts';
import type { Chronicle, Invariant, SweepRun, Write } from '../chronicle.ts';
import { truthOf } from '../truth.ts';

type Placed = Extract<LedgerEvent, { type: 'hold.placed' }>;

/**
 * I13, G13: nothing active outlives its end. After a sweep that read its account completely, no exception holds a
 * credential there any more that was ended before the sweep began, or whose ticket was known to be closed by then.
 */
export const outlived: Invariant = (chronicle) =>
  chronicle.sweeps
    .filter(
      ({ tick, outcome, complete }) =>
        tick > chronicle.checkedTo && outcome === 'finished' && complete === true,
    )
    .flatMap((sweep) =>
      standingHolds(chronicle, sweep).flatMap((hold) => {
        const why = endedBefore(chronicle, hold.data.ref?.id ?? '', sweep);
        return why === undefined
          ? []
          : [`I13: ${hold.data.holdId} on ${hold.subject} stands although ${why}`];
      }),
    );

/** Holds of exceptions that were there when the sweep began and are in force when it is over. */
function standingHolds(chronicle: Chronicle, sweep: SweepRun): Placed[] {
  return chronicle.writes.flatMap(({ tick, event }) => {
    if (event.type !== 'hold.placed' || event.data.ref?.kind !== 'exception' || tick >= sweep.since)
      return [];
    const credential = chronicle.credentials.find(({ id }) => event.subject === `credential#${id}`);
    const isHere = credential?.accountId === sweep.accountId && (event.expiresAt ?? '') > sweep.at;
    if (credential === undefined || !isHere || truthOf(chronicle.changes, credential).deleted) return [];
    return isLifted(chronicle, event) ? [] : [event];
  });
}

function isLifted({ writes }: Chronicle, { subject, data: { holdId } }: Placed): boolean {
  return writes.some(
    ({ event }) => event.type === 'hold.lifted' && event.subject === subject && event.data.holdId === holdId,
  );
}

function endedBefore(chronicle: Chronicle, id: string, { since }: SweepRun): string | undefined {
  const chain = chronicle.writes.filter(({ event }) => event.subject === `exception#${id}`);
  const end = chain.find(
    ({ tick, event }) => tick < since && /\.(expired|revoked|renewed)$/.test(event.type),
  );
  if (end !== undefined) return `${end.event.type} was recorded before the sweep began`;
  const closed = chronicle.tickets.findLast(({ tick }) => tick < since);
  return closed?.is === 'closed' && restsOnTicket(chain) && isOver(chain) === false
    ? 'its ticket was closed before the sweep began'
    : undefined;
}

function restsOnTicket([first]: readonly Write[]): boolean {
  return first?.event.type === 'exception.proposed' && first.event.data.while.ticket === 'open';
}

function isOver(chain: readonly Write[]): boolean {
  return chain.some(({ event }) => /\.(expired|revoked|renewed)$/.test(event.type));
}
