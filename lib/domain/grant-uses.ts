import type { LedgerEvent } from './event.ts';
import type { Instant } from './time.ts';

/** A grant of one person and role whose review is not settled. */
export interface UnsettledUse {
  readonly grantId: string;
  readonly reviewBy: Instant;
}

/** Folds `grant#uses/<person>/<role>`: what was noted and not settled, oldest first. */
export function foldUses(events: readonly LedgerEvent[]): readonly UnsettledUse[] {
  const uses = new Map<string, UnsettledUse>();
  for (const event of events) {
    if (event.type === 'grant.noted' && !uses.has(event.data.grantId))
      uses.set(event.data.grantId, { grantId: event.data.grantId, reviewBy: event.data.reviewBy });
    if (event.type === 'grant.settled') uses.delete(event.data.grantId);
  }
  return [...uses.values()];
}

/** Uses whose review is overdue: until they are settled, the next use takes a second person (I17, I18). */
export function overdueUses(uses: readonly UnsettledUse[], now: Instant): readonly UnsettledUse[] {
  return uses.filter(({ reviewBy }) => now >= reviewBy);
}
