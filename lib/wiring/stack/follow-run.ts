import { JanitorError } from '../../domain/error.ts';
import type { OpenStack } from './open-stack.ts';
import { lookAtRun, type RunExecution } from './run-execution.ts';
import { progressOf, type RunProgress } from './run-progress.ts';

export interface Following {
  /** Waits so many milliseconds, or until the signal. */
  readonly pause: (millis: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when somebody stops following; the run goes on. */
  readonly signal: AbortSignal;
  /** Absent where nobody looks: counting accounts takes two more calls each time. */
  readonly onProgress?: (progress: RunProgress) => void;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Looks at a run again and again, ever less often, until it has ended. Throws `run-not-found`, `run-not-followed` when
 * following was stopped or failed (the run goes on), and `run-failed` when the run did not succeed.
 */
export async function followRun(
  stack: OpenStack,
  runId: string,
  following: Following,
): Promise<RunExecution> {
  const { pause, signal } = following;
  let wait = FIRST_PAUSE_MS;
  let report = following.onProgress;
  for (;;) {
    const run = await look(stack, runId, signal);
    if (run.state === 'ended') throw runFailed(stack, run);
    if (run.state === 'succeeded') return run;
    if (report !== undefined && !(await reported(stack, run, report))) report = undefined;
    await pause(wait, signal);
    wait = Math.min(LONGEST_PAUSE_MS, wait * 1.5);
  }
}

async function look(stack: OpenStack, runId: string, signal: AbortSignal): Promise<RunExecution> {
  try {
    if (signal.aborted) throw stopped(stack, runId);
    return await lookAtRun(stack, runId, signal);
  } catch (error) {
    if (signal.aborted) throw stopped(stack, runId);
    if (!(error instanceof JanitorError) || error.code === 'run-not-found') throw error;
    throw lost(stack, runId, error);
  }
}

/** False: this cannot be counted here (a right that is missing, an emulator), and is not asked again. */
async function reported(
  stack: OpenStack,
  run: RunExecution,
  report: (progress: RunProgress) => void,
): Promise<boolean> {
  try {
    report(await progressOf(stack, run));
    return true;
  } catch {
    return false;
  }
}

function again({ name }: OpenStack, runId: string): string {
  return `"janitor sweep --stack ${name} --follow ${runId}"`;
}

function stopped(stack: OpenStack, runId: string): JanitorError {
  return new JanitorError(`run ${runId} goes on; only following it was stopped`, {
    code: 'run-not-followed',
    source: 'system',
    hint: `Follow it again with ${again(stack, runId)}; to keep it from acting, "janitor halt --all".`,
    details: { runId },
  });
}

function lost(stack: OpenStack, runId: string, cause: JanitorError): JanitorError {
  return new JanitorError(`run ${runId} could not be looked at: ${cause.message}`, {
    code: 'run-not-followed',
    source: cause.source,
    hint: `It goes on without us; follow it again with ${again(stack, runId)}. ${cause.hint ?? ''}`.trim(),
    cause,
    details: { ...cause.details, runId },
  });
}

function runFailed(stack: OpenStack, run: RunExecution): JanitorError {
  const { runId, executionArn, status, why, redrivable } = run;
  const machine = stack.outputs.StateMachineArn.split(':').at(-1);
  const { Region: region } = stack.outputs;
  const console = `Step Functions > State machines > ${machine} > ${runId} in the console of ${region} shows the failed state`;
  const next = redrivable
    ? `mend the cause, continue it with "aws stepfunctions redrive-execution --region ${region} --execution-arn ${executionArn}" (accounts that are done stay done) and follow it with ${again(stack, runId)}`
    : 'it can no longer be continued: mend the cause and start a new one';
  return new JanitorError(`run ${runId} ended as ${status}${why === '' ? '' : `: ${why}`}`, {
    code: 'run-failed',
    source: 'system',
    hint: `${console}; ${next}.`,
    details: { runId, executionArn, status },
  });
}
