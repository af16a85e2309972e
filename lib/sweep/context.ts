import type { ActingClients } from '../actions/index.ts';
import type { AwsClients } from '../aws/index.ts';
import type { Actor } from '../domain/actor.ts';
import type { Credential } from '../domain/credential.ts';
import type { ChangeKind } from '../domain/event-data.ts';
import type { ExceptionReview } from '../domain/exception.ts';
import type { Clock } from '../domain/time.ts';
import type { Refusal } from '../domain/verdict.ts';
import type {
  CredentialRecord,
  DynamoDecisionLedger,
  EvidenceStore,
  StateProjection,
} from '../ledger/index.ts';
import type { NoticeDelivery } from '../notify/index.ts';
import type { Judge, Policy } from '../policy/index.ts';
import type { RotateKey } from './rotation/order.ts';

/**
 * Clients with one attempt per call that may make this change to this credential, or why there are none. `secretId`: the
 * secret that holds an access key which is to be rotated.
 */
export type OpenActing = (
  change: ChangeKind,
  credential: Credential,
  secretId?: string,
) => Promise<{ readonly ok: true; readonly clients: ActingClients } | ({ readonly ok: false } & Refusal)>;

/** What deciding alone needs: enough for `scan`, which records nothing. */
export interface ReadingContext {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly judge: Judge;
  /** The account under the broom and the clients that read it. */
  readonly accountId: string;
  readonly partition: string;
  readonly clients: AwsClients;
  /** Waits on the context's clock, in milliseconds: real time in production, embedded time in simulations. */
  readonly pause: (millis: number) => Promise<void>;
}

/** What appending to chains needs beyond reading. */
export interface ChainContext {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly record: CredentialRecord;
  /** Who runs this, set from the authenticated caller and never from input. */
  readonly actor: Actor;
}

/** What recording needs beyond reading: the chains, and the evidence behind them. */
export interface RecordingContext extends ChainContext {
  readonly evidence: EvidenceStore;
}

/** What one step on one credential needs. */
export interface ActingContext extends ReadingContext, ChainContext {
  /** Opens what a change is made with; absent where acting is refused (laptops on real accounts). */
  readonly acting: OpenActing | undefined;
  /** Replaces access keys that live in secrets without a rotation of their own; absent where nothing may act. */
  readonly rotateKey?: RotateKey | undefined;
  /** Unique holder name of this process for the lease. */
  readonly holder: string;
}

/** What sweeping and restoring an account needs: everything. */
export interface SweepContext extends ActingContext, RecordingContext {
  readonly delivery: NoticeDelivery;
  /** Looks at exceptions again before each judgement; absent where there are none to look at. */
  readonly exceptions?: ExceptionReview | undefined;
  /** Bounces the delivery has learnt of since; absent where they arrive by themselves. */
  readonly bounces?: () => AsyncIterable<{ readonly noticeId: string; readonly reason: string }>;
  /** A fresh UUIDv7, injected so that simulations are deterministic. */
  readonly newId: () => string;
}
