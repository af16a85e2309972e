import type { Tier } from './step.ts';
import type { Instant } from './time.ts';

/** One statement of what a role may do, as in an IAM policy; it always allows. */
export interface BreakGlassStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Somebody's turn of being on call: from an instant up to, not including, another. */
export interface OnCallTurn {
  readonly person: string;
  readonly from: Instant;
  readonly until: Instant;
}

/** Where it stands who is on call. people: these always; schedule: whoever has a turn; http: a system that is asked. */
export type OnCallSource =
  | { readonly kind: 'people'; readonly people: readonly string[] }
  | { readonly kind: 'schedule'; readonly turns: readonly OnCallTurn[] }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly timeoutMs: number;
      /** Who may go ahead when it says nothing. */
      readonly ifUnknown: 'emergency-group' | 'nobody';
    };

/** A role that is taken in an emergency, as the active policy has it; lengths of time in milliseconds. */
export interface BreakGlassRole {
  readonly name: string;
  readonly accounts: readonly string[];
  readonly permissions: {
    readonly managedPolicies: readonly string[];
    readonly statements: readonly BreakGlassStatement[];
  };
  /** Ids of persons who have not left. */
  readonly eligible: readonly string[];
  /** Absent: whoever is eligible need not be on call. */
  readonly onCall?: OnCallSource;
  readonly longestMs: number;
  readonly tier: Tier;
  /** Who approves where a second person is needed, and who reviews. */
  readonly approverGroup: string;
  readonly approvers: readonly string[];
  readonly reviewers: readonly string[];
  readonly reviewWithinMs: number;
  readonly sessionManager: boolean;
}

/** An IAM user or a root that is kept in a vault for when nothing else works: its use is found afterwards, and reviewed. */
export interface EmergencyIdentity {
  readonly arn: string;
  /** Who can get at it, and so may have used it: they never review a use. */
  readonly custodians: readonly string[];
  readonly reviewers: readonly string[];
}

/** What the active policy says about break-glass access. */
export interface BreakGlassRules {
  readonly policyHash: string;
  readonly roles: readonly BreakGlassRole[];
  /** Persons who may go ahead when nobody can say who is on call. */
  readonly emergency: readonly string[];
  readonly emergencyIdentities: readonly EmergencyIdentity[];
  /** A reason has at least this many characters. */
  readonly shortestReason: number;
  /** The whole of a ticket's reference; absent: any will do. */
  readonly ticketPattern?: string;
}
