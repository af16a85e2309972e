import type { Clock } from '../domain/time.ts';
import type { DynamoDecisionLedger, EvidenceStore, StateProjection } from '../ledger/index.ts';
import type { StateFlags } from './flags.ts';
import { openLocalLedger } from './local-ledger.ts';
import { openStack } from './stack/open-stack.ts';
import type { Surroundings } from './surroundings.ts';
import { commandClock } from './system-clock.ts';

/** A record to read, wherever it is. */
export interface OpenLedger {
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly evidence: EvidenceStore;
  readonly clock: Clock;
  close(): Promise<void>;
}

/**
 * The ledger alone, for commands that only read it: of a state folder (nobody is asked who is calling) or, with
 * `--stack`, of a deployed hub with the caller's own rights.
 */
export async function openLedger(flags: StateFlags, surroundings: Surroundings): Promise<OpenLedger> {
  if (flags.stack !== undefined) return openStack(flags.stack, flags);
  const local = await openLocalLedger(flags, surroundings, { create: false });
  return { ...local, clock: commandClock(flags.now) };
}
