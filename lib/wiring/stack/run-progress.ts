import { DescribeMapRunCommand, ListMapRunsCommand } from '@aws-sdk/client-sfn';
import type { OpenStack } from './open-stack.ts';
import type { RunExecution } from './run-execution.ts';

/** Where a run is. */
export interface RunProgress {
  readonly phase: 'listing accounts' | 'deciding' | 'acting';
  /** Accounts. */
  readonly done: number;
  readonly total?: number;
}

/** How far the newest map over accounts has come. Throws what the SDK throws. */
export async function progressOf(
  { workflows }: Pick<OpenStack, 'workflows'>,
  { executionArn }: Pick<RunExecution, 'executionArn'>,
): Promise<RunProgress> {
  const { mapRuns = [] } = await workflows.send(new ListMapRunsCommand({ executionArn }));
  const [newest] = mapRuns.sort((a, b) => startOf(b) - startOf(a));
  if (newest?.mapRunArn === undefined) return { phase: 'listing accounts', done: 0 };
  const { mapRunArn } = newest;
  const { itemCounts } = await workflows.send(new DescribeMapRunCommand({ mapRunArn }));
  const { total = 0, succeeded = 0, failed = 0, timedOut = 0, aborted = 0 } = itemCounts ?? {};
  return {
    phase: mapRunArn.includes('/ActAccount:') ? 'acting' : 'deciding',
    done: succeeded + failed + timedOut + aborted,
    total,
  };
}

function startOf({ startDate }: { readonly startDate?: Date | undefined }): number {
  return startDate?.getTime() ?? 0;
}
