import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { vi } from 'vitest';
import { signatureClaim } from '../../../lib/embedded-aws/wire.ts';
import {
  CredentialRecord,
  createLedgerTables,
  DynamoDecisionLedger,
  FileEvidenceStore,
  StateProjection,
} from '../../../lib/ledger/index.ts';
import { compilePolicy, loadPolicy } from '../../../lib/policy/index.ts';
import { openHub } from '../../../lib/wiring/deployed/index.ts';
import {
  CLI_ACCOUNT,
  daysAfterStart,
  emptyFolder,
  type ServedAccount,
  serveAccount,
} from '../../builders/command-line.ts';
import { apiGateway, type FakeGateway, fakeGateway } from './api-gateway.ts';
import { evidenceApi } from './evidence-api.ts';
import { hubService } from './hub-service.ts';
import { serveLoopback } from './loopback.ts';
import { carryOut, type Pipeline } from './pipeline.ts';
import { type FakeStack, stackApi } from './stack-api.ts';
import { type FakeWorkflow, workflowApi } from './workflow-api.ts';

export const STACK = 'CredentialJanitor';
export const REGION = 'eu-central-1';
const TABLES = { ledger: 'hub-ledger', state: 'hub-state' };
const BUCKET = 'hub-evidence';
const POLICY = path.join(import.meta.dirname, '..', 'policy');

type Person = Parameters<ServedAccount['actAs']>[0];

/** A deployed janitor on loopback: CloudFormation, Step Functions, the bucket and the API of this test. */
export interface DeployedHub {
  readonly served: ServedAccount;
  readonly stack: FakeStack;
  readonly workflow: FakeWorkflow;
  readonly gateway: FakeGateway;
  readonly pipeline: Pipeline;
  readonly policyHash: string;
  readonly evidenceFolder: string;
  /** Signs from now on as this person, or as the administrator. */
  actAs(who: Person): void;
  /** It is so many days after the start now, everywhere. */
  live(days: number): void;
  close(): Promise<void>;
}

export async function deployHub(): Promise<DeployedHub> {
  const served = await serveAccount();
  const policy = await loadPolicy(POLICY);
  const evidenceFolder = emptyFolder();
  const client = new DynamoDBClient({ region: REGION });
  await createLedgerTables(client, TABLES);
  const live = (days: number) => {
    vi.setSystemTime(daysAfterStart(days));
    served.aws.clock.set(daysAfterStart(days));
  };
  vi.useFakeTimers({ toFake: ['Date'] });
  live(0);

  // A client of its own: functions share theirs for the life of their process, which a test file outlives.
  const ledger = new DynamoDecisionLedger({ client, tableName: TABLES.ledger });
  const state = new StateProjection({ client, tableName: TABLES.state });
  const hub = { ...(await openHub({ HOME_REGION: REGION, LEDGER_TABLE: TABLES.ledger })), ledger };
  const everything = {
    clock: hub.clock,
    policy,
    judge: compilePolicy(policy),
    partition: hub.partition,
    ledger,
    state,
    record: new CredentialRecord({ ledger, state }),
    evidence: new FileEvidenceStore(evidenceFolder),
    delivery: { route: 'test', deliver: async () => ({ outcome: 'accepted' as const, receipt: 'r' }) },
    holder: 'workflow',
    newId: hub.newId,
  };
  const pipeline: Pipeline = {
    hub,
    everything: { ...everything, actor: hub.actor },
    work: new FileEvidenceStore(emptyFolder()),
    sweeps: true,
    others: [],
  };
  const gateway = fakeGateway();
  const service = hubService({ ...pipeline, region: REGION, aws: served.aws });
  const workflow: FakeWorkflow = {
    executions: [],
    run: (runId, input) => carryOut(pipeline, runId, input),
    ending: { status: 'SUCCEEDED' },
    looks: 0,
    onLook: () => {},
    refuse: new Map(),
    drop: new Set(),
    asked: [],
  };
  const stack: FakeStack = { name: STACK, status: 'CREATE_COMPLETE', outputs: {}, denied: false };
  const apis = new Map([
    ['cloudformation', stackApi(stack)],
    ['states', workflowApi(workflow)],
    ['s3', evidenceApi(evidenceFolder, BUCKET)],
    ['execute-api', apiGateway(gateway, async () => service, REGION)],
  ]);
  const server = await serveLoopback(async (request) => {
    const api = apis.get(signatureClaim(request)?.service ?? '');
    return api === undefined ? { status: 403, body: '{"Message":"Forbidden"}' } : api(request);
  });
  stack.outputs = {
    LedgerTable: TABLES.ledger,
    StateTable: TABLES.state,
    EvidenceBucket: BUCKET,
    EvidenceKeyArn: `arn:aws:kms:${REGION}:${CLI_ACCOUNT}:key/1`,
    WorkBucket: 'hub-work',
    StateMachineArn: `arn:aws:states:${REGION}:${CLI_ACCOUNT}:stateMachine:credential-janitor-sweep`,
    ApiUrl: `${server.url}${gateway.stage}`,
    Region: REGION,
    Mode: 'enforce',
    PolicyHash: policy.hash,
    MemberRolePrefix: 'janitor-member',
  };
  for (const purpose of ['read', 'quarantine', 'rotate']) {
    served.aws.account(CLI_ACCOUNT).addRole({
      name: `janitor-member-${purpose}`,
      path: '/credential-janitor/',
      trust: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${CLI_ACCOUNT}:root` },
            Action: 'sts:AssumeRole',
          },
        ],
      },
    });
  }
  const actAs = (who: Person) => {
    served.actAs(who);
    for (const service of ['CLOUDFORMATION', 'SFN', 'S3'])
      vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, server.url);
    const accessKeyId = process.env.AWS_ACCESS_KEY_ID ?? '';
    gateway.signers.set(accessKeyId, {
      ...signing(who),
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: process.env.AWS_SESSION_TOKEN,
    });
  };
  actAs('administrator');
  return {
    served,
    stack,
    workflow,
    gateway,
    pipeline,
    policyHash: policy.hash,
    evidenceFolder,
    actAs,
    live,
    async close() {
      client.destroy();
      hub.clients.close();
      await server.close();
      await served.close();
      vi.useRealTimers();
      vi.unstubAllEnvs();
    },
  };
}

/** Whom IAM authenticates, as API Gateway passes it on. */
function signing(who: Person) {
  return who === 'administrator'
    ? {
        arn: `arn:aws:sts::${CLI_ACCOUNT}:assumed-role/EmbeddedAdministrator/bootstrap`,
        userId: 'AROAEXAMPLEADMIN0001:bootstrap',
      }
    : { arn: `arn:aws:iam::${CLI_ACCOUNT}:user/people/${who}`, userId: 'AIDAEXAMPLEPERSON001' };
}
