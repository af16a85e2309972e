import type { RequestKind } from './request-events.ts';
import type { Tier } from './step.ts';

/** Kinds that may be pre-approved; the others stand in for a person's decision and always wait for one. */
export type RoutineKind = Exclude<RequestKind, 'approve-plan' | 'policy-override'>;

/** Who decides, resolved from the policy and its directory: people who have left are no members. */
export interface Approvers {
  readonly group: string;
  readonly quorum: number;
  /** Ids of persons. */
  readonly members: readonly string[];
  /** Groups that would each have to decide on a part of what is asked: it has to be asked in parts. */
  readonly divided?: readonly string[];
}

/** Persons of any of these groups may ask. */
export interface Eligible {
  readonly groups: readonly string[];
  /** Ids of persons who have not left. */
  readonly members: readonly string[];
}

/** What the active policy says about a request; lengths of time in milliseconds. */
export interface RequestRules {
  /** Of the policy version this was taken from: approvals are bound to it (I11). */
  readonly policyHash: string;
  /** Ids of everybody in the directory who has not left. */
  readonly people: readonly string[];
  readonly kinds: {
    readonly [K in RequestKind]: {
      readonly tier: Exclude<Tier, 'routine'>;
      /** No request of this kind may end later than this after it was submitted. */
      readonly longestMs: number;
    };
  };
  /** Requests that end within this are routine and pre-approved; a kind that is not named never is (G10). */
  readonly routineMs: { readonly [K in RoutineKind]?: number };
  /** Who may ask: somebody of each of these. None: everybody whom the directory knows. */
  readonly eligible: readonly Eligible[];
  readonly approvals: Readonly<Record<Exclude<Tier, 'routine'>, Approvers>>;
  readonly tickets: {
    /** The whole of a ticket's reference; absent: any reference will do. */
    readonly pattern?: string;
    /** Whether a ticket system is asked: then only what it says is open is pre-approved (G22). */
    readonly checked: boolean;
  };
  /** A request that nobody answers lapses after this (I14). */
  readonly pendingMs: number;
  /** What was approved is to be done within this once begun. */
  readonly finishMs: number;
  /** Exceptions that follow each other exempt a credential no longer than this in all. */
  readonly exemptAtMostMs: number;
  readonly challenges: Omit<Approvers, 'quorum'> & { readonly decideWithinMs: number };
}

export function isRoutineKind(kind: RequestKind): kind is RoutineKind {
  return kind !== 'approve-plan' && kind !== 'policy-override';
}
