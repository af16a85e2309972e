import type { CredentialHistory } from '../domain/history.ts';
import { merkleRoot } from '../domain/merkle.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import type { ManifestWriter } from '../ledger/index.ts';
import type { SweepContext } from './context.ts';
import { plainFields } from './draft.ts';
import type { Judged } from './read-account.ts';
import type { AccountSummary } from './result.ts';
import type { Run } from './run.ts';

export interface Finished {
  readonly manifest: ManifestWriter;
  readonly summary: AccountSummary;
  readonly histories: ReadonlyMap<string, CredentialHistory>;
  readonly work: ReadonlyMap<string, Judged>;
  readonly fullReadAt: Instant;
}

interface Head {
  readonly subject: string;
  readonly seq: number;
  readonly hash: string;
}

/**
 * Closes the manifest over the heads of all chains this sweep relied on and appends the one sweep event that names
 * it: with its Merkle root, not even the last event of a chain can be removed unseen (G7).
 */
export async function finishSweep(context: SweepContext, run: Run, finished: Finished): Promise<void> {
  const { manifest, summary } = finished;
  const heads = await headsOf(context, finished);
  for (const head of heads) await manifest.add({ type: 'head', ...head });
  const root = merkleRoot(heads);
  const actions = countBy(run.actions.map((action) => `${action.step}:${action.outcome}`));
  const evidence = await manifest.finish({
    complete: summary.complete,
    problems: [...summary.problems],
    notes: [...summary.notes],
    notCovered: [...summary.notCovered],
    regions: [...summary.regions],
    counts: { credentials: summary.credentials, heads: heads.length },
    outcomes: { ...summary.outcomes },
    calls: { ...summary.calls },
    merkleRoot: root,
    fullReadAt: finished.fullReadAt,
  });
  await run.lease.keep();
  const subject = subjects.sweep(context.accountId);
  const head = await context.ledger.head(subject);
  const appended = await context.ledger.append(subject, head ?? null, {
    ...plainFields(context),
    type: 'sweep.finished',
    evidence: [evidence],
    data: {
      sweepId: run.sweepId,
      accountId: context.accountId,
      enforce: run.enforce,
      complete: summary.complete,
      problems: summary.problems.length,
      credentials: summary.credentials,
      outcomes: { ...summary.outcomes },
      actions,
      merkleRoot: root,
      heads: heads.length,
      calls: { ...summary.calls },
    },
  });
  if (!appended.ok) return;
  await context.state.projectAccount({
    accountId: context.accountId,
    sweepId: run.sweepId,
    seq: appended.event.seq,
    hash: appended.event.hash,
    at: appended.event.at,
    manifest: evidence,
    fullReadAt: finished.fullReadAt,
  });
}

async function headsOf(context: SweepContext, { histories, work }: Finished): Promise<Head[]> {
  const heads = new Map<string, Head>();
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
  return [...heads.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

function keep(
  heads: Map<string, Head>,
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
