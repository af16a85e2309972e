import { JanitorError } from '../domain/error.ts';
import { elapsed, type Instant, latest, MINUTE_MS } from '../domain/time.ts';
import type { LocalLedger } from './local-ledger.ts';

/** Clocks of machines that share a folder differ by this much at most. */
const SKEW_MS = 5 * MINUTE_MS;

/**
 * Refuses to record an instant before the newest one in the ledger: waits, caps and approvals are counted between
 * recorded instants. Throws `clock-behind-ledger` (user).
 * @param now when the command happens; `mayTravel` when `--now` could say otherwise.
 */
export async function refuseEarlierThanRecorded(
  ledger: Pick<LocalLedger, 'newest' | 'state' | 'stateDir'>,
  now: Instant,
  mayTravel: boolean,
): Promise<void> {
  const newest = await newestRecorded(ledger);
  if (newest === undefined || elapsed(now, newest) <= SKEW_MS) return;
  const { stateDir } = ledger;
  throw new JanitorError(
    `this command would be recorded at ${now}, but the record in ${stateDir} has reached ${newest}`,
    {
      code: 'clock-behind-ledger',
      source: 'user',
      hint: `${mayTravel ? `Give --now ${newest} or later` : 'Correct the clock of this machine'}, or keep another record with --state-dir.`,
      details: { now, newest, stateDir },
    },
  );
}

/** The file may have been lost with a copied folder; finished sweeps are in the projection as well. */
async function newestRecorded({
  newest,
  state,
}: Pick<LocalLedger, 'newest' | 'state'>): Promise<Instant | undefined> {
  let instant = newest.value;
  for await (const { at } of state.accounts()) instant = instant === undefined ? at : latest(instant, at);
  return instant;
}
