import { exposedSince } from '../domain/grant-evidence.ts';
import { replacementOf } from '../domain/rotation.ts';
import { durationMs, elapsed, humanDuration } from '../domain/time.ts';
import { type Clause, compared } from './clauses.ts';
import { day } from './evidence.ts';
import { answer, no } from './kleene.ts';

/** The clauses of `match` that rest on what the ledger says of rotations: it is never unknown. */

const NOT_REPLACED = 'no rotation has put another key in its place';

export function replacedClause(wanted: boolean): Clause {
  return ({ history }) => {
    const by = replacementOf(history.rotation);
    return answer(
      (by !== undefined) === wanted,
      by === undefined ? NOT_REPLACED : `replaced by ${by.accessKeyId} on ${day(by.at)}`,
    );
  };
}

export function replacedForClause(duration: string): Clause {
  const least = durationMs(duration);
  return ({ history, now }) => {
    const by = replacementOf(history.rotation);
    if (by === undefined) return no(NOT_REPLACED);
    const age = elapsed(by.at, now);
    return compared(
      age >= least,
      `replaced by ${by.accessKeyId} on ${day(by.at)}, ${humanDuration(age)} ago`,
      least,
    );
  };
}

export function exposedClause(wanted: boolean): Clause {
  return ({ history }) => {
    const since = exposedSince(history);
    return answer(
      (since !== undefined) === wanted,
      since === undefined
        ? 'no break-glass grant made or showed it, or it was rotated since'
        : `made or shown during a break-glass grant, as found on ${day(since)}, and not rotated since`,
    );
  };
}
