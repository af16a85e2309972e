import type { Item } from '../../world/dynamo/expression.ts';
import { MemoryDynamo } from '../../world/dynamo/memory-dynamo.ts';
import { TABLES } from '../../world/janitor-process.ts';

const WRITE_UNIT = 1024;
const READ_UNIT = 4096;

export interface DynamoUse {
  /** Write request units, those of indexes included. */
  readonly writes: Readonly<Record<string, number>>;
  /** Read request units. */
  readonly reads: number;
  /** Bytes of the items written to the ledger. */
  readonly ledgerBytes: number;
  /** Events written to the ledger in its busiest second. */
  readonly eventsInBusiestSecond: number;
}

/** Indexes with whole items of each table, by the attribute that puts an item into them; others hold keys only. */
const WHOLE_INDEXES: Readonly<Record<string, readonly string[]>> = {
  [TABLES.ledger]: [],
  [TABLES.state]: ['ownerId', 'dueAt'],
};
const KEY_INDEXES: Readonly<Record<string, readonly string[]>> = {
  [TABLES.ledger]: ['bucket'],
  [TABLES.state]: ['name'],
};

/** DynamoDB in memory that counts what DynamoDB would bill on demand. */
export class DynamoMeter {
  readonly dynamo: MemoryDynamo;
  readonly #now: () => number;
  #writes: Record<string, number> = {};
  #reads = 0;
  #ledgerBytes = 0;
  #perSecond = new Map<number, number>();

  constructor(now: () => number) {
    this.#now = now;
    this.dynamo = new MemoryDynamo((table, item) => this.#wrote(table, item));
  }

  run(operation: string, input: unknown): Readonly<Record<string, unknown>> {
    const answer = this.dynamo.run(operation, input);
    if (operation !== 'PutItem') this.#reads += readUnits(operation, input, answer);
    return answer;
  }

  /** Since the last time this was asked. */
  take(): DynamoUse {
    const use = {
      writes: this.#writes,
      reads: this.#reads,
      ledgerBytes: this.#ledgerBytes,
      eventsInBusiestSecond: Math.max(0, ...this.#perSecond.values()),
    };
    this.#writes = {};
    this.#reads = 0;
    this.#ledgerBytes = 0;
    this.#perSecond = new Map();
    return use;
  }

  #wrote(table: string, item: Item): void {
    const bytes = bytesOf(item);
    const units = Math.ceil(bytes / WRITE_UNIT);
    const whole = (WHOLE_INDEXES[table] ?? []).filter((name) => item[name] !== undefined).length;
    const keys = (KEY_INDEXES[table] ?? []).filter((name) => item[name] !== undefined).length;
    this.#writes[table] = (this.#writes[table] ?? 0) + units * (1 + whole) + keys;
    if (table !== TABLES.ledger) return;
    this.#ledgerBytes += bytes;
    const second = Math.floor(this.#now() / 1000);
    this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + 1);
  }
}

function readUnits(operation: string, input: unknown, answer: Readonly<Record<string, unknown>>): number {
  const share = isConsistent(operation, input) ? 1 : 0.5;
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  return share * Math.max(1, Math.ceil(bytes / READ_UNIT));
}

function isConsistent(operation: string, input: unknown): boolean {
  if (operation === 'BatchGetItem') return true;
  return (
    typeof input === 'object' && input !== null && 'ConsistentRead' in input && input.ConsistentRead === true
  );
}

/** As DynamoDB counts: names and values. */
function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + valueBytes(value), 0);
}

function valueBytes(value: object): number {
  return Buffer.byteLength(
    Object.values(value)
      .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
      .join(''),
  );
}
