import type { LedgerEvent } from '../../lib/domain/event.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { ChangeRecord } from '../../lib/embedded-aws/index.ts';
import type { Notice } from '../../lib/notify/index.ts';
import type { NightRecord } from './break-glass/nights.ts';
import type { WorldPolicy } from './policies.ts';
import type { WorldCredential } from './scenery.ts';
import type { Stamp } from './stamp.ts';

export type { Stamp } from './stamp.ts';

/** AWS's own word of a state change, with the process whose request made it. */
export interface Change extends Stamp {
  readonly process: string;
  /** When its request was sent; a request delayed on its way is applied later. */
  readonly sentAt: Instant;
  readonly sentTick: number;
  readonly record: ChangeRecord;
  /** The key or secret it is about; undefined for users and others. */
  readonly credential: WorldCredential | undefined;
}

/** An event as it reached the table. */
export interface Write extends Stamp {
  readonly event: LedgerEvent;
}

/** A request that was answered, or not. */
export interface Call extends Stamp {
  readonly process: string;
  readonly service: string;
  readonly operation: string;
  /** User name, key id or secret the request names, separated by spaces. */
  readonly names: string;
  readonly answered: boolean;
}

/** A notice in somebody's mailbox. */
export interface Delivered extends Stamp {
  readonly notice: Notice;
  readonly process: string;
  /** How often the same id was handed in again, and whether its text was another. */
  readonly again: number;
  readonly altered: boolean;
}

export interface Use extends Stamp {
  readonly credentialId: string;
  readonly visibleAt: Instant;
}

export interface Bounced extends Stamp {
  readonly noticeId: string;
}

/** The ticket system says something else from now on. */
export interface TicketNews extends Stamp {
  readonly is: 'open' | 'closed' | 'unreachable';
}

/** Somebody outside the janitor changed a key or secret, or its holder, in AWS. */
export interface OwnerAct extends Stamp {
  readonly credentialId: string;
  readonly what: string;
}

/** What a person asked of the janitor, and what came of it. */
export interface Errand extends Stamp {
  readonly kind:
    | 'restore'
    | 'hold'
    | 'approve'
    | 'reject'
    | 'halt'
    | 'resume'
    | 'activate'
    | 'ask'
    | 'answer'
    | 'carry-out'
    | 'revoke'
    | 'challenge'
    | 'judge';
  readonly by: string;
  readonly subject: string;
  readonly outcome: 'done' | 'refused' | 'crashed';
  readonly code?: string;
  /** Where the errand began in the order of things. */
  readonly since: number;
  /** For a hold: whether its answer named an act already intended. */
  readonly toldOfIntent?: boolean;
  readonly undone?: readonly string[];
}

/** One run of a sweep, from its first call to its end. */
export interface SweepRun extends Stamp {
  readonly since: number;
  readonly startedAt: Instant;
  readonly process: string;
  readonly accountId: string;
  readonly enforce: boolean;
  readonly policyHash: string;
  /** Nothing was injected, nobody interfered, nothing else ran meanwhile. */
  readonly undisturbed: boolean;
  readonly outcome: 'finished' | 'refused' | 'crashed';
  /** Code of the refusal, or of what was thrown. */
  readonly code?: string;
  readonly complete?: boolean;
  /** Notices that were refused or whose fate is open, and steps left unconfirmed or failed. */
  readonly loose?: number;
}

/** The whole record of one world, which invariants judge. None of it comes from the janitor's own folds. */
export interface Chronicle {
  readonly now: Instant;
  /** Milliseconds until AWS shows a change, and a use. */
  readonly consistencyDelayMs: number;
  readonly lastUsedLagMs: number;
  readonly policies: ReadonlyMap<string, WorldPolicy>;
  readonly credentials: readonly WorldCredential[];
  readonly changes: readonly Change[];
  readonly writes: readonly Write[];
  readonly calls: readonly Call[];
  readonly outbox: readonly Delivered[];
  readonly bounces: readonly Bounced[];
  readonly uses: readonly Use[];
  readonly ownerActs: readonly OwnerAct[];
  readonly errands: readonly Errand[];
  readonly tickets: readonly TicketNews[];
  readonly sweeps: readonly SweepRun[];
  /** Things thrown at callers that are neither our error family nor the injected crash. */
  readonly strangers: readonly string[];
  /** Break-glass access: sessions, what they were good for, and rounds of the reconciler. */
  readonly nights: NightRecord;
  /** The tick after which things are new since the last check. */
  readonly checkedTo: number;
}

/** What an invariant found wrong, one sentence each; nothing when it holds. */
export type Invariant = (chronicle: Chronicle) => readonly string[];

/** Process names of the janitor and its desk; everything else is the outside world. */
export function isJanitor(process: string): boolean {
  return process.startsWith('janitor-') || process.startsWith('desk');
}

/** Changes by the janitor since the last check. */
export function freshJanitorChanges(chronicle: Chronicle): readonly Change[] {
  return chronicle.changes.filter((change) => change.tick > chronicle.checkedTo && isJanitor(change.process));
}

export function freshWrites(chronicle: Chronicle): readonly Write[] {
  return chronicle.writes.filter((write) => write.tick > chronicle.checkedTo);
}
