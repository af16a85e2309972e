import type { EvidenceReference, LedgerEvent } from '../domain/event.ts';
import type { Instant } from '../domain/time.ts';

/** The `sweep.finished` event of an account. */
export type SweepEvent = Extract<LedgerEvent, { type: 'sweep.finished' }>;

export function isSweep(event: LedgerEvent): event is SweepEvent {
  return event.type === 'sweep.finished';
}

/** Kinds of evidence that a `sweep.finished` event refers to. */
export const MANIFEST_EVIDENCE = 'manifest';
export const POLICY_EVIDENCE = 'policy';

export function manifestOf(event: LedgerEvent): EvidenceReference | undefined {
  return event.evidence?.find((reference) => reference.kind === MANIFEST_EVIDENCE);
}

/** The newest finished sweep of an account, as the projection keeps it. */
export interface AccountItem {
  readonly accountId: string;
  readonly sweepId: string;
  /** Head of `sweep#<account>` when this was projected. */
  readonly seq: number;
  readonly hash: string;
  readonly at: Instant;
  readonly complete: boolean;
  readonly manifest?: EvidenceReference;
}

export function accountItemOf(event: SweepEvent): AccountItem {
  const manifest = manifestOf(event);
  const { accountId, sweepId, complete } = event.data;
  const { seq, hash, at } = event;
  return { accountId, sweepId, seq, hash, at, complete, ...(manifest === undefined ? {} : { manifest }) };
}
