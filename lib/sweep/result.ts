import type { StepKind } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import type { JudgedCredential, Refusal } from '../domain/verdict.ts';
import type { Note, Problem } from '../inventory/index.ts';

/** Something long under way, for a progress bar: `total` is absent while unknown. */
export interface Progress {
  readonly phase: 'reading' | 'judging' | 'recording' | 'acting' | 'notifying' | 'finishing';
  readonly done: number;
  readonly total?: number;
}

export interface AccountSummary {
  readonly accountId: string;
  readonly generatedAt: Instant;
  readonly policyHash: string;
  readonly complete: boolean;
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  readonly notCovered: readonly string[];
  readonly regions: readonly string[];
  readonly calls: Readonly<Record<string, number>>;
  /** How many credentials came to each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly credentials: number;
}

export interface ReadingOptions {
  /** Read every access key id, not only those of candidates. */
  readonly full?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Receives every judged credential as it is judged, so that nothing has to be kept in memory. */
  readonly onJudged?: (judged: JudgedCredential) => void | Promise<void>;
}

/**
 * What came of one step in this sweep:
 * done; failed (AWS refused); abandoned (a guard said no after the intent);
 * unconfirmed (sent, the effect not visible yet: reconciled by the next sweep); notified.
 */
export interface SweepAction {
  readonly credentialId: string;
  readonly step: StepKind;
  readonly rule: string;
  readonly outcome: 'done' | 'failed' | 'abandoned' | 'unconfirmed' | 'notified' | 'notice-refused';
  readonly eventId: string;
  readonly reason: string;
}

export interface HeldStep extends Refusal {
  readonly credentialId: string;
  readonly rule: string;
  readonly step: StepKind;
}

export interface FrozenPlanSummary {
  readonly planId: string;
  readonly tier: string;
  /** `tier`: such steps always wait for people; `cap`: the daily limit is reached. */
  readonly because: 'tier' | 'cap';
  readonly items: number;
  readonly approvalsNeeded: number;
  readonly approverGroup: string;
  readonly lapsesAt: Instant;
}

export interface SweepResult extends AccountSummary {
  readonly sweepId: string;
  readonly enforce: boolean;
  readonly actions: readonly SweepAction[];
  readonly held: readonly HeldStep[];
  /** Plans frozen by this sweep. */
  readonly plans: readonly FrozenPlanSummary[];
  readonly notices: readonly {
    readonly noticeId: string;
    readonly recipient: string;
    readonly items: number;
    readonly outcome: string;
  }[];
  /** Intents of earlier runs settled by looking at AWS. */
  readonly reconciled: number;
  /** Why nothing was acted upon although `--enforce` was given; absent otherwise. */
  readonly refused?: Refusal;
}
