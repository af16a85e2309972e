import type { STSClient } from '@aws-sdk/client-sts';
import type { Actor } from '../domain/actor.ts';
import type { BreakGlassRules } from '../domain/break-glass-rules.ts';
import type { LedgerEvent } from '../domain/event.ts';
import type { Grant } from '../domain/grant.ts';
import type { Clock } from '../domain/time.ts';
import type { DynamoDecisionLedger } from '../ledger/index.ts';
import type { OnCall } from './on-call.ts';
import type { DeniedGrants } from './tag-denial.ts';

/** The one-time call that ends a grant at its end. Placing it again for the same grant changes nothing. */
export interface EndSchedule {
  place(grant: Pick<Grant, 'grantId' | 'endsAt'>): Promise<void>;
}

/** Tells whoever has to know that a grant began. May be called again for the same grant; throws when nobody was told. */
export interface Announcement {
  announce(grant: Grant): Promise<void>;
}

/** What every use case of this room works with. */
export interface BreakGlassContext {
  readonly clock: Clock;
  readonly ledger: Pick<DynamoDecisionLedger, 'chain' | 'append' | 'subjectsIn'>;
  /** Projects a chain after it grew, for lists: `RequestProjection.follow`. What it fails to do undoes nothing. */
  readonly follow: (subject: string, events: readonly LedgerEvent[]) => Promise<void>;
  /** Grants something is still to come of, as lists have them: `RequestProjection.open('grant', now)`. */
  readonly owing?: () => AsyncIterable<{ readonly id: string }>;
  readonly rules: BreakGlassRules;
  /** The broker itself, as whom it records what nobody asked for. */
  readonly broker: Actor;
  readonly partition: string;
  /** As the broker, whom alone the roles trust. It attempts each call once: who waits how long is decided here. */
  readonly sts: Pick<STSClient, 'send'>;
  /** Waits so many milliseconds. */
  readonly pause: (millis: number) => Promise<void>;
  readonly onCall: OnCall;
  readonly endSchedule: EndSchedule;
  readonly announcement: Announcement;
  /** Of one account. */
  readonly deniedGrants: (accountId: string) => Promise<DeniedGrants>;
}
