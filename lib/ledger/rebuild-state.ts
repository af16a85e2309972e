import { accountOf } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import { foldCredential } from '../domain/history.ts';
import { credentialOfSubject, subjects } from '../domain/subject.ts';
import { askedSubject } from './asked/asked-kind.ts';
import { askedRowOf } from './asked/asked-row.ts';
import type { DynamoDecisionLedger } from './dynamo-decision-ledger.ts';
import { encodeAccount, encodeState } from './state-codec.ts';
import { stateItemOf } from './state-item.ts';
import { placeOf, subjectOfRow } from './state-place.ts';
import type { StateProjection } from './state-projection.ts';
import type { Item } from './stored-event.ts';
import { accountItemOf, isSweep } from './sweep-record.ts';

export interface Rebuilt {
  /** Rows the ledger comes to. */
  readonly rows: number;
  /** Rows that were missing, behind or different, and are right now. */
  readonly written: number;
  /** Rows without a chain, removed. */
  readonly removed: number;
}

/** How often a row is tried again while somebody else projects it. */
const ATTEMPTS = 10;

/**
 * Writes the projection anew from the ledger alone, to the same bytes as projecting event by event. Rows that are
 * right are not touched; others are replaced only as they were seen, so that a running sweep loses nothing.
 * Throws `chain-broken` at the first chain that does not verify and leaves its row as it is.
 */
export async function rebuildState(
  { ledger, state }: { readonly ledger: DynamoDecisionLedger; readonly state: StateProjection },
  onProgress?: (done: number) => void,
): Promise<Rebuilt> {
  const places = new Set<string>();
  let written = 0;
  for await (const subject of ledger.subjects()) {
    const row = hasRow(subject) ? await rebuildRow(ledger, state, subject) : undefined;
    if (row === undefined) continue;
    if (row.written) written += 1;
    places.add(placeOf(row.item));
    onProgress?.(places.size);
  }
  let removed = 0;
  for await (const seen of state.items()) {
    if (!places.has(placeOf(seen)) && (await removeOrphan(ledger, state, seen))) removed += 1;
  }
  return { rows: places.size, written, removed };
}

const SWEEPS = subjects.sweep('');

function hasRow(subject: string): boolean {
  const isCredential = credentialOfSubject(subject) !== undefined;
  return isCredential || subject.startsWith(SWEEPS) || askedSubject(subject) !== undefined;
}

async function rebuildRow(
  ledger: DynamoDecisionLedger,
  state: StateProjection,
  subject: string,
): Promise<{ readonly item: Item; readonly written: boolean } | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const item = await rowOf(ledger, subject);
    if (item === undefined) return undefined;
    const seen = await state.item(item);
    if (seen !== undefined && sameItem(seen, item)) return { item, written: false };
    if ((await state.replace(item, seen)).written) return { item, written: true };
  }
  throw contended(subject);
}

/** The row a chain comes to; undefined when it has none. */
async function rowOf(ledger: DynamoDecisionLedger, subject: string): Promise<Item | undefined> {
  const events = await ledger.chain(subject);
  const credentialId = credentialOfSubject(subject);
  if (credentialId !== undefined) {
    const rowless = events.length === 0 || accountOf(credentialId) === undefined;
    return rowless ? undefined : encodeState(stateItemOf(credentialId, foldCredential(events)));
  }
  if (askedSubject(subject) !== undefined) return askedRowOf(subject, events);
  const newest = events.filter(isSweep).at(-1);
  return newest === undefined ? undefined : encodeAccount(accountItemOf(newest));
}

async function removeOrphan(
  ledger: DynamoDecisionLedger,
  state: StateProjection,
  seen: Item,
): Promise<boolean> {
  const item = await rowOf(ledger, subjectOfRow(seen));
  if (item !== undefined && placeOf(item) === placeOf(seen)) return false;
  return (await state.remove(seen)).written;
}

function sameItem(a: Item, b: Item): boolean {
  const names = Object.keys(b);
  return Object.keys(a).length === names.length && names.every((name) => sameValue(a, b, name));
}

function sameValue(a: Item, b: Item, name: string): boolean {
  return a[name]?.S === b[name]?.S && a[name]?.N === b[name]?.N;
}

function contended(subject: string): JanitorError {
  return new JanitorError(`The state of ${subject} keeps changing while it is rebuilt`, {
    code: 'state-contended',
    source: 'system',
    hint: 'Wait for the running sweep to finish, then run the command again.',
    details: { subject },
  });
}
