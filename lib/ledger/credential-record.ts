import { JanitorError } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { applyEvent, type CredentialHistory, foldCredential } from '../domain/history.ts';
import { credentialOfSubject, subjects } from '../domain/subject.ts';
import type { DynamoDecisionLedger } from './dynamo-decision-ledger.ts';
import { accountOfCredential, stateItemOf } from './state-item.ts';
import type { StateProjection } from './state-projection.ts';
import type { ChainPosition } from './stored-event.ts';
import { isSweep } from './sweep-record.ts';

export type Recorded =
  | {
      readonly ok: true;
      readonly event: LedgerEvent;
      /** The history with this event folded in. */
      readonly history: CredentialHistory;
      /** false: recorded, but the projection could not be written; `reproject` mends it. */
      readonly projected: boolean;
    }
  | { readonly ok: false; readonly reason: 'stale' };

/** The chain of one credential and its projection, written in that order: the ledger is the truth. */
export class CredentialRecord {
  readonly #ledger: DynamoDecisionLedger;
  readonly #state: StateProjection;
  /** Chains this process recorded on, or may have (an answer was lost), that are not known to be projected. */
  readonly #behind = new Set<string>();

  constructor({ ledger, state }: { readonly ledger: DynamoDecisionLedger; readonly state: StateProjection }) {
    this.#ledger = ledger;
    this.#state = state;
  }

  /** The history from the whole chain, strongly read and verified: the only one a guard may rest on. */
  async read(credentialId: string): Promise<CredentialHistory> {
    return foldCredential(await this.#ledger.chain(subjects.credential(credentialId)));
  }

  /**
   * Appends after `history`, folds and projects. A projection that fails does not undo what is recorded.
   * Throws `credential-id-invalid` before anything is written, and whatever the ledger's `append` throws.
   */
  async append(credentialId: string, history: CredentialHistory, draft: EventDraft): Promise<Recorded> {
    accountOfCredential(credentialId);
    const subject = subjects.credential(credentialId);
    this.#behind.add(subject);
    const appended = await this.#ledger.append(subject, headOf(history), draft);
    if (!appended.ok) return appended;
    const after = applyEvent(history, appended.event);
    const projected = await this.#projects(credentialId, after);
    if (projected) this.#behind.delete(subject);
    return { ok: true, event: appended.event, history: after, projected };
  }

  /**
   * Brings the projection up to these chains (credentials and sweeps; others have none) after an interruption.
   * Returns how many rows were behind.
   */
  async reproject(chains: Iterable<string>): Promise<number> {
    let behind = 0;
    for (const subject of chains) {
      if (await this.#reprojectOne(subject)) behind += 1;
    }
    return behind;
  }

  /** Projects what this process recorded, or may have, and did not project at the time. Throws what the stores throw. */
  async catchUp(): Promise<void> {
    for (const subject of this.#behind) {
      await this.#reprojectOne(subject);
      this.#behind.delete(subject);
    }
  }

  async #reprojectOne(subject: string): Promise<boolean> {
    const credentialId = credentialOfSubject(subject);
    if (credentialId !== undefined) {
      const history = await this.read(credentialId);
      if (history.seq === 0) return false;
      return (await this.#state.project(stateItemOf(credentialId, history))).written;
    }
    if (!subject.startsWith(SWEEPS)) return false;
    const head = await this.#ledger.head(subject);
    return head !== undefined && isSweep(head) ? (await this.#state.projectSweep(head)).written : false;
  }

  async #projects(credentialId: string, history: CredentialHistory): Promise<boolean> {
    try {
      await this.#state.project(stateItemOf(credentialId, history));
      return true;
    } catch (error) {
      if (error instanceof JanitorError && error.code === 'state-unavailable') return false;
      throw error;
    }
  }
}

const SWEEPS = subjects.sweep('');

function headOf({ seq, hash }: CredentialHistory): ChainPosition | null {
  return seq === 0 ? null : { seq, hash };
}
