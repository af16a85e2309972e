import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { JanitorError } from '../../domain/error.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import type { StateTable } from '../state-table.ts';
import type { Item } from '../stored-event.ts';
import { STATE_INDEXES } from '../tables.ts';
import { ASKED, type AskedKind, type AskedReference, type AskedStates } from './asked-kind.ts';
import {
  type AskedItem,
  askedPartition,
  askedRowOf,
  decodedRow,
  keyOf,
  type Listing,
  listingOf,
} from './asked-row.ts';
import { cursorAfter, placeOfCursor } from './page-cursor.ts';

/** A row with where it stands at the instant of the reader: what the clock has ended is ended, recorded or not (I14). */
export interface AskedEntry<K extends AskedKind> extends AskedItem<K> {
  readonly state: AskedStates[K];
}

/** Newest first; without `nextCursor` it is the last page. */
interface AskedPage<K extends AskedKind> {
  readonly items: readonly AskedEntry<K>[];
  readonly nextCursor?: string;
}

interface PageOf<K extends AskedKind> {
  readonly kind: K;
  /**
   * open: something is still to come of it by its chain (of a grant: its end, or what is owed after it). What has run out
   * meanwhile is among them, with the state it has, until it is recorded.
   */
  readonly state: Listing | 'all';
  readonly limit: number;
  readonly cursor?: string;
  readonly now: Instant;
}

/**
 * Requests, exceptions, challenges, grants and incidents, one row a chain, for lists. A projection: it may be behind and decides nothing;
 * whoever decides reads the chain. `all` is strongly consistent; open, ended and about use indexes and are not.
 */
export class RequestProjection {
  readonly #table: StateTable;

  constructor(table: StateTable) {
    this.#table = table;
  }

  /**
   * Writes the row of a chain unless the one there is as new or newer; `events` is the whole chain. Chains of other kinds
   * have no row here. Throws `state-unavailable`.
   */
  async project(subject: string, events: readonly LedgerEvent[]): Promise<{ readonly written: boolean }> {
    const row = askedRowOf(subject, events);
    return row === undefined ? { written: false } : this.#table.putNewer(row);
  }

  /**
   * The same for whoever has just recorded: a projection that fails never undoes what is recorded. The row is written by
   * the next decision on the chain, or by whoever looks for chains with newest events (`DynamoDecisionLedger.subjectsIn`).
   */
  readonly follow = async (subject: string, events: readonly LedgerEvent[]): Promise<void> => {
    try {
      await this.project(subject, events);
    } catch (error) {
      if (!(error instanceof JanitorError) || error.code !== 'state-unavailable') throw error;
    }
  };

  /** Throws `cursor-invalid`. */
  async page<K extends AskedKind>({ kind, state, limit, cursor, now }: PageOf<K>): Promise<AskedPage<K>> {
    const list = `${kind} ${state}`;
    const after = cursor === undefined ? undefined : placeOfCursor(list, cursor);
    const found: Item[] = [];
    const query = { ...listed(kind, state, after), ScanIndexForward: false, Limit: limit + 1 };
    for await (const item of this.#table.query(query)) {
      found.push(item);
      if (found.length > limit) break;
    }
    const items = found.slice(0, limit).map((item) => entryOf(kind, item, now));
    const last = found.length > limit ? found[limit - 1]?.sk?.S : undefined;
    return last === undefined ? { items } : { items, nextCursor: cursorAfter(list, last) };
  }

  /** Everything of a kind that has no end on its chain, oldest first. */
  async *open<K extends AskedKind>(kind: K, now: Instant): AsyncGenerator<AskedEntry<K>> {
    for await (const item of this.#table.query(listed(kind, 'open'))) yield entryOf(kind, item, now);
  }

  /**
   * What was asked about a credential by its id, about a plan by its id, or about an exception by its subject; grants of a
   * break-glass role by `<account>/<role>`; incidents by the ARN of what was used. Oldest first.
   */
  async about(key: string): Promise<AskedReference[]> {
    const query = {
      IndexName: STATE_INDEXES.name,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': 'name' },
      ExpressionAttributeValues: { ':key': { S: key } },
    };
    const references: AskedReference[] = [];
    for await (const item of this.#table.query(query)) {
      const reference = keyOf(item);
      if (reference !== undefined) references.push(reference);
    }
    return references;
  }

  /** Everything about a credential, what was asked about its exceptions included. */
  async byCredential(credentialId: string): Promise<AskedReference[]> {
    const direct = await this.about(credentialId);
    const exceptions = direct.filter(({ kind }) => kind === 'exception');
    const indirect = await Promise.all(exceptions.map(({ id }) => this.about(subjects.exception(id))));
    return [...direct, ...indirect.flat()];
  }
}

function entryOf<K extends AskedKind>(kind: K, item: Item, now: Instant): AskedEntry<K> {
  const decoded = decodedRow(kind, item);
  return { ...decoded, state: ASKED[kind].stateAt(decoded.record, now) };
}

/** The rows of one list, past `after` in descending order. */
function listed(
  kind: AskedKind,
  state: Listing | 'all',
  after?: string,
): Partial<QueryCommandInput> & { readonly KeyConditionExpression: string } {
  const past = after === undefined ? '' : ' AND sk < :after';
  const place: Record<string, { S: string }> = after === undefined ? {} : { ':after': { S: after } };
  if (state === 'all') {
    return {
      KeyConditionExpression: `pk = :pk${past}`,
      ExpressionAttributeValues: { ':pk': { S: askedPartition(kind) }, ...place },
      ConsistentRead: true,
    };
  }
  return {
    IndexName: STATE_INDEXES.listing,
    KeyConditionExpression: `listing = :listing${past}`,
    ExpressionAttributeValues: { ':listing': { S: listingOf(kind, state) }, ...place },
  };
}
