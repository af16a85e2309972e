import type { Credential, Facts } from '../domain/credential.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { Instant } from '../domain/time.ts';
import type { LabelState } from './labels.ts';
import type { Ownership } from './owner.ts';
import type { Recipient } from './recipient.ts';

/** Everything rules may look at: one credential at one instant, its facts as far as they may be believed. */
export interface Subject {
  readonly credential: Credential;
  readonly facts: Facts;
  readonly history: CredentialHistory;
  readonly now: Instant;
  readonly ownership: Ownership;
  readonly recipient: Recipient;
  readonly expiresAt: Instant | null;
  readonly labels: LabelState;
  /** Our quarantine of an access key was undone by somebody: its facts, newer than the quarantine, say active. */
  readonly quarantineUndone: boolean;
}
