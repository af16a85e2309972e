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
import { watchRotation } from './rotation/watch.ts';

export interface Recovered {
  /** What the ledger says of every credential of the account that has a chain. */
  readonly histories: Map<string, CredentialHistory>;
  readonly reconciled: number;
  /** Credentials that a dead process may have changed: steps of it are on their chains. */
  readonly stepped: ReadonlySet<string>;
}

/**
 * Before anything is judged: what a crashed run wrote but did not project is projected, notices left half recorded
 * are finished, bounces are taken in, lapsed plans are closed, and open intents and rotations are settled by looking at AWS.
 */
export async function recover(context: SweepContext, abandoned: Abandoned | undefined): Promise<Recovered> {
  const stepped = await reproject(context, abandoned);
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
  for (const [credentialId, history] of histories) {
    histories.set(credentialId, await watchRotation(context, credentialId, history));
  }
  return { histories, reconciled, stepped };
}

/**
 * Who restores holds no lease, so that its crash shows nowhere: a chain with such a hold is read, not believed. Chains with
 * holds that exceptions and challenges placed are read when those are looked at, see `reviewHolds`.
 */
async function upToDate(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
): Promise<CredentialHistory> {
  const restored = history.holds.some((hold) => hold.kind === 'restored');
  return restored ? readAnew(context.record, credentialId) : history;
}

/**
 * Brings the projection up to what a crashed holder recorded, if there was one. Only the interval in which it could have
 * written is read, by its 15-minute buckets. Returns the credentials on which it took steps.
 */
export async function reproject(
  context: SweepContext,
  abandoned: Abandoned | undefined,
): Promise<ReadonlySet<string>> {
  const stepped = new Set<string>();
  if (abandoned === undefined) return stepped;
  const touched = new Set<string>();
  for await (const { subject, type, at } of context.ledger.inBuckets(
    bucketsBetween(abandoned.from, abandoned.to),
  )) {
    const credentialId = credentialOfSubject(subject);
    if (credentialId === undefined || accountOf(credentialId) !== context.accountId) continue;
    touched.add(subject);
    if (type.startsWith('step.') && at >= abandoned.from) stepped.add(credentialId);
  }
  await context.record.reproject([...touched, subjects.sweep(context.accountId)]);
  return stepped;
}
