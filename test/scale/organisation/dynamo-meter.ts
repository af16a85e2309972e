import type { Item } from '../../world/dynamo/expression.ts';
import { MemoryDynamo } from '../../world/dynamo/memory-dynamo.ts';
import { TABLES } from '../../world/janitor-process.ts';

const WRITE_UNIT = 1024;
const READ_UNIT = 4096;
const SECOND_MS = 1_000;

export interface DynamoUse {
  /** Write request units, those of indexes included. */
  readonly writes: Readonly<Record<string, number>>;
  /** Read request units. */
  readonly reads: number;
  /** Bytes of the items written to the ledger. */
  readonly ledgerBytes: number;
  /** Events written to the ledger in its busiest second, wherever that begins. */
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
  /** When events were written to the ledger, in order. */
  #written: number[] = [];

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
      eventsInBusiestSecond: busiest(this.#written, SECOND_MS),
    };
    this.#writes = {};
    this.#reads = 0;
    this.#ledgerBytes = 0;
    this.#written = [];
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
    this.#written.push(this.#now());
  }
}

/** The most instants within one span of so many milliseconds. */
function busiest(instants: readonly number[], span: number): number {
  let first = 0;
  let most = 0;
  for (const [index, instant] of instants.entries()) {
    while ((instants[first] ?? instant) <= instant - span) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
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
