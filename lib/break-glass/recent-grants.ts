import { bucketsBetween } from '../domain/event.ts';
import { grantOfSubject } from '../domain/subject.ts';
import { HOUR_MS, plus } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';

/** Grants last twelve hours at most; the rest is for a reconciler that was down. */
const WINDOW_MS = 48 * HOUR_MS;

/** Grants with an event within the last two days, by the index: the newest may be missing until the next look. */
export async function recentGrants({
  ledger,
  clock,
}: Pick<BreakGlassContext, 'ledger' | 'clock'>): Promise<readonly string[]> {
  const now = clock.now();
  const found = new Set<string>();
  for await (const subject of ledger.subjectsIn(bucketsBetween(plus(now, -WINDOW_MS), now))) {
    const grantId = grantOfSubject(subject);
    if (grantId !== undefined) found.add(grantId);
  }
  return [...found];
}
