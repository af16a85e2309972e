import { toMillis } from '../../../../lib/domain/time.ts';
import type { Invariant } from '../../chronicle.ts';
import { granted } from './grants.ts';
import { freshTries } from './i13-access-ends.ts';

/** I15: ending one grant leaves another: what is neither over nor expired works, whatever else was ended. */
export const overlaps: Invariant = (chronicle) => {
  const grants = granted(chronicle);
  return freshTries(chronicle).flatMap(({ tick, at, session, outcome }) => {
    const grant = grants.get(session.grantId);
    const now = toMillis(at);
    if (outcome === 'answered' || grant === undefined) return [];
    const isOver = now >= grant.endsAt || now >= toMillis(session.expiresAt);
    const wasEnded = grant.over !== undefined && grant.over.tick < tick;
    return isOver || wasEnded
      ? []
      : [`I15: #${tick} ${at} a session of ${session.grantId} got ${outcome} although nothing ended it`];
  });
};
