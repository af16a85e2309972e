import { accountOf } from '../domain/credential.ts';
import { bucketsBetween } from '../domain/event.ts';
import type { CredentialHistory } from '../domain/history.ts';
import { credentialOfSubject, subjects } from '../domain/subject.ts';
import { readAnew } from './append.ts';
import type { SweepContext } from './context.ts';
import type { Abandoned } from './lease.ts';
import { finishNotices } from './notices.ts';
import { lapsePlans } from './plans.ts';
import { reconcile } from './reconcile.ts';
import { recordReportedBounces } from './record-bounce.ts';

export interface Recovered {
  /** What the ledger says of every credential of the account that has a chain. */
  readonly histories: Map<string, CredentialHistory>;
  readonly reconciled: number;
}

/**
 * Before anything is judged: what a crashed run wrote but did not project is projected, notices left half recorded
 * are finished, bounces are taken in, lapsed plans are closed, and open intents are settled by looking at AWS.
 */
export async function recover(context: SweepContext, abandoned: Abandoned | undefined): Promise<Recovered> {
  if (abandoned !== undefined) await reproject(context, abandoned);
  await finishNotices(context);
  await recordReportedBounces(context);
  await lapsePlans(context);

  const histories = new Map<string, CredentialHistory>();
  for await (const { credentialId, history } of context.state.ofAccount(context.accountId)) {
    histories.set(credentialId, await upToDate(context, credentialId, history));
  }
  let reconciled = 0;
  for (const [credentialId, history] of histories) {
    if (history.openIntent === undefined) continue;
    const result = await reconcile(context, credentialId, history);
    histories.set(credentialId, result.history);
    if (result.settled) reconciled += 1;
  }
  return { histories, reconciled };
}

/** Who restores holds no lease, so that its crash shows nowhere: a chain with such a hold is read, not believed. */
async function upToDate(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
): Promise<CredentialHistory> {
  const restored = history.holds.some((hold) => hold.kind === 'restored');
  return restored ? readAnew(context.record, credentialId) : history;
}

/** Only the interval in which the crashed holder could have written is read, by its 15-minute buckets. */
async function reproject(context: SweepContext, { from, to }: Abandoned): Promise<void> {
  const touched = new Set<string>();
  for await (const { subject } of context.ledger.inBuckets(bucketsBetween(from, to))) {
    const credentialId = credentialOfSubject(subject);
    if (credentialId !== undefined && accountOf(credentialId) === context.accountId) touched.add(subject);
  }
  await context.record.reproject([...touched, subjects.sweep(context.accountId)]);
}
