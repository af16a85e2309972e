import os from 'node:os';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { type AwsClients, createAwsClients, endpointUrl } from '../../aws/index.ts';
import type { Clock } from '../../domain/time.ts';
import { type CallerIdentity, callerIdentity } from '../../identity/index.ts';
import { DynamoDecisionLedger, StateProjection } from '../../ledger/index.ts';
import { S3EvidenceStore } from '../../ledger/s3/index.ts';
import { refuseOtherAccount } from '../account.ts';
import type { AwsFlags } from '../flags.ts';
import { refuseUnknownProfile } from '../profile.ts';
import { systemClock } from '../system-clock.ts';
import { findStack } from './find-stack.ts';
import type { StackOutputs } from './outputs.ts';

/** A deployed hub, seen with the rights of the person who asks: its record to read, its workflow, its function. */
export interface OpenStack {
  readonly name: string;
  readonly outputs: StackOutputs;
  readonly caller: CallerIdentity;
  /** Signs with the caller's credentials; of the Region the command starts from. */
  readonly clients: AwsClients;
  readonly clock: Clock;
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly evidence: S3EvidenceStore;
  readonly workflows: SFNClient;
  close(): Promise<void>;
}

export interface OpenStackFlags extends AwsFlags {
  readonly expectAccount?: string | undefined;
}

/** As for the clients of accounts: milliseconds until a connection, and until a whole answer. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

type Closable = { destroy(): void };

/**
 * Finds a stack and opens what its outputs name, in its own Region. Writes nothing and asks for no more rights than it
 * is used with. Throws `stack-not-found`, `stack-unfit`, `wrong-account`, `profile-unknown` and the `aws-` codes.
 */
export async function openStack(name: string, flags: OpenStackFlags): Promise<OpenStack> {
  const { profile, region } = flags;
  await refuseUnknownProfile(profile, process.env);
  const clients = await createAwsClients({ profile, region });
  const open: Closable[] = [];
  const close = async () => {
    for (const client of open) client.destroy();
    clients.close();
  };
  const watch = <C extends Closable>(client: C): C => {
    open.push(client);
    return client;
  };
  const configuration = (serviceId: string, where: string) =>
    configure(clients, { serviceId, profile, region: where });
  try {
    const caller = await callerIdentity(clients);
    refuseOtherAccount(caller, flags.expectAccount);
    const stacks = watch(new CloudFormationClient(await configuration('CloudFormation', clients.region)));
    const place = { name, region: clients.region, accountId: caller.accountId };
    const outputs = await findStack(stacks, place);
    const { Region: home } = outputs;
    const tables = watch(new DynamoDBClient(await configuration('DynamoDB', home)));
    return {
      name,
      outputs,
      caller,
      clients,
      clock: systemClock,
      ledger: new DynamoDecisionLedger({ client: tables, tableName: outputs.LedgerTable }),
      state: new StateProjection({ client: tables, tableName: outputs.StateTable }),
      evidence: new S3EvidenceStore({
        client: watch(new S3Client(await configuration('S3', home))),
        bucket: outputs.EvidenceBucket,
        spoolFolder: os.tmpdir(),
      }),
      workflows: watch(new SFNClient(await configuration('SFN', home))),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface HubService {
  readonly serviceId: string;
  readonly profile: string | undefined;
  readonly region: string;
}

/** One chain of credentials for all: a profile that assumes a role or signs in is asked once. */
async function configure(clients: AwsClients, { serviceId, profile, region }: HubService) {
  const endpoint = await endpointUrl(serviceId, { profile });
  return {
    region,
    credentials: clients.sts.config.credentials,
    ignoreConfiguredEndpointUrls: true,
    customUserAgent: 'credential-janitor',
    requestHandler: TIMEOUTS,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
