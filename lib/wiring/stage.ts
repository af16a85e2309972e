import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { v7 as uuidv7 } from 'uuid';
import { createAwsClients } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';
import { type Instant, toMillis } from '../domain/time.ts';
import {
  EmbeddedAws,
  embeddedDynamo,
  type MessyCompany,
  seedMessyCompany,
  useWhatIsInUse,
} from '../embedded-aws/index.ts';
import { callerIdentity } from '../identity/index.ts';
import { createLedgerTables, FileEvidenceStore } from '../ledger/index.ts';
import { FileDelivery } from '../notify/index.ts';
import { loadPolicy } from '../policy/index.ts';
import type { SweepContext } from '../sweep/index.ts';
import { actorOf } from './account.ts';
import { LEDGER_TABLES, ledgerStores } from './ledger-stores.ts';
import { readingContext } from './reading-context.ts';

const REGION = 'eu-central-1';

/** A company on an embedded AWS with a ledger, all in this process and in one folder. Time passes when told to. */
export interface Stage {
  readonly aws: EmbeddedAws;
  readonly company: MessyCompany;
  readonly outbox: string;
  /** A session of the role that the program itself runs as; it ends after an hour of embedded time. */
  janitorSession(): Promise<AwsCredentialIdentity>;
  /** Sets the clock; what is in use has been used until then. */
  liveUntil(instant: Instant): void;
  /** The access key behind this credential id is used now. */
  useAgain(credentialId: string): void;
  /** Everything a use case needs, for somebody who signs with these credentials, under the policy of a folder. */
  context(credentials: AwsCredentialIdentity, policyDir: string): Promise<SweepContext>;
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
    janitorSession: () => janitorSession(aws, company),
    liveUntil: (instant) => {
      aws.clock.set(instant);
      useWhatIsInUse(aws, company);
    },
    useAgain: (credentialId) => {
      const accessKeyId = credentialId.slice(credentialId.lastIndexOf('/') + 1);
      aws.account(company.accountId).recordUse(accessKeyId, { region: REGION });
    },
    async context(credentials, policyDir) {
      const clients = await createAwsClients({
        region: REGION,
        credentials,
        retryDelays: 'none',
        requestHandler: () => aws.requestHandler(),
      });
      const account = {
        clock,
        clients,
        pause: clients.pause,
        policy: await loadPolicy(policyDir),
        caller: await callerIdentity(clients),
      };
      return {
        ...readingContext(account),
        ...stores,
        evidence,
        actor: await actorOf(account),
        acting: async () => ({ ok: true as const, clients: clients.acting }),
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

async function janitorSession(aws: EmbeddedAws, company: MessyCompany): Promise<AwsCredentialIdentity> {
  const credentials = aws.account(company.accountId).credentials();
  const sts = new STSClient({ region: REGION, credentials, requestHandler: aws.requestHandler() });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: company.janitorRoleArn, RoleSessionName: 'sweep' }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new JanitorError('the embedded AWS gave no session', { code: 'unexpected', source: 'system' });
  }
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
