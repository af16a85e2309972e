import type { Invariant } from '../../chronicle.ts';
import { sessionsIntended } from './i01-sessions.ts';
import { quiet } from './i06-quiet.ts';
import { overdueUses, secondPersons } from './i11-second-persons.ts';
import { accessEnds } from './i13-access-ends.ts';
import { overlaps } from './i15-overlaps.ts';
import { reviews } from './i17-reviews.ts';

/** What holds of break-glass access; checked after every step of every history, with all the others. */
export const OF_GRANTS: readonly Invariant[] = [
  sessionsIntended,
  quiet,
  secondPersons,
  overdueUses,
  accessEnds,
  overlaps,
  reviews,
];
