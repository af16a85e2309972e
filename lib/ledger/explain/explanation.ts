import { actorLabel } from '../../domain/actor.ts';
import type { Approval, LedgerEvent, Scope } from '../../domain/event.ts';
import type { Hold } from '../../domain/hold.ts';
import { elapsed, humanDuration, type Instant } from '../../domain/time.ts';
import type { Finding, Owner, Verdict } from '../../domain/verdict.ts';
import type { AskedKind, AskedRecords, AskedStates } from '../asked/asked-kind.ts';
import type { DynamoDecisionLedger } from '../dynamo-decision-ledger.ts';
import type { EvidenceStore } from '../evidence-store.ts';
import type { StateProjection } from '../state-projection.ts';
import type { Replacement } from './replacement.ts';
import { sentenceOf } from './sentence.ts';

export interface ExplainDependencies {
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly evidence: EvidenceStore;
}

export interface ExplainOptions {
  /** The caller's clock. */
  readonly now: Instant;
  /** A past instant: only what was recorded up to then is used. Default: now. */
  readonly at?: Instant;
}

/** A fact as it was known when the verdict was made, with its age at the instant explained. */
export type ExplainedFact =
  | {
      readonly name: string;
      readonly value: unknown;
      readonly asOf: Instant;
      readonly source: string;
      readonly age: string;
    }
  | { readonly name: string; readonly unknown: string };

/** The verdict of the newest sweep at or before the instant explained. */
export interface ExplainedVerdict extends Verdict {
  readonly judgedAt: Instant;
  readonly age: string;
  readonly sweepId: string;
  readonly policyHash: string;
  /** false: something of the account could not be read in that sweep. */
  readonly complete: boolean;
  readonly manifest: string;
  readonly owner: Owner;
  readonly outsideParty?: string;
  readonly expiresAt: Instant | null;
  readonly findings: readonly Finding[];
}

/** One event in words, with what an auditor asks for next. */
export interface TimelineEntry {
  readonly at: Instant;
  readonly subject: string;
  readonly seq: number;
  readonly type: LedgerEvent['type'];
  readonly text: string;
  readonly actor: string;
  readonly eventId: string;
  readonly rule?: string;
  readonly policyHash?: string;
  readonly controls?: readonly string[];
  readonly justification?: string;
  readonly ticket?: string;
  readonly expiresAt?: Instant;
  readonly scope?: Scope;
  readonly approvals?: readonly Approval[];
  readonly requestIds?: readonly string[];
}

export interface Answer {
  readonly question: string;
  readonly answer: string;
}

/** What a chain about what people ask for comes to at the instant explained. */
export type ExplainedRecord = {
  readonly [K in AskedKind]: {
    readonly kind: K;
    readonly id: string;
    readonly state: AskedStates[K];
    readonly record: AskedRecords[K];
  };
}[AskedKind];

/** Another chain, to be explained by its subject. */
export interface Related {
  readonly subject: string;
  readonly text: string;
}

/** Why something is as it is, from the record alone (G5, G6). */
export interface Explanation {
  readonly schemaVersion: 1;
  readonly kind: 'credential' | 'plan' | 'notice' | 'sweep' | 'chain' | AskedKind;
  /** The id of what is explained. */
  readonly subject: string;
  readonly at: Instant;
  readonly summary: string;
  readonly verdict?: ExplainedVerdict;
  /** Of what was asked, a grant included: the questions an auditor asks, each with its answer. */
  readonly account?: readonly Answer[];
  /** The same as a program reads it: what was folded from its chain, and where it stands. */
  readonly asked?: ExplainedRecord;
  /** What was asked about it, what came of it, or what it came of. */
  readonly related?: readonly Related[];
  readonly facts: readonly ExplainedFact[];
  readonly timeline: readonly TimelineEntry[];
  /** Of an access key that a rotation replaced. */
  readonly replacement?: Replacement;
  /** Holds in force at that instant. */
  readonly holds: readonly Hold[];
  readonly next: string;
  readonly notes: readonly string[];
  /** Whether every chain and object this rests on was verified. */
  readonly chainVerified: boolean;
  readonly events: readonly LedgerEvent[];
}

export function timelineOf(events: readonly LedgerEvent[]): TimelineEntry[] {
  return events.map(entryOf);
}

function entryOf(event: LedgerEvent): TimelineEntry {
  const { at, subject, seq, type, id: eventId } = event;
  const { rule, policyHash, controls, justification, ticket, expiresAt, scope, approvals, requestIds } =
    event;
  return {
    at,
    subject,
    seq,
    type,
    text: sentenceOf(event),
    actor: actorLabel(event.actor),
    eventId,
    ...defined({
      rule,
      policyHash,
      controls,
      justification,
      ticket,
      expiresAt,
      scope,
      approvals,
      requestIds,
    }),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The entries that have a value. */
function defined<T extends object>(values: T): Defined<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}

/** `3 hours old` at `at`. */
export function ageAt(asOf: Instant, at: Instant): string {
  const millis = elapsed(asOf, at);
  return millis < 0 ? `${humanDuration(millis)} later` : `${humanDuration(millis)} old`;
}
