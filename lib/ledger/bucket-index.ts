import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { storeCall } from './store-error.ts';
import type { Item } from './stored-event.ts';

/** Index of the ledger by 15-minute interval: keys only, so that an event is not written (and paid) twice. */
export const BUCKET_INDEX = 'by-bucket';

interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** The whole events of one interval, oldest first: a page of keys from the index, then the items from the table. */
export async function* eventsInBucket(table: Table, bucket: string): AsyncGenerator<Item> {
  for await (const keys of keysInBucket(table, bucket, BATCH)) yield* await itemsOf(table, keys.map(keyOf));
}

/** The chains that have an event in one interval, each once, from the index alone. */
export async function* subjectsInBucket(table: Table, bucket: string): AsyncGenerator<string> {
  const seen = new Set<string>();
  for await (const keys of keysInBucket(table, bucket)) {
    for (const { subject } of keys) {
      if (subject?.S === undefined || seen.has(subject.S)) continue;
      seen.add(subject.S);
      yield subject.S;
    }
  }
}

/** The index, page by page; `limit` of a page, else as much as DynamoDB gives at a time. */
async function* keysInBucket(table: Table, bucket: string, limit?: number): AsyncGenerator<Item[]> {
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await storeCall(
      'ledger',
      `read the interval ${bucket} (dynamodb:Query on ${BUCKET_INDEX})`,
      () =>
        table.client.send(
          new QueryCommand({
            TableName: table.tableName,
            IndexName: BUCKET_INDEX,
            KeyConditionExpression: '#bucket = :bucket',
            ExpressionAttributeNames: { '#bucket': 'bucket' },
            ExpressionAttributeValues: { ':bucket': { S: bucket } },
            ...(limit === undefined ? {} : { Limit: limit }),
            ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
          }),
        ),
    );
    yield page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

/** BatchGetItem takes at most 100 keys. */
const BATCH = 100;

function keyOf({ subject, seq }: Item): Item {
  return { ...(subject === undefined ? {} : { subject }), ...(seq === undefined ? {} : { seq }) };
}

/** The items behind the keys, in the order of the keys; DynamoDB may return them in parts. */
async function itemsOf({ client, tableName }: Table, keys: readonly Item[]): Promise<Item[]> {
  const found = new Map<string, Item>();
  let pending: readonly Item[] = keys;
  while (pending.length > 0) {
    const RequestItems = { [tableName]: { Keys: [...pending], ConsistentRead: true } };
    const answer = await storeCall('ledger', 'read events (dynamodb:BatchGetItem)', () =>
      client.send(new BatchGetItemCommand({ RequestItems })),
    );
    for (const item of answer.Responses?.[tableName] ?? []) found.set(nameOf(item), item);
    pending = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return keys.map((key) => found.get(nameOf(key))).filter((item) => item !== undefined);
}

function nameOf({ subject, seq }: Item): string {
  return `${seq?.S ?? ''} ${subject?.S ?? ''}`;
}
