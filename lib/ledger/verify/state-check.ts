import { canonical, sha256 } from '../../domain/canonical.ts';
import { accountOf } from '../../domain/credential.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { applyEvent, type CredentialHistory, EMPTY_HISTORY } from '../../domain/history.ts';
import { credentialOfSubject } from '../../domain/subject.ts';
import { askedSubject } from '../asked/asked-kind.ts';
import { askedRowOf } from '../asked/asked-row.ts';
import { encodeAccount, encodeState } from '../state-codec.ts';
import { stateItemOf } from '../state-item.ts';
import { placeOf, subjectOfRow } from '../state-place.ts';
import type { StateProjection } from '../state-projection.ts';
import type { Item } from '../stored-event.ts';
import { accountItemOf, isSweep } from '../sweep-record.ts';
import type { LedgerProblem } from './problem.ts';

interface Row {
  /** The chain it was projected from. */
  readonly subject: string;
  readonly seq: number;
  readonly digest: string;
}

/** Every row of the projection in short: its place, how far it is, and a digest of its bytes. */
export class StateRows {
  readonly #rows = new Map<string, Row>();
  readonly #accountedFor = new Set<Row>();

  static async read(state: StateProjection): Promise<StateRows> {
    const rows = new StateRows();
    for await (const item of state.items()) {
      rows.#rows.set(placeOf(item), {
        subject: subjectOfRow(item),
        seq: Number(item.seq?.N ?? 0),
        digest: digestOf(item),
      });
    }
    return rows;
  }

  at(place: string): Row | undefined {
    return this.#rows.get(place);
  }

  /** The chain behind this row was found. */
  account(place: string): void {
    const row = this.#rows.get(place);
    if (row !== undefined) this.#accountedFor.add(row);
  }

  /** Rows whose chain was not found. */
  *orphans(): Generator<Row> {
    for (const row of this.#rows.values()) {
      if (!this.#accountedFor.has(row)) yield row;
    }
  }
}

/** Follows one chain and compares the row of its projection at the very event it was written for. */
export class StateFollower {
  readonly #subject: string;
  readonly #rows: StateRows;
  readonly #isAsked: boolean;
  #history: CredentialHistory = EMPTY_HISTORY;
  /** Of a chain about what people ask: few, and folded as a whole. */
  readonly #asked: LedgerEvent[] = [];
  #place: string | undefined;
  #last: LedgerEvent | undefined;
  #same = false;

  constructor(subject: string, rows: StateRows) {
    this.#subject = subject;
    this.#rows = rows;
    this.#isAsked = askedSubject(subject) !== undefined;
  }

  step(event: LedgerEvent): void {
    this.#last = event;
    const item = this.#project(event);
    if (item === undefined) return;
    this.#place = placeOf(item);
    const row = this.#rows.at(this.#place);
    if (row?.seq === event.seq) this.#same = row.digest === digestOf(item);
  }

  #project(event: LedgerEvent): Item | undefined {
    if (this.#isAsked) {
      this.#asked.push(event);
      return askedRowOf(this.#subject, this.#asked);
    }
    if (isSweep(event)) return encodeAccount(accountItemOf(event));
    const credentialId = credentialOfSubject(this.#subject);
    if (credentialId === undefined || accountOf(credentialId) === undefined) return undefined;
    this.#history = applyEvent(this.#history, event);
    return encodeState(stateItemOf(credentialId, this.#history));
  }

  /** The place of the row this chain accounts for. */
  get place(): string | undefined {
    return this.#place;
  }

  /** What is wrong with the row now that the chain has ended. */
  verdict(): { readonly problem: LedgerProblem; readonly repairable: boolean } | undefined {
    const head = this.#last;
    if (this.#place === undefined || head === undefined) return undefined;
    const row = this.#rows.at(this.#place);
    const { subject, seq } = head;
    if (row === undefined || (row.seq < seq && this.#same)) {
      const message = `The state of ${subject} is at event ${row?.seq ?? 0}, its chain at ${seq}.`;
      return { problem: { code: 'state-behind', subject, seq, message }, repairable: true };
    }
    if (row.seq > seq) {
      const message = `The state of ${subject} was projected from event ${row.seq}, but its chain ends at ${seq}: event ${seq + 1} is missing.`;
      return { problem: { code: 'state-ahead', subject, seq: seq + 1, message }, repairable: false };
    }
    if (this.#same) return undefined;
    const message = `The state of ${subject} is not what its chain comes to at event ${row.seq}.`;
    return { problem: { code: 'state-differs', subject, seq: row.seq, message }, repairable: false };
  }
}

/** A row whose chain is not in the ledger at all. */
export function orphanProblem({ subject, seq }: Row): LedgerProblem {
  const message = `The state of ${subject} was projected from event ${seq}, but its chain has no events.`;
  return { code: 'state-ahead', subject, seq: 1, message };
}

function digestOf(item: Item): string {
  return sha256(canonical(item));
}
