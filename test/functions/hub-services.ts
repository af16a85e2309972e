import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AttachRolePolicyCommand, CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { assumedRole } from '../../lib/aws/index.ts';
import { BREAK_GLASS_PATH } from '../../lib/domain/break-glass-documents.ts';
import { ENDED_POLICY, endedPolicyArn, endedPolicyText } from '../../lib/domain/break-glass-names.ts';
import { EmbeddedAws, type EmbeddedDynamo, embeddedDynamo } from '../../lib/embedded-aws/index.ts';
import { createProofTable } from '../../lib/identity/index.ts';
import {
  deployedNames,
  FUNCTION_NAMES,
  type FunctionName,
  MEMBER_ROLE_PATH,
} from '../../lib/infrastructure/names.ts';
import { createLedgerTables, DynamoDecisionLedger } from '../../lib/ledger/index.ts';
import type { Deployment } from './deployment.ts';
import { FakeEventBus } from './fakes/event-bus.ts';
import { FakeOrganizations } from './fakes/organizations.ts';
import { FakeS3 } from './fakes/s3.ts';
import { FakeScheduler } from './fakes/scheduler.ts';
import { FakeSes } from './fakes/ses.ts';
import { FakeSns } from './fakes/sns.ts';
import { sts } from './lambda-runtime.ts';
import { LoopbackCloud } from './loopback-cloud.ts';
import { HUB, MEMBER, ORGANISATION_ID, REGION, SENDER, STRANGER, SUSPENDED } from './places.ts';

/** Everything a deployed hub talks to, on one loopback port. */
export interface HubServices {
  readonly aws: EmbeddedAws;
  readonly s3: FakeS3;
  readonly sns: FakeSns;
  readonly ses: FakeSes;
  readonly bus: FakeEventBus;
  readonly scheduler: FakeScheduler;
  readonly cloud: LoopbackCloud;
  /** The record, past all functions. */
  readonly ledger: DynamoDecisionLedger;
  /** What Lambda puts into the environment of a function: a session of its role. */
  credentialsOf(name: FunctionName): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

/** Starts them with empty stores, and an organisation of four accounts whose roles are those of the deployment. */
export async function startHubServices(deployment: Deployment, now: () => Date): Promise<HubServices> {
  const { tables, buckets, topicArn, bus: busName } = deployment;
  const aws = new EmbeddedAws({ now });
  makeAccounts(aws, deployment);
  await lendRoles(aws, deployment);
  sts.handler = aws.requestHandler({ process: 'proofs' });
  const dynamo = await embeddedDynamo();
  const client = recordClient(dynamo);
  await createLedgerTables(client, tables);
  await createProofTable(client, tables.proofs);
  const s3 = new FakeS3(Object.values(buckets));
  const sns = new FakeSns([topicArn]);
  const ses = new FakeSes([SENDER]);
  const bus = new FakeEventBus([busName]);
  const scheduler = new FakeScheduler();
  const organizations = new FakeOrganizations([
    { id: HUB, state: 'ACTIVE' },
    { id: MEMBER, state: 'ACTIVE' },
    { id: STRANGER, state: 'ACTIVE' },
    { id: SUSPENDED, state: 'SUSPENDED' },
  ]);
  const cloud = await LoopbackCloud.start({
    aws,
    dynamo,
    services: { s3, sns, ses, events: bus, organizations, scheduler },
  });
  return {
    aws,
    s3,
    sns,
    ses,
    bus,
    scheduler,
    cloud,
    ledger: new DynamoDecisionLedger({ client, tableName: tables.ledger }),
    credentialsOf: (name) => credentialsOf(aws, cloud, name),
    async close() {
      await cloud.close();
      await dynamo.close();
    },
  };
}

async function credentialsOf(aws: EmbeddedAws, { url }: LoopbackCloud, name: FunctionName) {
  const credentials = aws.account(HUB).credentials();
  const sts = new STSClient({ region: REGION, endpoint: url, credentials });
  const roleArn = `arn:aws:iam::${HUB}:role/${deployedNames().functionName(name)}`;
  const issued = await assumedRole(sts, { roleArn, sessionName: name }, Date.now)();
  sts.destroy();
  return {
    AWS_ACCESS_KEY_ID: issued.accessKeyId,
    AWS_SECRET_ACCESS_KEY: issued.secretAccessKey,
    AWS_SESSION_TOKEN: issued.sessionToken ?? '',
  };
}

function recordClient(dynamo: EmbeddedDynamo): DynamoDBClient {
  return new DynamoDBClient({
    region: REGION,
    endpoint: 'http://embedded',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    requestHandler: dynamo.requestHandler,
  });
}

function makeAccounts(aws: EmbeddedAws, deployment: Deployment): void {
  const names = deployedNames();
  for (const name of FUNCTION_NAMES) {
    aws.account(HUB).addRole({ name: names.functionName(name), trust: LAMBDA });
  }
  for (const id of [HUB, MEMBER]) {
    for (const [purpose, trust] of deployment.memberRoles(id)) {
      aws
        .account(id)
        .addRole({ name: names.memberRole(purpose), path: MEMBER_ROLE_PATH, trust: { ...trust } });
    }
  }
  for (const id of [HUB, MEMBER, STRANGER, SUSPENDED]) aws.account(id).organizationId = ORGANISATION_ID;
}

/** Break-glass roles that may do everything, with the policy of ended grants on each. */
async function lendRoles(aws: EmbeddedAws, deployment: Deployment): Promise<void> {
  for (const id of [HUB, MEMBER]) {
    const roles = [...deployment.lentRoles(id)];
    if (roles.length === 0) continue;
    const account = aws.account(id);
    const iam = new IAMClient({
      region: REGION,
      credentials: account.credentials(),
      requestHandler: aws.requestHandler({ process: 'setup' }),
    });
    const document = { PolicyName: ENDED_POLICY, PolicyDocument: endedPolicyText([]) };
    await iam.send(new CreatePolicyCommand({ Path: BREAK_GLASS_PATH, ...document }));
    const place = { partition: 'aws', accountId: id };
    for (const [name, trust] of roles) {
      const inlinePolicies = [{ Version: '2012-10-17', Statement: [EVERYTHING] }];
      account.addRole({ name, path: BREAK_GLASS_PATH, trust: { ...trust }, inlinePolicies });
      await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: endedPolicyArn(place) }));
    }
    iam.destroy();
  }
}

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };

/** The administrator of the hub stands in for the Lambda service, which the embedded AWS has not. */
const LAMBDA = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB}:role/EmbeddedAdministrator` },
      Action: 'sts:AssumeRole',
    },
  ],
};
