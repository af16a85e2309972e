import type { LedgerEvent } from '../../../../lib/domain/event.ts';
import { toMillis } from '../../../../lib/domain/time.ts';
import { type Chronicle, freshWrites, type Invariant } from '../../chronicle.ts';
import { ASK_WITHIN_MS, granted, SESSION_MS } from './grants.ts';

const ONCE: readonly LedgerEvent['type'][] = [
  'grant.requested',
  'grant.refused',
  'grant.activating',
  'grant.activated',
  'grant.lapsed',
  'grant.ending',
  'grant.ended',
];

/** What was never activated is given up, and sessions have surely expired, so long after their intent. */
const AFTER_INTENT_MS = [ASK_WITHIN_MS, ASK_WITHIN_MS + SESSION_MS];

/**
 * I6, I7: a grant begins, is activated and ends once; a use is noted and settled once. A round of the reconciler that
 * follows another with nothing in between writes nothing, neither to the record nor to IAM.
 */
export const quiet: Invariant = (chronicle) => [...twice(chronicle), ...restless(chronicle)];

function twice(chronicle: Chronicle): string[] {
  const grants = granted(chronicle);
  return freshWrites(chronicle).flatMap(({ tick, event }) => {
    const { type, subject, data } = event;
    if (type === 'grant.noted' || type === 'grant.settled') {
      const same = chronicle.writes.find(
        (other) =>
          other.tick < tick &&
          other.event.type === type &&
          'grantId' in data &&
          other.event.data.grantId === data.grantId,
      );
      return same === undefined ? [] : [`I6: ${type} of ${data.grantId} for the second time`];
    }
    if (!ONCE.includes(type)) return [];
    const chain = grants.get(subject.slice('grant#'.length))?.chain ?? [];
    const before = chain.find((other) => other.tick < tick && other.event.type === type);
    return before === undefined ? [] : [`I6: ${type} on ${subject} for the second time`];
  });
}

function restless(chronicle: Chronicle): string[] {
  const { rounds } = chronicle.nights;
  return rounds.flatMap((second, index) => {
    const first = rounds[index - 1];
    const isRepetition =
      first?.outcome === 'finished' &&
      first.undisturbed &&
      second.undisturbed &&
      second.since === first.tick + 2 &&
      second.tick > chronicle.checkedTo;
    if (!isRepetition || cameDue(chronicle, first.startedAt, second.at)) return [];
    const during = <T extends { readonly tick: number }>(records: readonly T[]) =>
      records.filter(({ tick }) => tick > second.since && tick < second.tick);
    return [
      ...during(chronicle.writes).map(({ event }) => `${event.type} on ${event.subject}`),
      ...during(chronicle.changes).map(({ record }) => `${record.operation} ${record.target}`),
    ].map((what) => `I6: the repeated round at #${second.since} was not quiet: ${what}`);
  });
}

/** Whether a time came between, or something was shown by the index, that gives the second round something to do. */
function cameDue(chronicle: Chronicle, from: string, until: string): boolean {
  const { writes, nights, consistencyDelayMs } = chronicle;
  const [begin, end] = [toMillis(from) - nights.clockSpreadMs, toMillis(until) + nights.clockSpreadMs];
  const isBetween = (instant: number) => instant >= begin && instant <= end;
  const dueTimes = [...granted(chronicle).values()].flatMap(({ first, intents }) => [
    toMillis(first.event.expiresAt ?? first.event.at),
    ...intents.flatMap(({ event }) => AFTER_INTENT_MS.map((after) => toMillis(event.at) + after)),
  ]);
  return dueTimes.some(isBetween) || writes.some(({ at }) => isBetween(toMillis(at) + consistencyDelayMs));
}
