import type { ManifestHead, ManifestProblem } from '../domain/manifest.ts';
import { subjects } from '../domain/subject.ts';
import type { Inventory, Problem } from '../inventory/index.ts';
import { isSweep, type ManifestWriter, type SweepEvent } from '../ledger/index.ts';
import type { SweepContext } from './context.ts';
import { plainFields } from './draft.ts';
import { leaseLost } from './lease.ts';
import { summarise } from './read-account.ts';
import type { SweepResult } from './result.ts';
import { refusalOfRun } from './run.ts';
import type { Underway } from './underway.ts';

export interface Finished extends Pick<SweepResult, 'plans' | 'notices'> {
  readonly manifest: ManifestWriter;
  /** Read to its end. */
  readonly inventory: Inventory;
  /** Calls that processes before this one made for the same sweep. */
  readonly earlierCalls?: Readonly<Record<string, number>>;
}

/**
 * Closes the manifest over the heads of all chains this sweep relied on and appends the one sweep event that names
 * it: with its Merkle root, not even the last event of a chain can be removed unseen (G7).
 */
export async function finishSweep(
  context: SweepContext,
  underway: Underway,
  { manifest, inventory, earlierCalls, plans, notices }: Finished,
): Promise<{ readonly event: SweepEvent; readonly result: SweepResult }> {
  const { run, reading, gathering, policy, reconciled } = underway;
  const summary = summarise(context, reading, inventory, gathering.tally, earlierCalls);
  await run.lease.keep();
  for (const head of await headsOf(context, underway)) await manifest.add(head);
  const evidence = await manifest.finish({
    complete: summary.complete,
    problems: summary.problems.map(problemOf),
    notes: [...summary.notes],
    notCovered: [...summary.notCovered],
    counts: { ...gathering.tally.ofKind },
    outcomes: { ...summary.outcomes },
    calls: { ...summary.calls },
    fullReadAt: inventory.summary().fullRead ? reading.now : reading.fullReadAt,
  });
  const subject = subjects.sweep(context.accountId);
  const head = await context.ledger.head(subject);
  const appended = await context.ledger.append(subject, head ?? null, {
    ...plainFields(context),
    type: 'sweep.finished',
    evidence: [evidence, policy],
    data: {
      sweepId: run.sweepId,
      accountId: context.accountId,
      enforce: run.enforce,
      complete: summary.complete,
      problems: summary.problems.length,
      credentials: summary.credentials,
      outcomes: { ...summary.outcomes },
      actions: countBy(run.actions.map((action) => `${action.step}:${action.outcome}`)),
      ...manifest.headsRoot(),
      calls: { ...summary.calls },
    },
  });
  if (!appended.ok) throw leaseLost(context.accountId);
  const { event } = appended;
  if (!isSweep(event)) throw leaseLost(context.accountId);
  await context.state.projectSweep(event);
  const refused = refusalOfRun(context, run);
  const result = {
    ...summary,
    plans,
    notices,
    reconciled,
    sweepId: run.sweepId,
    enforce: run.enforce,
    actions: run.actions,
    held: run.held,
    ...(refused === undefined ? {} : { refused }),
  };
  return { event, result };
}

function problemOf({ code, message, permission, region }: Problem): ManifestProblem {
  return {
    code,
    message,
    ...(permission === undefined ? {} : { permission }),
    ...(region === undefined ? {} : { region }),
  };
}

async function headsOf(context: SweepContext, { reading, gathering }: Underway): Promise<ManifestHead[]> {
  const heads = new Map<string, ManifestHead>();
  for (const [id, history] of reading.histories) keep(heads, subjects.credential(id), history);
  for (const [id, { history }] of gathering.work.items) keep(heads, subjects.credential(id), history);
  const { accountId } = context;
  const others = [
    subjects.plans(accountId),
    subjects.notices(accountId),
    subjects.cap(accountId),
    subjects.organisationCap,
    subjects.sweep(accountId),
    subjects.lease(accountId),
    subjects.halts,
    subjects.activation,
  ];
  for (const subject of others) {
    const head = await context.ledger.head(subject);
    if (head !== undefined) keep(heads, subject, head);
  }
  return [...heads.values()];
}

function keep(
  heads: Map<string, ManifestHead>,
  subject: string,
  { seq, hash }: { seq: number; hash: string | null },
): void {
  const known = heads.get(subject);
  if (hash !== null && seq > 0 && (known === undefined || known.seq < seq))
    heads.set(subject, { subject, seq, hash });
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
