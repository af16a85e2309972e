import type { Instant } from '../../lib/domain/time.ts';

/** Everything that happens in the world, in one order over AWS, the ledger, the outbox and people. */
export interface Stamp {
  /** Its place in that order, from 1. */
  readonly tick: number;
  readonly at: Instant;
}
