import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { isConditionFailed, storeCall } from './store-error.ts';
import type { Item } from './stored-event.ts';

/** A row is written only when it is new, or further along its chain than the one there. */
const IS_NEW = 'attribute_not_exists(pk)';
const IS_NEWER = 'seq < :seq';

/** Whether a conditional write found its condition true. */
export interface Written {
  readonly written: boolean;
}

/** The table of projections: rows under `pk` and `sk`, each with the sequence and hash of the head it was made from. */
export class StateTable {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor({ client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string }) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** One row, strongly read. */
  async get(pk: string, sk: string): Promise<Item | undefined> {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const { Item: item } = await storeCall('state', `read ${sk} (dynamodb:GetItem)`, () =>
      this.#client.send(new GetItemCommand({ TableName: this.#tableName, Key, ConsistentRead: true })),
    );
    return item;
  }

  /** Writes a row unless the one there is as new or newer. */
  putNewer(item: Item): Promise<Written> {
    return this.#conditional('project an event (dynamodb:PutItem)', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: item,
          ConditionExpression: `${IS_NEW} OR ${IS_NEWER}`,
          ExpressionAttributeValues: { ':seq': item.seq ?? { N: '0' } },
        }),
      ),
    );
  }

  /** Puts `item` over exactly the row `seen` (undefined: none); for rebuild only. */
  replace(item: Item, seen: Item | undefined): Promise<Written> {
    return this.#conditional('replace a row (dynamodb:PutItem)', () =>
      this.#client.send(new PutItemCommand({ TableName: this.#tableName, Item: item, ...unchanged(seen) })),
    );
  }

  /** Removes exactly the row `seen`; for rebuild only. */
  remove(seen: Item): Promise<Written> {
    const { pk, sk } = seen;
    const Key = { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } };
    return this.#conditional('remove a row (dynamodb:DeleteItem)', () =>
      this.#client.send(new DeleteItemCommand({ TableName: this.#tableName, Key, ...unchanged(seen) })),
    );
  }

  /** The rows of a partition, of the table (strongly read) or of an index, page by page. */
  async *query(query: Partial<QueryCommandInput>): AsyncGenerator<Item> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const next = ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey };
      const page = await storeCall('state', 'be read (dynamodb:Query)', () =>
        this.#client.send(new QueryCommand({ TableName: this.#tableName, ...query, ...next })),
      );
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }

  /** Every row as it is stored; for verify, rebuild and export only. */
  async *scan(): AsyncGenerator<Item> {
    const input = { TableName: this.#tableName, ConsistentRead: true };
    let ExclusiveStartKey: Item | undefined;
    do {
      const next = ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey };
      const page = await storeCall('state', 'be read as a whole (dynamodb:Scan)', () =>
        this.#client.send(new ScanCommand({ ...input, ...next })),
      );
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }

  #conditional(doing: string, write: () => Promise<unknown>): Promise<Written> {
    return storeCall('state', doing, async () => {
      try {
        await write();
        return { written: true };
      } catch (error) {
        if (isConditionFailed(error)) return { written: false };
        throw error;
      }
    });
  }
}

/** The row is still the one that was seen. */
function unchanged(seen: Item | undefined) {
  if (seen === undefined) return { ConditionExpression: IS_NEW };
  const { seq, hash } = seen;
  return {
    ConditionExpression: 'seq = :seq AND #hash = :hash',
    ExpressionAttributeNames: { '#hash': 'hash' },
    ExpressionAttributeValues: { ':seq': seq ?? { N: '0' }, ':hash': hash ?? { S: '' } },
  };
}
