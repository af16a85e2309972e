import { ELEMENT } from './compare.ts';
import { type DirectionRow, duration, type Meaning, presence } from './direction.ts';

/** Clauses that only what is at least this old, or unused for so long, satisfies: longer means fewer. */
const AT_LEAST = ['age', 'unusedFor', 'notRotatedFor', 'replacedFor'];
/** Clauses that a longer time lets more satisfy. */
const AT_MOST = ['usedWithin'];
/** Clauses of which one of several values is enough: more of them, more that fits. */
const ONE_OF = [
  'credential',
  'status',
  'path',
  'name',
  'owner',
  'account',
  'region',
  'rotation',
  'outsideParty',
];

/** What it means that a map of clauses fits more credentials, or fewer; all clauses of a map must fit. */
export function matchDirections(at: string, more: Meaning, fewer: Meaning): DirectionRow[] {
  const clause = presence(fewer, more);
  return [
    ...AT_LEAST.map((key): DirectionRow => [`${at}.${key}`, presence(fewer, more, duration(fewer, more))]),
    ...AT_MOST.map((key): DirectionRow => [`${at}.${key}`, presence(fewer, more, duration(more, fewer))]),
    ...ONE_OF.map((key): DirectionRow => [`${at}.${key}.${ELEMENT}`, presence(more, fewer)]),
    [`${at}.tags.*`, clause],
    [`${at}.all.${ELEMENT}`, clause],
    [`${at}.any.${ELEMENT}`, presence(more, fewer)],
    [`${at}.*`, clause],
  ];
}
