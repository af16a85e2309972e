import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { eventsInBucket, subjectsInBucket } from './bucket-index.ts';
import { type BrokenLink, chainBroken } from './chain-error.ts';
import { sealedEvent } from './sealed-event.ts';
import { refuseSecretShaped } from './secret-shape.ts';
import { isConditionFailed, storeCall, unavailable } from './store-error.ts';
import {
  CHAIN_START,
  type ChainPosition,
  type Item,
  itemOf,
  readItem,
  readLink,
  seqKey,
} from './stored-event.ts';

export type Appended =
  | { readonly ok: true; readonly event: LedgerEvent }
  /** Somebody else appended at this place first: read the chain, decide again. */
  | { readonly ok: false; readonly reason: 'stale' };

/** The readable part of a chain, and where it breaks, if it does. */
export interface InspectedChain {
  readonly events: readonly LedgerEvent[];
  readonly broken?: BrokenLink;
}

/** The only clause an append needs: nothing has this subject and sequence yet. */
const KEY_IS_FREE = 'attribute_not_exists(subject)';

const OF_SUBJECT = {
  KeyConditionExpression: 'subject = :subject',
  ConsistentRead: true,
} satisfies Partial<QueryCommandInput>;

/**
 * The append-only record: one table, partition key subject, sort key zero-padded sequence. Every read of a chain is
 * strongly consistent and verified; whatever cannot be verified throws `chain-broken`, whatever cannot be reached
 * throws `ledger-unavailable`. No transactions, so that it runs unchanged on any DynamoDB.
 */
export class DynamoDecisionLedger {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor({ client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string }) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /**
   * Appends one event right after `head` (null: the first of its chain) with ONE conditional Put and never at
   * another place. When the answer is lost, the place is read: our own event there means success, another's `stale`.
   * Throws `ledger-unavailable` when the result stays open, `secret-shaped`, `event-invalid` or `event-too-large`
   * before anything is written.
   */
  async append(subject: string, head: ChainPosition | null, draft: EventDraft): Promise<Appended> {
    refuseSecretShaped(draft, draft.type);
    const event = sealedEvent(subject, head, draft);
    const Item = itemOf(event);
    try {
      await this.#client.send(
        new PutItemCommand({ TableName: this.#tableName, Item, ConditionExpression: KEY_IS_FREE }),
      );
      return { ok: true, event };
    } catch (error) {
      return this.#settle(event, error);
    }
  }

  /** Every failure leaves the result open: the SDK may have sent the Put more than once before it gave up. */
  async #settle(event: LedgerEvent, error: unknown): Promise<Appended> {
    const { subject, seq, id: eventId } = event;
    const doing = `append event ${seq} of ${subject} (dynamodb:PutItem)`;
    const stored = await this.#get(subject, seq).catch(() => undefined);
    if (stored !== undefined) {
      const read = readItem(stored);
      if (!read.ok) throw chainBroken(read.broken);
      return read.event.id === eventId ? { ok: true, event: read.event } : { ok: false, reason: 'stale' };
    }
    const cause = isConditionFailed(error)
      ? new Error('its place is taken, yet nothing can be read there')
      : error;
    throw unavailable('ledger', doing, cause, { subject, seq, eventId });
  }

  /** The newest event of a chain, by one descending query. */
  async head(subject: string): Promise<LedgerEvent | undefined> {
    return (await this.newest(subject, 1))[0];
  }

  /** The whole chain, oldest first, verified from its first event. */
  async chain(subject: string): Promise<LedgerEvent[]> {
    const { events, broken } = await this.inspect(subject);
    if (broken !== undefined) throw chainBroken(broken);
    return [...events];
  }

  /** The chain up to its first broken link, for those who explain or verify and never act. */
  async inspect(subject: string): Promise<InspectedChain> {
    const events: LedgerEvent[] = [];
    let position = CHAIN_START;
    for await (const item of this.itemsOf(subject)) {
      const link = readLink(position, item);
      if (!link.ok) return { events, broken: link.broken };
      events.push(link.event);
      position = link.event;
    }
    return { events };
  }

  /** One event by its place, strongly read. */
  async eventAt(subject: string, seq: number): Promise<LedgerEvent | undefined> {
    const doing = `read event ${seq} of ${subject} (dynamodb:GetItem)`;
    const item = await storeCall('ledger', doing, () => this.#get(subject, seq));
    return item === undefined ? undefined : intact(item);
  }

  /** The newest events, newest first, at most `limit`, with the links between them verified. */
  async newest(subject: string, limit: number): Promise<LedgerEvent[]> {
    const events: LedgerEvent[] = [];
    for await (const item of this.#query(subject, { ScanIndexForward: false, Limit: limit })) {
      events.push(verifiedBefore(item, events.at(-1)));
      if (events.length === limit) break;
    }
    const oldest = events.at(-1);
    if (oldest !== undefined && events.length < limit) assertFirst(oldest);
    return events;
  }

  /**
   * Events of these 15-minute intervals, by their instant (events of one instant in any order).
   * From an index, so the newest may be missing.
   */
  async *inBuckets(buckets: Iterable<string>): AsyncGenerator<LedgerEvent> {
    const table = { client: this.#client, tableName: this.#tableName };
    for (const bucket of buckets) {
      for await (const item of eventsInBucket(table, bucket)) yield intact(item);
    }
  }

  /** The chains with an event in these intervals, by the index alone, so the newest may be missing; once an interval. */
  async *subjectsIn(buckets: Iterable<string>): AsyncGenerator<string> {
    const table = { client: this.#client, tableName: this.#tableName };
    for (const bucket of buckets) yield* subjectsInBucket(table, bucket);
  }

  /** Every event, grouped as the table yields them; for verify, rebuild and export only. */
  async *all(): AsyncGenerator<LedgerEvent> {
    for await (const item of this.items()) yield intact(item);
  }

  /** Every chain's subject, by its first event; for rebuild only. */
  async *subjects(): AsyncGenerator<string> {
    for await (const { subject } of this.#scan({
      ProjectionExpression: 'subject',
      FilterExpression: 'seq = :first',
      ExpressionAttributeValues: { ':first': { S: seqKey(1) } },
    })) {
      if (subject?.S !== undefined) yield subject.S;
    }
  }

  /** Every stored item as it is, unverified; for verify only. */
  items(): AsyncGenerator<Item> {
    return this.#scan({});
  }

  /** The stored items of one chain in order, unverified; for verify only. */
  itemsOf(subject: string): AsyncGenerator<Item> {
    return this.#query(subject, {});
  }

  async #get(subject: string, seq: number): Promise<Item | undefined> {
    const Key = { subject: { S: subject }, seq: { S: seqKey(seq) } };
    const { Item: item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#tableName, Key, ConsistentRead: true }),
    );
    return item;
  }

  async *#query(subject: string, options: Partial<QueryCommandInput>): AsyncGenerator<Item> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await storeCall('ledger', `read the chain of ${subject} (dynamodb:Query)`, () =>
        this.#client.send(
          new QueryCommand({
            TableName: this.#tableName,
            ...OF_SUBJECT,
            ExpressionAttributeValues: { ':subject': { S: subject } },
            ...options,
            ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
          }),
        ),
      );
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }

  async *#scan(options: {
    readonly ProjectionExpression?: string;
    readonly FilterExpression?: string;
    readonly ExpressionAttributeValues?: Item;
  }): AsyncGenerator<Item> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await storeCall('ledger', 'be read as a whole (dynamodb:Scan)', () =>
        this.#client.send(
          new ScanCommand({
            TableName: this.#tableName,
            ConsistentRead: true,
            ...options,
            ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
          }),
        ),
      );
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
}

function intact(item: Item): LedgerEvent {
  const read = readItem(item);
  if (!read.ok) throw chainBroken(read.broken);
  return read.event;
}

/** Reads an item that must come right before `later`, the event read last (newest first). */
function verifiedBefore(item: Item, later: LedgerEvent | undefined): LedgerEvent {
  const event = intact(item);
  if (later === undefined) return event;
  const { subject, id: eventId } = later;
  if (event.seq !== later.seq - 1) {
    const reason = `it is missing; event ${later.seq} has no predecessor`;
    throw chainBroken({ code: 'sequence-gap', subject, seq: later.seq - 1, reason });
  }
  if (event.hash !== later.prevHash) {
    const reason = 'it does not follow from the event before it';
    throw chainBroken({ code: 'link-broken', subject, seq: later.seq, eventId, reason });
  }
  return event;
}

/** The chain ended here although more was asked for: this must be the first event. */
function assertFirst({ subject, seq, prevHash, id: eventId }: LedgerEvent): void {
  if (seq === 1 && prevHash === null) return;
  const reason =
    seq === 1 ? 'it is the first event yet names one before it' : 'the event before it is missing';
  throw chainBroken({ code: seq === 1 ? 'link-broken' : 'sequence-gap', subject, seq, eventId, reason });
}
