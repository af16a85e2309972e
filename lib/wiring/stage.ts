import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { v7 as uuidv7 } from 'uuid';
import { createAwsClients } from '../aws/index.ts';
import { toMillis } from '../domain/time.ts';
import { EmbeddedAws, type EmbeddedCredentials, embeddedDynamo } from '../embedded-aws/index.ts';
import { type MessyCompany, seedMessyCompany } from '../embedded-aws/scenarios/messy-company.ts';
import { callerIdentity } from '../identity/index.ts';
import { createLedgerTables, FileEvidenceStore } from '../ledger/index.ts';
import { FileDelivery } from '../notify/index.ts';
import { loadPolicy } from '../policy/index.ts';
import type { SweepContext } from '../sweep/index.ts';
import { actorOf } from './account.ts';
import { LEDGER_TABLES, ledgerStores } from './ledger-stores.ts';
import { readingContext } from './open-reading.ts';

/** A company on an embedded AWS with a ledger, all in this process and in one folder. Time passes when told to. */
export interface Stage {
  readonly aws: EmbeddedAws;
  readonly company: MessyCompany;
  readonly outbox: string;
  /** Everything a use case needs, for somebody who signs with these credentials, under the policy of a folder. */
  context(credentials: EmbeddedCredentials, policyDir: string): Promise<SweepContext>;
  close(): Promise<void>;
}

export async function openStage(folder: string, start: string): Promise<Stage> {
  const aws = new EmbeddedAws({ now: start });
  const company = seedMessyCompany(aws);
  const clock = { now: () => aws.clock.now().toISOString() };
  const dynamo = await embeddedDynamo();
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: dynamo.requestHandler,
  });
  await createLedgerTables(client, LEDGER_TABLES);
  const outbox = path.join(folder, 'outbox');
  const delivery = new FileDelivery({ folder: outbox, clock });
  const stores = ledgerStores(client);
  const evidence = new FileEvidenceStore(path.join(folder, 'evidence'));
  return {
    aws,
    company,
    outbox,
    async context(credentials, policyDir) {
      const clients = await createAwsClients({
        region: 'eu-central-1',
        credentials,
        retryDelays: 'none',
        requestHandler: () => aws.requestHandler(),
      });
      const account = {
        clock,
        clients,
        policy: await loadPolicy(policyDir),
        caller: await callerIdentity(clients),
      };
      return {
        ...readingContext(account),
        ...stores,
        evidence,
        actor: await actorOf(account),
        acting: clients.acting,
        delivery,
        bounces: () => delivery.bounces(),
        holder: 'demo',
        newId: () => uuidv7({ msecs: toMillis(clock.now()) }),
      };
    },
    async close() {
      client.destroy();
      await dynamo.close();
    },
  };
}
