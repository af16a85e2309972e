import { canonical } from '../../domain/canonical.ts';
import { nameless, type Policy } from '../policy.ts';
import { compare, rewritten } from './compare.ts';
import type { Difference } from './difference.ts';
import { directoryDirections } from './directory-directions.ts';
import { JANITOR_DIRECTIONS } from './janitor-directions.ts';

type Enforce = Policy['document']['enforce'];

/**
 * Everything that `after` changes of `before`, what loosens first, then what tightens, then the rest, each in the order
 * of the policy. Two versions that are not the same always give at least one difference, equal ones none; people's names
 * belong to no version.
 */
export function diffPolicies(before: Policy, after: Policy): Difference[] {
  if (before.hash === after.hash) return [];
  const rows = [...JANITOR_DIRECTIONS, ...directoryDirections(before, after)];
  const { enforce: was, ...janitorBefore } = before.document;
  const { enforce: is, ...janitorAfter } = after.document;
  const differences = [
    ...ofEnforce(was, is),
    ...compare([], janitorBefore, janitorAfter, rows),
    ...compare([], nameless(before.directory), nameless(after.directory), rows),
  ];
  return EFFECTS.flatMap((effect) => differences.filter((difference) => difference.effect === effect));
}

const EFFECTS = ['loosens', 'tightens', 'changes'] as const;

/** By what acts where, however the entries group it. */
function ofEnforce(before: Enforce, after: Enforce): Difference[] {
  if (canonical(before) === canonical(after)) return [];
  const named = compare(['enforce'], placesOf(before), placesOf(after), JANITOR_DIRECTIONS);
  return named.length > 0 ? named : [rewritten(['enforce'], before, after)];
}

function placesOf(enforce: Enforce): string[] {
  const places = enforce.flatMap(({ rules, accounts = [], ous = [] }) =>
    rules.flatMap((rule) => [
      ...accounts.map((account) => `${rule} in account ${account}`),
      ...ous.map((ou) => `${rule} in ${ou}`),
    ]),
  );
  return [...new Set(places)].sort();
}
