import type { LedgerEvent } from '../../domain/event.ts';
import type { EvidenceStore } from '../../ledger/index.ts';
import { appendDeciding } from '../append.ts';
import type { RecordingContext } from '../context.ts';
import { type AccountOutcome, RunFiles } from './run-files.ts';

export interface FinishContext extends Pick<RecordingContext, 'clock' | 'ledger' | 'actor'> {
  readonly work: EvidenceStore;
}

export type FinishedRun = Extract<LedgerEvent, { type: 'run.finished' }>['data'];

/** Accounts not swept that the event names; the rest is counted. */
const EXAMPLES = 50;

/**
 * Closes a run: what came of every account, counted and recorded once. An account that left no outcome failed; it never
 * fails the rest (G21).
 */
export async function finishRun(context: FinishContext, runId: string): Promise<FinishedRun> {
  const files = new RunFiles(context.work, runId);
  const { subject, accountIds } = await files.readRun();
  const [decided, acted] = await Promise.all([files.readOutcomes('decided'), files.readOutcomes('acted')]);
  const data = summary(
    runId,
    accountIds.map((id) => acted.get(id) ?? decided.get(id) ?? failed(id)),
  );
  const event = await appendDeciding(context.ledger, subject, (events) =>
    events.some((each) => each.type === 'run.finished')
      ? undefined
      : { type: 'run.finished', at: context.clock.now(), actor: context.actor, data },
  );
  return event?.type === 'run.finished' ? event.data : data;
}

type Outcome = Omit<AccountOutcome, 'status'> & { readonly status: AccountOutcome['status'] | 'failed' };

function failed(accountId: string): Outcome {
  return {
    accountId,
    status: 'failed',
    reason: 'its function failed; the execution in Step Functions shows why',
  };
}

function summary(runId: string, outcomes: readonly Outcome[]): FinishedRun {
  const swept = outcomes.flatMap(({ sweep }) => (sweep === undefined ? [] : [sweep]));
  const missing = outcomes.filter(({ sweep }) => sweep === undefined);
  return {
    runId,
    accounts: outcomes.length,
    swept: swept.length,
    incomplete: swept.filter(({ complete }) => !complete).length,
    notSwept: missing.length,
    examples: missing.slice(0, EXAMPLES).map(({ accountId, status, reason }) => ({
      accountId,
      status: said(status),
      reason: reason ?? said(status),
    })),
    credentials: swept.reduce((sum, { credentials }) => sum + credentials, 0),
    outcomes: added(swept.map((each) => each.outcomes)),
    actions: added(swept.map((each) => each.actions)),
  };
}

/** An account that was decided about but whose acts never ended. */
function said(status: Outcome['status']): string {
  return status === 'decided' ? 'failed' : status;
}

function added(tallies: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const tally of tallies) {
    for (const [name, count] of Object.entries(tally)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
