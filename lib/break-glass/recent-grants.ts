import { bucketsBetween } from '../domain/event.ts';
import { grantOfSubject } from '../domain/subject.ts';
import { HOUR_MS, plus } from '../domain/time.ts';
import { attempt } from './attempt.ts';
import type { BreakGlassContext } from './context.ts';

/** Grants last twelve hours at most; the rest is for a reconciler that was down for a while. */
const WINDOW_MS = 48 * HOUR_MS;

/**
 * Grants with an event within the last two days, by the index (the newest may be missing until the next look), and those
 * something is still to come of, by the lists: either may be behind, and a grant that ended while nobody looked for days is
 * found by the other. Where `failed` is given, one that cannot be read is noted there and stops nothing that the other
 * finds.
 */
export async function recentGrants(
  { ledger, clock, owing }: Pick<BreakGlassContext, 'ledger' | 'clock' | 'owing'>,
  failed?: Map<string, string>,
): Promise<readonly string[]> {
  const now = clock.now();
  const found = new Set<string>();
  const read = (what: string, run: () => Promise<void>) =>
    failed === undefined ? run() : attempt(failed, what, run);
  await read('the index of grants', async () => {
    for await (const subject of ledger.subjectsIn(bucketsBetween(plus(now, -WINDOW_MS), now))) {
      const grantId = grantOfSubject(subject);
      if (grantId !== undefined) found.add(grantId);
    }
  });
  await read('the list of grants', async () => {
    if (owing !== undefined) for await (const { id } of owing()) found.add(id);
  });
  return [...found];
}
