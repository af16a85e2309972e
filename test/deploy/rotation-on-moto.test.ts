import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CancelRotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAwsClients } from '../../lib/aws/index.ts';
import { DOCUMENT_FIELDS } from '../../lib/domain/rotation-store.ts';
import {
  CredentialRecord,
  createLedgerTables,
  DynamoDecisionLedger,
  StateProjection,
} from '../../lib/ledger/index.ts';
import { ACCOUNT_ID, REGION } from '../contract/target.ts';
import { ROTATION_CONTRACT, type RotationWorld } from '../rotation/contract.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { MemoryDynamo } from '../world/dynamo/memory-dynamo.ts';
import { type MotoServer, startMoto } from './moto-server.ts';

const ADMINISTRATOR = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not-checked-by-moto' };
const TABLES = { ledger: 'ledger', state: 'state' };

const item = z.object({ event: z.object({ S: z.string() }) });
const event = z.object({ type: z.string() });

let moto: MotoServer;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto?.stop());

/** An empty account of moto, and a ledger in memory. */
async function open(): Promise<RotationWorld> {
  await moto.reset();
  const clients = await createAwsClients({
    region: REGION,
    credentials: ADMINISTRATOR,
    endpoint: moto.url,
    retryDelays: 'none',
  });
  const told: string[] = [];
  const dynamo = new MemoryDynamo((table, stored) => {
    if (table === TABLES.ledger) told.push(event.parse(JSON.parse(item.parse(stored).event.S)).type);
  });
  await createLedgerTables(
    directClient((operation, input) => Promise.resolve(dynamo.run(operation, input))),
    TABLES,
  );
  const client = new DynamoDBClient({
    region: REGION,
    credentials: ADMINISTRATOR,
    requestHandler: dynamo.handler(),
    maxAttempts: 1,
  });
  const record = new CredentialRecord({
    ledger: new DynamoDecisionLedger({ client, tableName: TABLES.ledger }),
    state: new StateProjection({ client, tableName: TABLES.state }),
  });
  return {
    clients,
    context: async () => ({
      clock: { now: () => new Date().toISOString() },
      clients,
      pause: async () => {},
      record,
      actor: { kind: 'workload', arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/rotate-access-key/rotation` },
      fields: DOCUMENT_FIELDS,
      stores: {},
    }),
    begin: (secretId, token) => moto.beginRotation({ secretId, region: REGION, token }),
    async disable(SecretId) {
      await clients.secretsManager(REGION).send(new CancelRotateSecretCommand({ SecretId }));
    },
    told: () => told,
    close: async () => clients.close(),
  };
}

describe('the contract of rotation functions on moto', () => {
  it.each(ROTATION_CONTRACT)('$name', async ({ run }) => {
    const world = await open();
    try {
      await run(world);
    } finally {
      await world.close();
    }
  });

  it('is the whole contract', () => {
    expect(ROTATION_CONTRACT.length).toBeGreaterThan(7);
  });
});
