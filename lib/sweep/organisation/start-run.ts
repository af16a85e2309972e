import { JanitorError } from '../../domain/error.ts';
import { subjects } from '../../domain/subject.ts';
import { type Instant, MINUTE_MS, plus } from '../../domain/time.ts';
import type { EvidenceStore } from '../../ledger/index.ts';
import type { RecordingContext } from '../context.ts';
import { type Member, RunFiles } from './run-files.ts';

export interface RunRequest {
  readonly runId: string;
  readonly trigger: 'schedule' | 'person';
  /** Of the schedule; two firings for one instant are one run. */
  readonly scheduledAt?: Instant | undefined;
  readonly enforce: boolean;
  /** Accounts with their state. */
  readonly accounts: readonly { readonly accountId: string; readonly state: string }[];
}

/** What starting a run needs of the world. */
export interface RunContext extends Pick<RecordingContext, 'clock' | 'ledger' | 'actor'> {
  readonly work: EvidenceStore;
  readonly newId: () => string;
}

export type StartedRun =
  | { readonly status: 'listed'; readonly key: string; readonly count: number }
  /** Another run answers for the same instant of the schedule. */
  | { readonly status: 'duplicate'; readonly of: string };

/** Clocks of the schedule and of this process may differ by so much. */
const CLOCK_MARGIN_MS = 5 * MINUTE_MS;

/**
 * Opens a run in the ledger and writes down its accounts. Repeating it for the same run changes nothing, and which accounts it is
 * about stays what it was, whoever joined the organisation meanwhile; a second
 * firing of the same schedule, or a late one, finds the first (I6).
 * @throws JanitorError `schedule-ahead`: a run before its instant would leave the schedule a duplicate of it.
 */
export async function startRun(context: RunContext, request: RunRequest): Promise<StartedRun> {
  const { runId, trigger, scheduledAt, enforce, accounts } = request;
  const subject = subjects.run(scheduledAt ?? runId);
  const startedAt = context.clock.now();
  if (scheduledAt !== undefined && scheduledAt > plus(startedAt, CLOCK_MARGIN_MS)) {
    throw scheduleAhead(runId, scheduledAt);
  }
  const appended = await context.ledger.append(subject, null, {
    type: 'run.started',
    at: startedAt,
    actor: context.actor,
    data: {
      runId,
      trigger,
      ...(scheduledAt === undefined ? {} : { scheduledAt }),
      enforce,
      accounts: accounts.length,
    },
  });
  const first = appended.ok ? appended.event : (await context.ledger.chain(subject))[0];
  const of = first?.type === 'run.started' ? first.data.runId : runId;
  if (of !== runId) return { status: 'duplicate', of };

  const files = new RunFiles(context.work, runId);
  const accountIds = (await files.findRun())?.accountIds ?? accounts.map(({ accountId }) => accountId);
  await files.writeRun({ runId, subject, startedAt: first?.at ?? startedAt, enforce, accountIds });
  const states = new Map(accounts.map(({ accountId, state }) => [accountId, state]));
  const members: Member[] = accountIds.map((accountId) => ({
    runId,
    accountId,
    enforce,
    member: states.get(accountId) ?? 'NOT_A_MEMBER',
  }));
  const key = await files.writeItems('accounts', members, context.newId());
  return { status: 'listed', key, count: members.length };
}

function scheduleAhead(runId: string, scheduledAt: Instant): JanitorError {
  return new JanitorError(`the run ${runId} was started for ${scheduledAt}, which is still to come`, {
    code: 'schedule-ahead',
    source: 'user',
    hint: 'Only the schedule starts runs of the schedule; a person starts one with janitor sweep --stack.',
    details: { runId, scheduledAt },
  });
}
