import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { LedgerEvent } from '../../lib/domain/event.ts';
import {
  DynamoDecisionLedger,
  StateProjection,
  type Verification,
  verifyLedger,
} from '../../lib/ledger/index.ts';
import { S3EvidenceStore } from '../../lib/ledger/s3/index.ts';
import type { MiniStack } from './ministack-server.ts';
import { HUB, present } from './organisation.ts';
import { until } from './until.ts';

const outputsSchema = z.object({
  LedgerTable: z.string(),
  StateTable: z.string(),
  EvidenceBucket: z.string(),
  WorkBucket: z.string(),
  StateMachineArn: z.string(),
  ApiUrl: z.url(),
  Region: z.string(),
  Mode: z.string(),
  PolicyHash: z.string(),
});
export type HubOutputs = z.infer<typeof outputsSchema>;

const inputSchema = z.object({ trigger: z.enum(['schedule', 'person']), scheduledAt: z.string().optional() });

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly input: z.infer<typeof inputSchema>;
  readonly output: unknown;
  /** What Step Functions says of a failure. */
  readonly trouble: string;
}

/** A workflow of five short functions, cold, on a busy machine. */
const RUN_ENDS_WITHIN_MS = 90_000;

/** The deployed hub, seen with the project's own readers of ledger, state and evidence. */
export class DeployedHub {
  readonly outputs: HubOutputs;
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly evidence: S3EvidenceStore;
  readonly #workflows: SFNClient;
  readonly #spool: string;

  private constructor(ministack: MiniStack, outputs: HubOutputs, spool: string) {
    const configuration = ministack.configuration(HUB);
    const client = new DynamoDBClient(configuration);
    this.outputs = outputs;
    this.ledger = new DynamoDecisionLedger({ client, tableName: outputs.LedgerTable });
    this.state = new StateProjection({ client, tableName: outputs.StateTable });
    this.evidence = new S3EvidenceStore({
      client: new S3Client({ ...configuration, forcePathStyle: true }),
      bucket: outputs.EvidenceBucket,
      spoolFolder: spool,
    });
    this.#workflows = new SFNClient(configuration);
    this.#spool = spool;
  }

  static async open(ministack: MiniStack, stackName: string): Promise<DeployedHub> {
    const spool = await mkdtemp(join(tmpdir(), 'janitor-spool-'));
    return new DeployedHub(ministack, await outputsOf(ministack, stackName), spool);
  }

  verify(): Promise<Verification> {
    return verifyLedger(this);
  }

  async events(): Promise<LedgerEvent[]> {
    const events: LedgerEvent[] = [];
    for await (const event of this.ledger.all()) events.push(event);
    return events;
  }

  async executions(): Promise<Execution[]> {
    const { StateMachineArn: stateMachineArn } = this.outputs;
    const { executions = [] } = await this.#workflows.send(new ListExecutionsCommand({ stateMachineArn }));
    return Promise.all(
      executions.map(({ executionArn }) => this.#execution(present(executionArn, 'an ARN'))),
    );
  }

  /** The first execution that the schedule started, once it has ended. */
  bySchedule(within: number): Promise<Execution> {
    return until('the schedule starts the workflow and it ends', within, async () =>
      (await this.executions()).findLast(
        ({ input, status }) => input.trigger === 'schedule' && status !== 'RUNNING',
      ),
    );
  }

  /** Starts the workflow and waits for its end. */
  async run(input: Readonly<Record<string, unknown>>): Promise<Execution> {
    const { StateMachineArn: stateMachineArn } = this.outputs;
    const { executionArn } = await this.#workflows.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return until('the workflow ends', RUN_ENDS_WITHIN_MS, async () => {
      const execution = await this.#execution(present(executionArn, 'an ARN'));
      return execution.status === 'RUNNING' ? undefined : execution;
    });
  }

  async #execution(executionArn: string): Promise<Execution> {
    const said = await this.#workflows.send(new DescribeExecutionCommand({ executionArn }));
    return {
      arn: executionArn,
      name: present(said.name, 'a name'),
      status: present(said.status, 'a status'),
      input: inputSchema.parse(JSON.parse(present(said.input, 'an input'))),
      output: said.output === undefined ? undefined : JSON.parse(said.output),
      trouble: [said.error, said.cause].filter((part) => part !== undefined).join(': '),
    };
  }

  async close(): Promise<void> {
    await rm(this.#spool, { recursive: true, force: true });
  }
}

/** What a stack says of itself, as `janitor --stack` reads it. */
async function outputsOf(ministack: MiniStack, StackName: string): Promise<HubOutputs> {
  const client = new CloudFormationClient(ministack.configuration(HUB));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const outputs = present(Stacks[0], 'the stack').Outputs ?? [];
  return outputsSchema.parse(
    Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
  );
}
