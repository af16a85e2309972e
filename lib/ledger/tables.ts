import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { BUCKET_INDEX } from './bucket-index.ts';
import { errorName, storeCall } from './store-error.ts';

/** Indexes of the state table; an item is in one only while it has the attribute. */
export const STATE_INDEXES = {
  owner: 'by-owner',
  due: 'by-due',
  name: 'by-name',
  listing: 'by-listing',
} as const;

export interface LedgerTableNames {
  readonly ledger: string;
  readonly state: string;
}

/** Creates both tables where they do not exist yet: local folders and tests. Deployed ones come from the stack. */
export async function createLedgerTables(client: DynamoDBClient, names: LedgerTableNames): Promise<void> {
  await create(client, ledgerTable(names.ledger));
  await create(client, stateTable(names.state));
}

async function create(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  await storeCall('ledger', `create the table ${table.TableName} (dynamodb:CreateTable)`, async () => {
    await client.send(new CreateTableCommand(table)).catch((error: unknown) => {
      if (errorName(error) !== 'ResourceInUseException') throw error;
    });
    await waitUntilTableExists(
      { client, maxWaitTime: 60, minDelay: 0.02, maxDelay: 1 },
      { TableName: table.TableName },
    );
  });
}

function ledgerTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: texts('subject', 'seq', 'bucket', 'at'),
    KeySchema: keys('subject', 'seq'),
    GlobalSecondaryIndexes: [
      {
        IndexName: BUCKET_INDEX,
        KeySchema: keys('bucket', 'at'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  };
}

function stateTable(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: texts('pk', 'sk', 'ownerId', 'dueAt', 'name', 'listing'),
    KeySchema: keys('pk', 'sk'),
    GlobalSecondaryIndexes: [
      {
        IndexName: STATE_INDEXES.owner,
        KeySchema: keys('ownerId', 'sk'),
        Projection: { ProjectionType: 'ALL' },
      },
      { IndexName: STATE_INDEXES.due, KeySchema: keys('pk', 'dueAt'), Projection: { ProjectionType: 'ALL' } },
      {
        IndexName: STATE_INDEXES.name,
        KeySchema: keys('name', 'sk'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: STATE_INDEXES.listing,
        KeySchema: keys('listing', 'sk'),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
}

function texts(...names: readonly string[]) {
  return names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
}

function keys(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}
