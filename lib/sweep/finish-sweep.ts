import type { EvidenceReference } from '../domain/event.ts';
import type { CredentialHistory } from '../domain/history.ts';
import type { ManifestHead, ManifestProblem } from '../domain/manifest.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import type { Problem } from '../inventory/index.ts';
import { isSweep, type ManifestWriter } from '../ledger/index.ts';
import type { SweepContext } from './context.ts';
import { plainFields } from './draft.ts';
import { leaseLost } from './lease.ts';
import type { Judged } from './read-account.ts';
import type { AccountSummary } from './result.ts';
import type { Run } from './run.ts';

export interface Finished {
  readonly manifest: ManifestWriter;
  readonly summary: AccountSummary;
  /** Credentials by kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly histories: ReadonlyMap<string, CredentialHistory>;
  readonly work: ReadonlyMap<string, Judged>;
  readonly policy: EvidenceReference;
  readonly fullReadAt: Instant | null;
}

/**
 * Closes the manifest over the heads of all chains this sweep relied on and appends the one sweep event that names
 * it: with its Merkle root, not even the last event of a chain can be removed unseen (G7).
 */
export async function finishSweep(context: SweepContext, run: Run, finished: Finished): Promise<void> {
  const { manifest, summary } = finished;
  await run.lease.keep();
  for (const head of await headsOf(context, finished)) await manifest.add(head);
  const evidence = await manifest.finish({
    complete: summary.complete,
    problems: summary.problems.map(problemOf),
    notes: [...summary.notes],
    notCovered: [...summary.notCovered],
    counts: { ...finished.counts },
    outcomes: { ...summary.outcomes },
    calls: { ...summary.calls },
    fullReadAt: finished.fullReadAt,
  });
  const subject = subjects.sweep(context.accountId);
  const head = await context.ledger.head(subject);
  const appended = await context.ledger.append(subject, head ?? null, {
    ...plainFields(context),
    type: 'sweep.finished',
    evidence: [evidence, finished.policy],
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
  if (isSweep(appended.event)) await context.state.projectSweep(appended.event);
}

function problemOf({ code, message, permission, region }: Problem): ManifestProblem {
  return {
    code,
    message,
    ...(permission === undefined ? {} : { permission }),
    ...(region === undefined ? {} : { region }),
  };
}

async function headsOf(context: SweepContext, { histories, work }: Finished): Promise<ManifestHead[]> {
  const heads = new Map<string, ManifestHead>();
  for (const [id, history] of histories) keep(heads, subjects.credential(id), history);
  for (const [id, { history }] of work) keep(heads, subjects.credential(id), history);
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
