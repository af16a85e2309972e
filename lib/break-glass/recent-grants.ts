import { bucketsBetween } from '../domain/event.ts';
import { grantOfSubject } from '../domain/subject.ts';
import { HOUR_MS, plus } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';

/** Grants last twelve hours at most; the rest is for a reconciler that was down for a while. */
const WINDOW_MS = 48 * HOUR_MS;

/**
 * Grants with an event within the last two days, by the index (the newest may be missing until the next look), and those
 * something is still to come of, by the lists: either may be behind, and a grant that ended while nobody looked for days is
 * found by the other.
 */
export async function recentGrants({
  ledger,
  clock,
  owing,
}: Pick<BreakGlassContext, 'ledger' | 'clock' | 'owing'>): Promise<readonly string[]> {
  const now = clock.now();
  const found = new Set<string>();
  for await (const subject of ledger.subjectsIn(bucketsBetween(plus(now, -WINDOW_MS), now))) {
    const grantId = grantOfSubject(subject);
    if (grantId !== undefined) found.add(grantId);
  }
  if (owing !== undefined) for await (const { id } of owing()) found.add(id);
  return [...found];
}
