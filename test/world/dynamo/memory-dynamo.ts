import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { type Attribute, holds, type Item, nameOf, type Substitutes } from './expression.ts';
import { type Index, MemoryTable, text } from './memory-table.ts';
import { isOperation, type Request, requestSchemas } from './requests.ts';

/** An error as DynamoDB answers it; its name is the one the SDK gives it. */
export class DynamoRefusal extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type Answer = Readonly<Record<string, unknown>>;

/** Told of every item that was written, in the order of writing. */
export type OnWrite = (tableName: string, item: Item) => void;

/**
 * DynamoDB in memory, behind the SDK's wire protocol: the operations and expressions of lib/ledger and no others.
 * test/world/memory-dynamo.test.ts holds it against dynalite. Known difference: pages end at `Limit` only, never
 * at one megabyte.
 */
export class MemoryDynamo {
  readonly #tables = new Map<string, MemoryTable>();
  readonly #onWrite: OnWrite;

  constructor(onWrite: OnWrite = () => {}) {
    this.#onWrite = onWrite;
  }

  handler(): HttpHandler {
    return {
      metadata: { handlerProtocol: 'memory' },
      destroy() {},
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
      handle: async (request: HttpRequest) => ({ response: this.#answer(request) }),
    };
  }

  /** For tests that tamper: the items of a table as they are stored. */
  table(name: string): MemoryTable {
    const table = this.#tables.get(name);
    if (table === undefined)
      throw new DynamoRefusal('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  /** Another one with the same tables as they are now, which tells `onWrite` of what is written to it. */
  copy(onWrite: OnWrite): MemoryDynamo {
    const copied = new MemoryDynamo(onWrite);
    for (const [name, table] of this.#tables) copied.#tables.set(name, table.copy());
    return copied;
  }

  /** Drops a table, as losing it would. */
  drop(name: string): void {
    this.#tables.delete(name);
  }

  #answer(request: HttpRequest): HttpResponse {
    const operation = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
    try {
      return json(200, this.run(operation, JSON.parse(new TextDecoder().decode(request.body))));
    } catch (error) {
      if (!(error instanceof DynamoRefusal)) throw error;
      const __type = `com.amazonaws.dynamodb.v20120810#${error.name}`;
      return json(400, { __type, message: error.message });
    }
  }

  /** One operation; throws DynamoRefusal. */
  run(operation: string, body: unknown): Answer {
    if (!isOperation(operation)) throw new DynamoRefusal('UnknownOperationException', operation);
    switch (operation) {
      case 'CreateTable':
        return this.#createTable(requestSchemas.CreateTable.parse(body));
      case 'DescribeTable':
        return this.#describeTable(requestSchemas.DescribeTable.parse(body));
      case 'PutItem':
        return this.#putItem(requestSchemas.PutItem.parse(body));
      case 'DeleteItem':
        return this.#deleteItem(requestSchemas.DeleteItem.parse(body));
      case 'GetItem':
        return this.#getItem(requestSchemas.GetItem.parse(body));
      case 'BatchGetItem':
        return this.#batchGetItem(requestSchemas.BatchGetItem.parse(body));
      case 'Query':
        return this.#query(requestSchemas.Query.parse(body));
      case 'Scan':
        return this.#scan(requestSchemas.Scan.parse(body));
    }
  }

  #createTable(input: Request<'CreateTable'>): Answer {
    const { TableName, KeySchema, GlobalSecondaryIndexes } = input;
    if (this.#tables.has(TableName)) throw new DynamoRefusal('ResourceInUseException', 'Table exists');
    const indexes = GlobalSecondaryIndexes.map(
      ({ IndexName, KeySchema: keys, Projection }): [string, Index] => [
        IndexName,
        { keys: keysOf(keys), keysOnly: Projection.ProjectionType === 'KEYS_ONLY' },
      ],
    );
    this.#tables.set(TableName, new MemoryTable(keysOf(KeySchema), new Map(indexes)));
    return { TableDescription: { TableName, TableStatus: 'ACTIVE' } };
  }

  #describeTable({ TableName }: Request<'DescribeTable'>): Answer {
    this.table(TableName);
    return { Table: { TableName, TableStatus: 'ACTIVE' } };
  }

  #putItem(input: Request<'PutItem'>): Answer {
    const table = this.table(input.TableName);
    this.#check(input.ConditionExpression, table.get(input.Item), input);
    table.put(input.Item);
    this.#onWrite(input.TableName, input.Item);
    return {};
  }

  #deleteItem(input: Request<'DeleteItem'>): Answer {
    const table = this.table(input.TableName);
    this.#check(input.ConditionExpression, table.get(input.Key), input);
    table.delete(input.Key);
    return {};
  }

  #check(condition: string | undefined, item: Item | undefined, input: Expressive): void {
    if (condition === undefined || holds(condition, item, substitutesOf(input))) return;
    throw new DynamoRefusal('ConditionalCheckFailedException', 'The conditional request failed');
  }

  #getItem({ TableName, Key }: Request<'GetItem'>): Answer {
    const item = this.table(TableName).get(Key);
    return item === undefined ? {} : { Item: item };
  }

  #batchGetItem({ RequestItems }: Request<'BatchGetItem'>): Answer {
    const found = Object.entries(RequestItems).map(([name, { Keys }]) => [
      name,
      Keys.map((key) => this.table(name).get(key)).filter((item) => item !== undefined),
    ]);
    return { Responses: Object.fromEntries(found), UnprocessedKeys: {} };
  }

  #query(input: Request<'Query'>): Answer {
    const table = this.table(input.TableName);
    const index = input.IndexName === undefined ? undefined : table.indexes.get(input.IndexName);
    if (input.IndexName !== undefined && (index === undefined || input.ConsistentRead === true)) {
      throw new DynamoRefusal('ValidationException', 'The index does not exist or cannot be read so');
    }
    const substitutes = substitutesOf(input);
    const hash = hashValue(input.KeyConditionExpression, (index ?? table).keys.hash, substitutes);
    const candidates =
      index === undefined ? table.partition('S' in hash ? hash.S : '') : table.indexPartition(index, hash);
    const found = candidates.filter((item) => holds(input.KeyConditionExpression, item, substitutes));
    if (input.ScanIndexForward === false) found.reverse();
    return page(table, index, found, input);
  }

  #scan(input: Request<'Scan'>): Answer {
    const table = this.table(input.TableName);
    const { Items, LastEvaluatedKey } = page(table, undefined, table.all(), input);
    const filter = input.FilterExpression;
    const substitutes = substitutesOf(input);
    const kept = filter === undefined ? Items : Items.filter((item) => holds(filter, item, substitutes));
    const shown = input.ProjectionExpression?.split(',').map((name) =>
      nameOf(name.trim(), substitutes.names),
    );
    const found =
      shown === undefined
        ? kept
        : kept.map((item) =>
            Object.fromEntries(Object.entries(item).filter(([name]) => shown.includes(name))),
          );
    const next = LastEvaluatedKey === undefined ? {} : { LastEvaluatedKey };
    return { Items: found, Count: found.length, ScannedCount: Items.length, ...next };
  }
}

interface Expressive {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

function substitutesOf(input: Expressive): Substitutes {
  return { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} };
}

function keysOf(schema: readonly { AttributeName: string; KeyType: string }[]) {
  const [hash, range] = schema.map((key) => key.AttributeName);
  return { hash: hash ?? '', range: range ?? '' };
}

/** The value a key condition asks of the partition key. */
function hashValue(condition: string, hash: string, { names, values }: Substitutes): Attribute {
  for (const clause of condition.split(/\s+AND\s+/)) {
    const [, name, value] = /^([\w#]+)\s*=\s*(:\w+)$/.exec(clause.trim()) ?? [];
    const wanted = value === undefined ? undefined : values[value];
    if (name !== undefined && nameOf(name, names) === hash && wanted !== undefined) return wanted;
  }
  throw new DynamoRefusal('ValidationException', `Query condition missed key schema element: ${hash}`);
}

/** At most `Limit` items behind the start key. As in DynamoDB, a full page has a next key even when nothing follows. */
function page(
  table: MemoryTable,
  index: Index | undefined,
  items: Item[],
  {
    Limit,
    ExclusiveStartKey,
  }: { readonly Limit?: number | undefined; readonly ExclusiveStartKey?: Item | undefined },
): { Items: Item[]; Count: number; ScannedCount: number; LastEvaluatedKey?: Item } {
  const names = [...new Set([...Object.values(table.keys), ...Object.values(index?.keys ?? {})])];
  const isStart = (item: Item) =>
    ExclusiveStartKey !== undefined &&
    names.every((name) => text(item, name) === text(ExclusiveStartKey, name));
  const from = ExclusiveStartKey === undefined ? 0 : items.findIndex(isStart) + 1;
  const found = items.slice(from, Limit === undefined ? undefined : from + Limit);
  const last = Limit !== undefined && found.length === Limit ? found.at(-1) : undefined;
  const next =
    last === undefined
      ? {}
      : {
          LastEvaluatedKey: Object.fromEntries(Object.entries(last).filter(([name]) => names.includes(name))),
        };
  return { Items: found, Count: found.length, ScannedCount: found.length, ...next };
}

function json(statusCode: number, body: Answer): HttpResponse {
  return new HttpResponse({
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  });
}
