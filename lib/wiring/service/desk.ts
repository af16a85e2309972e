import type { Actor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/time.ts';
import type { CallerDirectory, VerifierOptions } from '../../identity/index.ts';
import type {
  CredentialRecord,
  DynamoDecisionLedger,
  EvidenceStore,
  StateProjection,
} from '../../ledger/index.ts';
import type { Policy } from '../../policy/index.ts';
import type { Tell, TicketSystem } from '../../requests/index.ts';
import type { PlanningContext, SweepContext } from '../../sweep/index.ts';
import type { Rotator } from '../ordering-context.ts';

/** What is to be carried out, by id alone: whoever carries it out reads everything else from its chain. */
export type CarryOutOrder =
  | { readonly kind: 'request'; readonly requestId: string }
  /** A rotation that somebody asked for, whose plan is approved. */
  | { readonly kind: 'rotation'; readonly planId: string };

/** Working on one account, in somebody's name and under a version of the policy. */
export interface AccountSession {
  readonly accountId: string;
  /** As CloudTrail of the account shows it. */
  readonly purpose: 'read' | 'restore' | 'rotate';
  readonly policy: Policy;
  readonly actor: Actor;
}

/** What carrying out takes, where nobody calls. */
export interface WorkDesk {
  readonly clock: Clock;
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly record: CredentialRecord;
  readonly evidence: EvidenceStore;
  /** The version that says who people are and what they may decide. Throws when it cannot be read. */
  readonly policyInForce: () => Promise<Policy>;
  /** The service itself: it records what nobody else did. */
  readonly self: Actor;
  /** Throws `member-unreachable` where the account lets nobody in. */
  readonly inAccount: <T>(
    session: AccountSession,
    work: (context: SweepContext, rotator: Rotator) => Promise<T>,
  ) => Promise<T>;
  /** Sends a notice to somebody who is still to be told; absent where nobody is. */
  readonly tell?: Tell | undefined;
  /** Told of what went wrong with what, and is nobody's trouble who calls. */
  readonly report: (what: string, error: unknown) => void;
}

/** Everything the service works with; each environment composes its own. */
export interface ServiceDesk extends WorkDesk {
  /** The version that came with the process; it judges nobody before it is activated, but for the first. */
  readonly deployed: Policy;
  readonly lookups: Pick<CallerDirectory, 'roleOf' | 'standingOf'>;
  readonly delegations: Omit<VerifierOptions, 'directory' | 'clock'>;
  readonly ticketsOf: (policy: Policy) => TicketSystem;
  /** What rotations are planned with: a process that may not look into the values of secrets leaves that to another. */
  readonly planning: (context: SweepContext, rotator: Rotator) => PlanningContext;
  /**
   * Has something carried out, now or soon. Where it cannot be started, what was approved stays approved, and `reconcile`
   * starts it.
   */
  readonly carryOut: (order: CarryOutOrder) => Promise<void>;
}
