import { DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { HttpHandler } from '@smithy/core/protocols';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedDynamo, embeddedDynamo } from '../../lib/embedded-aws/index.ts';
import { createLedgerTables } from '../../lib/ledger/tables.ts';
import { directClient } from './dynamo/direct-client.ts';
import {
  type LedgerRequest,
  ledgerRequest,
  send,
  sorted,
  sortedKeys,
  TABLES,
} from './dynamo/ledger-requests.ts';
import { MemoryDynamo } from './dynamo/memory-dynamo.ts';

/** What a caller can tell of an answer: its items and keys, or the name of the error. */
async function seen(client: DynamoDBClient, asked: LedgerRequest): Promise<unknown> {
  try {
    const answer = await send(client, asked);
    if (asked.kind === 'batch') return sorted(responsesOf(answer));
    if (Array.isArray(answer)) return JSON.stringify(answer, sortedKeys);
    return JSON.stringify(answer, (key, value) => (key === '$metadata' ? undefined : sortedKeys(key, value)));
  } catch (error) {
    return error instanceof Error ? error.name : 'thrown';
  }
}

function responsesOf(answer: unknown): unknown[] {
  if (typeof answer !== 'object' || answer === null || !('Responses' in answer)) return [];
  return Object.values(answer.Responses ?? {}).flat();
}

function clientOf(requestHandler: HttpHandler): DynamoDBClient {
  const credentials = { accessKeyId: 'AKIAEXAMPLEEXAMPLE00', secretAccessKey: 'example' };
  return new DynamoDBClient({ region: 'eu-central-1', credentials, requestHandler, maxAttempts: 1 });
}

describe('the DynamoDB in memory of the simulated world', () => {
  let dynalite: EmbeddedDynamo;
  beforeAll(async () => {
    dynalite = await embeddedDynamo();
  });
  afterAll(() => dynalite.close());

  test('answers as dynalite does whatever the ledger asks', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(ledgerRequest, { minLength: 5, maxLength: 40 }), async (requests) => {
        run += 1;
        const memory = clientOf(new MemoryDynamo().handler());
        const real = clientOf(dynalite.requestHandler);
        await createLedgerTables(memory, TABLES);
        await emptyTables(real, run);
        const through = new MemoryDynamo();
        const direct = directClient(async (operation, input) => through.run(operation, input));
        await createLedgerTables(direct, TABLES);
        for (const asked of requests) {
          const answer = await seen(real, asked);
          expect(await seen(memory, asked)).toEqual(answer);
          expect(await seen(direct, asked)).toEqual(answer);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('names a lost table as DynamoDB does', async () => {
    const dynamo = new MemoryDynamo();
    const client = clientOf(dynamo.handler());
    await createLedgerTables(client, TABLES);
    dynamo.drop(TABLES.ledger);
    await expect(send(client, { kind: 'get', subject: 1, seq: 1 })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

/** dynalite's tables are made once and emptied for each run. */
async function emptyTables(client: DynamoDBClient, run: number): Promise<void> {
  if (run === 1) return createLedgerTables(client, TABLES);
  for (const [TableName, keys] of [
    [TABLES.ledger, ['subject', 'seq']],
    [TABLES.state, ['pk', 'sk']],
  ] as const) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    for (const item of Items) {
      const Key = Object.fromEntries(
        Object.entries(item).filter(([name]) => keys.some((key) => key === name)),
      );
      await client.send(new DeleteItemCommand({ TableName, Key }));
    }
  }
}
