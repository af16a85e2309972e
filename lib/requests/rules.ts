import type { RequestKind } from '../domain/request-events.ts';
import type { Tier } from '../domain/step.ts';

/** Kinds that may be pre-approved; the others stand in for a person's decision and always wait for one. */
export type RoutineKind = Exclude<RequestKind, 'approve-plan' | 'policy-override'>;

/** Who decides, resolved from the policy and its directory: people who have left are no members. */
export interface Approvers {
  readonly group: string;
  readonly quorum: number;
  /** Ids of persons. */
  readonly members: readonly string[];
}

/** What the active policy says about requests; lengths of time in milliseconds. */
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
  readonly approvals: Readonly<Record<Exclude<Tier, 'routine'>, Approvers>>;
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
