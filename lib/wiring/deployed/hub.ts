import os from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { v7 as uuidv7 } from 'uuid';
import { type AwsClients, createAwsClients, createStsClient } from '../../aws/index.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/time.ts';
import { callerIdentity } from '../../identity/index.ts';
import {
  CredentialRecord,
  DynamoDecisionLedger,
  S3EvidenceStore,
  StateProjection,
} from '../../ledger/index.ts';
import { systemClock } from '../system-clock.ts';
import type { Environment } from './environment.ts';

/** By itself the SDK would write to the console for every object that is there already; errors tell what matters. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * One client for all tables and one for all buckets: each has connections of its own, which are slow to open. Pure: a
 * function without buckets is bundled without their client.
 */
const tables = /* @__PURE__ */ ofRegion((region) => new DynamoDBClient({ region }));
const buckets = /* @__PURE__ */ ofRegion((region) => new S3Client({ region, logger: SILENT }));

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

/** A bucket as a store of objects that are written once; large ones pass through the function's own disk. */
export function openBucket(region: string, bucket: string): S3EvidenceStore {
  return new S3EvidenceStore({ client: buckets(region), bucket, spoolFolder: os.tmpdir() });
}

function ofRegion<T>(open: (region: string) => T): (region: string) => T {
  const opened = new Map<string, T>();
  return (region) => {
    const client = opened.get(region) ?? open(region);
    opened.set(region, client);
    return client;
  };
}
