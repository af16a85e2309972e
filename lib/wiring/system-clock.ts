import type { Clock, Instant } from '../domain/time.ts';

/** The system's clock. */
export const systemClock: Clock = { now: () => new Date().toISOString() };

/** The clock of a command: the system's, or the instant of `--now`, at which it stands still. */
export function commandClock(now: Instant | undefined): Clock {
  return now === undefined ? systemClock : { now: () => now };
}
