import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

/** What the ledger and the state projection send, with arguments small enough to collide. */
export type LedgerRequest =
  | { readonly kind: 'append'; readonly subject: number; readonly seq: number; readonly bucket: number }
  | {
      readonly kind: 'project';
      readonly pk: number;
      readonly sk: number;
      readonly seq: number;
      readonly due?: number;
    }
  | { readonly kind: 'replace' | 'remove'; readonly pk: number; readonly sk: number; readonly seq: number }
  | { readonly kind: 'get'; readonly subject: number; readonly seq: number }
  | { readonly kind: 'batch'; readonly subject: number; readonly seqs: readonly number[] }
  | { readonly kind: 'chain' | 'newest'; readonly subject: number; readonly limit: number }
  | { readonly kind: 'bucket'; readonly bucket: number }
  | { readonly kind: 'due'; readonly pk: number; readonly until: number }
  | { readonly kind: 'named' | 'partition'; readonly pk: number }
  | { readonly kind: 'subjects' | 'all' };

const few = fc.integer({ min: 1, max: 3 });
const seq = fc.integer({ min: 1, max: 6 });
export const ledgerRequest: fc.Arbitrary<LedgerRequest> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('append' as const), subject: few, seq, bucket: few }),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      { kind: fc.constant('project' as const), pk: few, sk: few, seq, due: few },
      { requiredKeys: ['kind', 'pk', 'sk', 'seq'] },
    ),
  },
  fc.record({ kind: fc.constantFrom('replace' as const, 'remove' as const), pk: few, sk: few, seq }),
  fc.record({ kind: fc.constant('get' as const), subject: few, seq }),
  fc.record({
    kind: fc.constant('batch' as const),
    subject: few,
    seqs: fc.uniqueArray(seq, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constantFrom('chain' as const, 'newest' as const), subject: few, limit: few }),
  fc.record({ kind: fc.constant('bucket' as const), bucket: few }),
  fc.record({ kind: fc.constant('due' as const), pk: few, until: few }),
  fc.record({ kind: fc.constantFrom('named' as const, 'partition' as const), pk: few }),
  fc.record({ kind: fc.constantFrom('subjects' as const, 'all' as const) }),
);

export const TABLES = { ledger: 'ledger', state: 'state' };
const seqKey = (value: number) => String(value).padStart(12, '0');
const ledgerKey = (subject: number, value: number) => ({
  subject: { S: `credential#${subject}` },
  seq: { S: seqKey(value) },
});
const stateKey = (pk: number, sk: number) => ({ pk: { S: `account#${pk}` }, sk: { S: `credential#${sk}` } });
const hashOf = (value: number) => ({ S: `hash-${value}` });

export function send(client: DynamoDBClient, asked: LedgerRequest): Promise<unknown> {
  switch (asked.kind) {
    case 'append': {
      const Item = {
        ...ledgerKey(asked.subject, asked.seq),
        bucket: { S: `b${asked.bucket}` },
        at: hashOf(asked.seq),
      };
      const ConditionExpression = 'attribute_not_exists(subject)';
      return client.send(new PutItemCommand({ TableName: TABLES.ledger, Item, ConditionExpression }));
    }
    case 'project': {
      const due = asked.due === undefined ? {} : { dueAt: { S: `d${asked.due}` } };
      const row = {
        seq: { N: String(asked.seq) },
        hash: hashOf(asked.seq),
        name: { S: `n${asked.pk}` },
        ...due,
      };
      return client.send(
        new PutItemCommand({
          TableName: TABLES.state,
          Item: { ...stateKey(asked.pk, asked.sk), ...row },
          ConditionExpression: 'attribute_not_exists(pk) OR seq < :seq',
          ExpressionAttributeValues: { ':seq': { N: String(asked.seq) } },
        }),
      );
    }
    case 'replace':
    case 'remove':
      return replaceOrRemove(client, asked);
    case 'get': {
      const Key = ledgerKey(asked.subject, asked.seq);
      return client.send(new GetItemCommand({ TableName: TABLES.ledger, Key, ConsistentRead: true }));
    }
    case 'batch': {
      const Keys = asked.seqs.map((value) => ledgerKey(asked.subject, value));
      const RequestItems = { [TABLES.ledger]: { Keys, ConsistentRead: true } };
      return client.send(new BatchGetItemCommand({ RequestItems }));
    }
    default:
      return list(client, asked);
  }
}

function replaceOrRemove(
  client: DynamoDBClient,
  { kind, pk, sk, seq: value }: { kind: 'replace' | 'remove'; pk: number; sk: number; seq: number },
) {
  const unchanged = {
    TableName: TABLES.state,
    ConditionExpression: 'seq = :seq AND #hash = :hash',
    ExpressionAttributeNames: { '#hash': 'hash' },
    ExpressionAttributeValues: { ':seq': { N: String(value) }, ':hash': hashOf(value) },
  };
  const Key = stateKey(pk, sk);
  if (kind === 'remove') return client.send(new DeleteItemCommand({ ...unchanged, Key }));
  const Item = { ...Key, seq: { N: String(value + 1) }, hash: hashOf(value + 1), name: { S: 'replaced' } };
  return client.send(new PutItemCommand({ ...unchanged, Item }));
}

type Listing = Extract<
  LedgerRequest,
  { kind: 'chain' | 'newest' | 'bucket' | 'due' | 'named' | 'partition' | 'subjects' | 'all' }
>;

function list(client: DynamoDBClient, asked: Listing): Promise<unknown> {
  switch (asked.kind) {
    case 'chain':
    case 'newest':
      return pages(asked.kind === 'chain' ? undefined : asked.limit, (Limit, start) =>
        client.send(
          new QueryCommand({
            TableName: TABLES.ledger,
            KeyConditionExpression: 'subject = :subject',
            ExpressionAttributeValues: { ':subject': { S: `credential#${asked.subject}` } },
            ConsistentRead: true,
            ...(asked.kind === 'newest' ? { ScanIndexForward: false } : {}),
            ...(Limit === undefined ? {} : { Limit }),
            ...start,
          }),
        ),
      );
    case 'bucket':
      return index(
        client,
        TABLES.ledger,
        'by-bucket',
        '#key = :key',
        { '#key': 'bucket' },
        { ':key': { S: `b${asked.bucket}` } },
      );
    case 'due':
      return index(
        client,
        TABLES.state,
        'by-due',
        '#key = :key AND dueAt <= :until',
        { '#key': 'pk' },
        { ':key': { S: `account#${asked.pk}` }, ':until': { S: `d${asked.until}` } },
      );
    case 'named':
      return index(
        client,
        TABLES.state,
        'by-name',
        '#key = :key',
        { '#key': 'name' },
        { ':key': { S: `n${asked.pk}` } },
      );
    case 'partition':
      return pages(undefined, (_limit, start) =>
        client.send(
          new QueryCommand({
            TableName: TABLES.state,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: `account#${asked.pk}` } },
            ConsistentRead: true,
            ...start,
          }),
        ),
      );
    case 'subjects':
      return pages(undefined, (_limit, start) =>
        client.send(
          new ScanCommand({
            TableName: TABLES.ledger,
            ConsistentRead: true,
            ProjectionExpression: 'subject',
            FilterExpression: 'seq = :first',
            ExpressionAttributeValues: { ':first': { S: seqKey(1) } },
            ...start,
          }),
        ),
      ).then(sorted);
    case 'all':
      return pages(undefined, (_limit, start) =>
        client.send(new ScanCommand({ TableName: TABLES.state, ConsistentRead: true, ...start })),
      ).then(sorted);
  }
}

type Values = Record<string, { S: string }>;

/** Items with the same sort key of an index come in no promised order. */
function index(
  client: DynamoDBClient,
  TableName: string,
  IndexName: string,
  condition: string,
  names: Record<string, string>,
  values: Values,
) {
  return pages(undefined, (_limit, start) =>
    client.send(
      new QueryCommand({
        TableName,
        IndexName,
        KeyConditionExpression: condition,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
        ...start,
      }),
    ),
  ).then(sorted);
}

interface Page {
  readonly Items?: Record<string, AttributeValue>[] | undefined;
  readonly LastEvaluatedKey?: Record<string, AttributeValue> | undefined;
}

async function pages(
  limit: number | undefined,
  read: (
    limit: number | undefined,
    start: { ExclusiveStartKey?: Record<string, AttributeValue> },
  ) => Promise<Page>,
): Promise<unknown[]> {
  const items: unknown[] = [];
  let key: Record<string, AttributeValue> | undefined;
  do {
    const page = await read(limit, key === undefined ? {} : { ExclusiveStartKey: key });
    items.push(...(page.Items ?? []));
    key = page.LastEvaluatedKey;
  } while (key !== undefined);
  return items;
}
export function sorted(items: unknown[]): string[] {
  return items.map((item) => JSON.stringify(item, sortedKeys)).sort();
}

/** Attributes have no order. */
export function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
