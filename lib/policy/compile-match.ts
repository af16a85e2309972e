import {
  ageClause,
  type Clause,
  labelledClause,
  mfaClause,
  noExpiryClause,
  rotationClause,
  statusClause,
} from './clauses.ts';
import { neverUsedClause, notRotatedForClause, unusedForClause, usedWithinClause } from './disuse-clauses.ts';
import {
  accountClause,
  credentialClause,
  nameClause,
  outsidePartyClause,
  ownerClause,
  pathClause,
  regionClause,
  tagsClause,
} from './identity-clauses.ts';
import { all, any, not } from './kleene.ts';
import type { Match } from './match-schema.ts';
import { exposedClause, replacedClause, replacedForClause } from './rotation-clauses.ts';

/** A match as one question: all its keys must fit, asked in this order, so that explanations read alike. */
export function compileMatch(match: Match, lagMs: number): Clause {
  const inner = (one: Match): Clause => compileMatch(one, lagMs);
  return all([
    ...when(match.credential, credentialClause),
    ...when(match.account, accountClause),
    ...when(match.region, regionClause),
    ...when(match.path, pathClause),
    ...when(match.name, nameClause),
    ...when(match.tags, tagsClause),
    ...when(match.status, statusClause),
    ...when(match.owner, ownerClause),
    ...when(match.outsideParty, outsidePartyClause),
    ...when(match.age, ageClause),
    ...when(match.neverUsed, neverUsedClause),
    ...when(match.unusedFor, (duration) => unusedForClause(duration, lagMs)),
    ...when(match.usedWithin, (duration) => usedWithinClause(duration, lagMs)),
    ...when(match.rotation, rotationClause),
    ...when(match.notRotatedFor, notRotatedForClause),
    ...when(match.replaced, replacedClause),
    ...when(match.replacedFor, replacedForClause),
    ...when(match.exposed, exposedClause),
    ...when(match.mfa, mfaClause),
    ...when(match.expiry, noExpiryClause),
    ...when(match.labelled, labelledClause),
    ...when(match.all, (matches) => all(matches.map(inner))),
    ...when(match.any, (matches) => any(matches.map(inner))),
    ...when(match.not, (one) => not(inner(one))),
  ]);
}

function when<T>(value: T | undefined, clause: (value: T) => Clause): Clause[] {
  return value === undefined ? [] : [clause(value)];
}

/**
 * Whether a match claims that the credential was not used, so that acting on it needs the freshest evidence.
 * `negated`: inside `not`, or an `exclude`.
 */
export function restsOnDisuse(match: Match, negated = false): boolean {
  if (match.unusedFor !== undefined || match.neverUsed !== undefined) return true;
  if (negated && match.usedWithin !== undefined) return true;
  const nested = [...(match.any ?? []), ...(match.all ?? [])];
  if (nested.some((inner) => restsOnDisuse(inner, negated))) return true;
  return match.not !== undefined && restsOnDisuse(match.not, !negated);
}
