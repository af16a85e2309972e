import pLimit from 'p-limit';
import { type Plan, planState } from '../../domain/account-chains.ts';
import { JanitorError } from '../../domain/error.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import { isSweep, type SweepEvent } from '../../ledger/index.ts';
import { readPlans } from '../../sweep/index.ts';
import type { OpenStack } from './open-stack.ts';
import type { RunExecution } from './run-execution.ts';

type Started = Extract<LedgerEvent, { type: 'run.started' }>;
type Finished = Extract<LedgerEvent, { type: 'run.finished' }>;

/** What a run came to, from the ledger alone. */
export interface RunReport {
  readonly started: Started;
  readonly finished: Finished;
  /** The sweep of each account that the run swept, by account id. */
  readonly sweeps: readonly SweepEvent[];
  /** Plans of these accounts that wait for people now. */
  readonly plans: readonly Plan[];
}

type Recorded = Pick<OpenStack, 'ledger' | 'state' | 'clock'>;

/** Chains read at once. */
const AT_ONCE = 24;
/** How many sweeps of an account are looked back through for the one of an old run. */
const LOOK_BACK = 30;

/**
 * Reads what a run that has ended came to. Which accounts it swept follows from their sweeps between its start and its
 * end: an account has one sweep at a time. Throws `run-not-recorded` and `run-duplicate`.
 */
export async function reportOfRun(record: Recorded, run: RunExecution): Promise<RunReport> {
  const { started, finished } = await eventsOf(record, run);
  const limit = pLimit(AT_ONCE);
  const accounts: string[] = [];
  for await (const { accountId, at } of record.state.accounts()) {
    if (at >= started.at) accounts.push(accountId);
  }
  const found = await Promise.all(
    accounts.sort().map((id) => limit(() => sweepBetween(record, id, started.at, finished.at))),
  );
  const sweeps = found.flatMap((sweep) => sweep ?? []);
  const plans = await Promise.all(
    sweeps.map(({ data }) => limit(() => waitingPlans(record, data.accountId))),
  );
  return { started, finished, sweeps, plans: plans.flat() };
}

async function eventsOf({ ledger }: Recorded, { subject, runId, executionArn }: RunExecution) {
  const events = await ledger.chain(subject);
  const started = events.find((event) => event.type === 'run.started');
  const finished = events.find((event) => event.type === 'run.finished');
  if (started !== undefined && started.data.runId !== runId) throw duplicate(runId, started.data.runId);
  if (started !== undefined && finished !== undefined) return { started, finished };
  throw new JanitorError(`run ${runId} has ended, but the ledger has no end of it on ${subject}`, {
    code: 'run-not-recorded',
    source: 'system',
    hint: 'Run "janitor ledger verify": a recorded end may have been removed.',
    details: { runId, executionArn, subject },
  });
}

async function sweepBetween(
  { ledger }: Recorded,
  accountId: string,
  from: Instant,
  to: Instant,
): Promise<SweepEvent | undefined> {
  const newest = await ledger.newest(subjects.sweep(accountId), LOOK_BACK);
  return newest.filter(isSweep).find(({ at }) => at >= from && at <= to);
}

async function waitingPlans(record: Recorded, accountId: string): Promise<Plan[]> {
  const plans = await readPlans(record, accountId);
  return plans.filter((plan) => planState(plan, record.clock.now()) === 'pending');
}

function duplicate(runId: string, of: string): JanitorError {
  return new JanitorError(
    `run ${runId} did nothing: the schedule fired twice, and run ${of} answers for it`,
    {
      code: 'run-duplicate',
      source: 'user',
      hint: `Look at "janitor sweep --follow ${of}".`,
      details: { runId, of },
    },
  );
}
