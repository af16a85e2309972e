import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { v7 as uuidv7 } from 'uuid';
import { awsError, mapAwsError } from '../../aws/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { subjects } from '../../domain/subject.ts';
import { parseInstant } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { OpenStack } from './open-stack.ts';

type Workflows = Pick<OpenStack, 'name' | 'outputs' | 'workflows'>;

export interface RunOrder {
  readonly enforce: boolean;
  /** Account ids; undefined: all accounts of the stack. */
  readonly accounts?: readonly string[] | undefined;
}

/** A run of the workflow as Step Functions shows it. */
export interface RunExecution {
  readonly runId: string;
  readonly executionArn: string;
  /** The chain that the run is recorded on. */
  readonly subject: string;
  readonly state: 'running' | 'succeeded' | 'ended';
  /** Of one that ended otherwise: FAILED, TIMED_OUT or ABORTED, why, and whether a redrive can continue it. */
  readonly status: string;
  readonly why: string;
  readonly redrivable: boolean;
}

/**
 * Starts a run of the workflow and returns its id. Asking twice for one id starts one run, so the SDK may repeat it.
 * Throws `run-start-unknown` when the answer was lost, and the `aws-` codes.
 */
export async function startSweepRun(
  stack: Workflows & Pick<OpenStack, 'clock'>,
  { enforce, accounts }: RunOrder,
): Promise<string> {
  const runId = newRunId(stack.clock.now());
  const input = { trigger: 'person', enforce, ...(accounts === undefined ? {} : { accounts }) };
  try {
    await stack.workflows.send(
      new StartExecutionCommand({
        stateMachineArn: stack.outputs.StateMachineArn,
        name: runId,
        input: JSON.stringify(input),
      }),
    );
    return runId;
  } catch (error) {
    throw startFailure(error, stack, runId);
  }
}

/** `person-20260131T090000Z-1a2b3c4d`: sorts by time, unique, and nothing in it has to be quoted. */
function newRunId(now: string): string {
  const [instant = ''] = now.replaceAll(/[-:]/g, '').split('.');
  return `person-${instant}Z-${uuidv7().slice(-8)}`;
}

/** The error as everywhere, but a denial names what people attach who operate a stack. */
function refusal(error: unknown, operation: string, region: string): JanitorError {
  const { code, source, message, hint, details } = awsError(error, operation, region);
  const isDenied = source === 'access' && details.permission !== undefined;
  const operators = `The managed policy credential-janitor-operator of the stack allows ${operation}.`;
  const way = isDenied ? operators : hint;
  return new JanitorError(message, {
    code,
    source,
    ...(way === undefined ? {} : { hint: way }),
    cause: error,
    details,
  });
}

function startFailure(error: unknown, { outputs, name }: Workflows, runId: string): JanitorError {
  const { kind, message } = mapAwsError(error, 'states:StartExecution', outputs.Region);
  if (kind !== 'unreachable') return refusal(error, 'states:StartExecution', outputs.Region);
  return new JanitorError(`whether run ${runId} was started is not known: ${message}`, {
    code: 'run-start-unknown',
    source: 'system',
    hint: `Look with "janitor sweep --stack ${name} --follow ${runId}"; if there is no such run, start it again.`,
    cause: error,
    details: { runId },
  });
}

/** Throws `run-not-found` and the `aws-` codes. */
export async function lookAtRun(
  stack: Workflows,
  runId: string,
  abortSignal?: AbortSignal,
): Promise<RunExecution> {
  const executionArn = arnOf(stack, runId);
  const command = new DescribeExecutionCommand({ executionArn });
  try {
    const said = await stack.workflows.send(command, abortSignal === undefined ? {} : { abortSignal });
    return { runId, executionArn, ...stateOf(said), subject: subjectOf(said, runId) };
  } catch (error) {
    throw lookFailure(error, stack, runId);
  }
}

function arnOf({ outputs }: Workflows, runId: string): string {
  return `${outputs.StateMachineArn.replace(':stateMachine:', ':execution:')}:${runId}`;
}

const STATES: Readonly<Record<string, RunExecution['state']>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
};

function stateOf({ status, error, cause, redriveStatus }: DescribeExecutionCommandOutput) {
  const said: string = status ?? 'UNKNOWN';
  const why = [error, messageIn(cause)].filter((part) => part !== undefined && part !== '').join(': ');
  return {
    state: STATES[said] ?? 'ended',
    status: said,
    why,
    redrivable: redriveStatus !== 'NOT_REDRIVABLE',
  };
}

const lambdaErrorSchema = z.object({ errorMessage: z.string() });

/** A function's error arrives as JSON with its stack; its message is what people need. */
function messageIn(cause: string | undefined): string | undefined {
  try {
    return lambdaErrorSchema.parse(JSON.parse(cause ?? '')).errorMessage;
  } catch {
    return cause;
  }
}

const inputSchema = z.object({ scheduledAt: z.string() });

/** A run of the schedule is recorded under the instant it was meant for. */
function subjectOf({ input }: DescribeExecutionCommandOutput, runId: string): string {
  try {
    return subjects.run(parseInstant(inputSchema.parse(JSON.parse(input ?? '')).scheduledAt));
  } catch {
    return subjects.run(runId);
  }
}

function lookFailure(error: unknown, { outputs, name }: Workflows, runId: string): JanitorError {
  const failure = mapAwsError(error, 'states:DescribeExecution', outputs.Region);
  if (!['ExecutionDoesNotExist', 'InvalidArn'].includes(failure.code)) {
    return refusal(error, 'states:DescribeExecution', outputs.Region);
  }
  return new JanitorError(`stack ${name} has no run ${runId}`, {
    code: 'run-not-found',
    source: 'user',
    hint: 'A run is named by its execution in Step Functions, as sweep printed it; executions are kept for 90 days.',
    cause: error,
    details: { runId },
  });
}
