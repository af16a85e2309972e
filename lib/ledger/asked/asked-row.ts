import { canonical } from '../../domain/canonical.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { stateCorrupt } from '../state-corrupt.ts';
import type { Item } from '../stored-event.ts';
import {
  ASKED,
  type AskedKind,
  type AskedRecords,
  type AskedReference,
  askedSubject,
  isAskedKind,
} from './asked-kind.ts';

/** A chain and its fold: what a row of the projection holds. */
export interface AskedItem<K extends AskedKind = AskedKind> {
  readonly kind: K;
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
  readonly record: AskedRecords[K];
}

/** Lists of the index: what something is still to come of, and what is over. */
export type Listing = 'open' | 'ended';

/** One partition a kind; its rows sort by when they began. */
export function askedPartition(kind: AskedKind): string {
  return `${kind}s`;
}

export function listingOf(kind: AskedKind, listing: Listing): string {
  return `${kind}#${listing}`;
}

/** The row a chain comes to; undefined when it is of another kind, or does not begin as it must. */
export function askedRowOf(subject: string, events: readonly LedgerEvent[]): Item | undefined {
  const named = askedSubject(subject);
  const head = events.at(-1);
  if (named === undefined || head === undefined) return undefined;
  return encoded(named.kind, named.id, head, events);
}

function encoded<K extends AskedKind>(
  kind: K,
  id: string,
  { seq, hash }: LedgerEvent,
  events: readonly LedgerEvent[],
): Item | undefined {
  const trait = ASKED[kind];
  const record = trait.fold(events);
  if (record === undefined) return undefined;
  const listing = trait.isOpen(record) ? 'open' : 'ended';
  return {
    pk: { S: askedPartition(kind) },
    sk: { S: `${trait.begunAt(record)}#${id}` },
    seq: { N: String(seq) },
    hash: { S: hash },
    record: { S: canonical(record) },
    listing: { S: listingOf(kind, listing) },
    name: { S: trait.about(record) },
  };
}

/** Reads a row of one kind. Throws `state-corrupt`. */
export function decodedRow<K extends AskedKind>(kind: K, item: Item): AskedItem<K> {
  const record = ASKED[kind].schema().safeParse(json(item));
  const key = keyOf(item);
  if (!record.success || key?.kind !== kind) throw stateCorrupt(item);
  return { kind, id: key.id, seq: Number(item.seq?.N ?? 0), hash: item.hash?.S ?? '', record: record.data };
}

/** The kind and id in the key of a row; undefined for rows of credentials and sweeps. */
export function keyOf({ pk, sk }: Item): AskedReference | undefined {
  const kind = pk?.S?.replace(/s$/, '') ?? '';
  const separator = sk?.S?.indexOf('#') ?? -1;
  if (!isAskedKind(kind) || pk?.S !== askedPartition(kind) || separator < 0) return undefined;
  return { kind, id: sk?.S?.slice(separator + 1) ?? '' };
}

function json(item: Item): unknown {
  try {
    return JSON.parse(item.record?.S ?? '');
  } catch {
    throw stateCorrupt(item);
  }
}
