import type { Clock, Instant } from '../domain/time.ts';
import { latest } from '../domain/time.ts';
import type { StateProjection } from '../ledger/index.ts';

/**
 * The instant an explanation speaks at: `--now`, else the clock's, or the newest sweep's where that is later (a ledger
 * of an embedded AWS whose clock was moved ahead lies in the future).
 */
export async function explainingInstant(
  { state, clock }: { readonly state: StateProjection; readonly clock: Clock },
  now: Instant | undefined,
): Promise<Instant> {
  let instant = clock.now();
  if (now !== undefined) return instant;
  for await (const account of state.accounts()) instant = latest(instant, account.at);
  return instant;
}
