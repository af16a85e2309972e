import type { EvidenceReference } from '../domain/event.ts';
import type { Inventory, ReadingPosition } from '../inventory/index.ts';
import type { SweepEvent } from '../ledger/index.ts';
import type { PausedSweep, SweepWorkspace } from './paused-sweep.ts';
import type { SweepOptions, Underway } from './underway.ts';

export interface InPartsOptions extends SweepOptions {
  readonly workspace: SweepWorkspace;
  /** Asked between two pieces of the reading and between two steps; false stops there, to be called again. */
  readonly mayGoOn: () => boolean;
}

export interface ActingOnOptions extends InPartsOptions {
  /** Destructive steps that the organisation leaves to this account in this run. */
  readonly allowance: number;
}

/** What the one event of a finished sweep says. */
export type FinishedSweep = SweepEvent['data'];

/** A sweep of several processes, in this one. */
export interface InParts {
  readonly underway: Underway;
  readonly phase: PausedSweep['phase'];
  /** Read to its end once the phase is `acting`. */
  readonly inventory: Inventory | undefined;
  readonly position: ReadingPosition | undefined;
  readonly parts: readonly EvidenceReference[];
  readonly changed: readonly EvidenceReference[];
  /** Credentials read again, because a process that died before it could keep them had taken steps on them. */
  readonly reread: ReadonlySet<string>;
  /** Calls of the processes before this one. */
  readonly earlierCalls: Readonly<Record<string, number>>;
  /** How often it was paused so far. */
  readonly pauses: number;
}
