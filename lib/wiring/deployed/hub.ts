import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { STSClient } from '@aws-sdk/client-sts';
import { v7 as uuidv7 } from 'uuid';
import { type AwsClients, createAwsClients, createStsClient } from '../../aws/index.ts';
import type { Actor } from '../../domain/actor.ts';
import { lazily } from '../../domain/lazily.ts';
import type { Clock } from '../../domain/time.ts';
import { callerIdentity } from '../../identity/index.ts';
import {
  CredentialRecord,
  DynamoDecisionLedger,
  type EvidenceStore,
  StateProjection,
} from '../../ledger/index.ts';
import { systemClock } from '../system-clock.ts';
import type { Environment } from './environment.ts';
import { ofRegion } from './of-region.ts';

/** One client for all tables: each has connections of its own, which are slow to open. */
const tables = /* @__PURE__ */ ofRegion((region) => new DynamoDBClient({ region }));

/** What every deployed function has: the ledger, a clock, and its own identity. */
interface OwnLedger {
  readonly clock: Clock;
  readonly partition: string;
  readonly ledger: DynamoDecisionLedger;
  /** This function's role, as STS says. */
  readonly actor: Actor;
  readonly newId: () => string;
}

/** What functions have that enter accounts. */
export interface Hub extends OwnLedger {
  /** Of the hub's account, as this function's role. */
  readonly clients: AwsClients;
}

type HubVariables = Pick<Environment, 'HOME_REGION' | 'LEDGER_TABLE'>;

/** Opened once per process and kept for all its calls. */
export async function openHub(variables: HubVariables): Promise<Hub> {
  const clients = await createAwsClients({ region: variables.HOME_REGION });
  return { ...(await ownLedger(clients.sts, variables)), clients };
}

/** The ledger alone, for functions that enter no account: they are bundled without the clients of accounts. */
export async function openOwnLedger(variables: HubVariables): Promise<OwnLedger> {
  return ownLedger(await createStsClient({ region: variables.HOME_REGION }), variables);
}

async function ownLedger(
  sts: STSClient,
  { HOME_REGION: region, LEDGER_TABLE: tableName }: HubVariables,
): Promise<OwnLedger> {
  const { arn, partition } = await callerIdentity({ sts });
  return {
    clock: systemClock,
    partition,
    ledger: new DynamoDecisionLedger({ client: tables(region), tableName }),
    actor: { kind: 'workload', arn },
    newId: () => uuidv7(),
  };
}

/** The projection of the ledger, and the record that writes both. */
export function openRecord(
  hub: Pick<OwnLedger, 'ledger'>,
  { HOME_REGION: region, STATE_TABLE: tableName }: Pick<Environment, 'HOME_REGION' | 'STATE_TABLE'>,
) {
  const state = new StateProjection({ client: tables(region), tableName });
  return { state, record: new CredentialRecord({ ledger: hub.ledger, state }) };
}

/** For functions that are sure to need a bucket: loads what speaks to S3 while others answer. Failing shows at the first use. */
export function expectBuckets(): void {
  import('./buckets.ts').catch(() => undefined);
}

/** A bucket as a store of objects that are written once. What speaks to S3 is loaded when it is first asked for one. */
export function openBucket(region: string, bucket: string): EvidenceStore {
  const store = lazily(async () => (await import('./buckets.ts')).bucketStore(region, bucket));
  return {
    put: async (key, body) => (await store()).put(key, body),
    get: async (key) => (await store()).get(key),
    async *list(prefix) {
      yield* (await store()).list(prefix);
    },
  };
}
