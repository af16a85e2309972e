import { drivenRotationOf } from '../actions/index.ts';
import type { CredentialHistory, OpenIntent } from '../domain/history.ts';
import { MINUTE_MS, plus } from '../domain/time.ts';
import { look, type OpenChange, type Seen, settle } from './change.ts';
import type { SweepContext } from './context.ts';
import { plainFields } from './draft.ts';

/** After an intent's `actBefore`, how long AWS may still take to show an effect before "not applied" is believed. */
export const SETTLE_MS = 5 * MINUTE_MS;

/**
 * Settles an intent without outcome by looking at AWS; never by acting again (I7). Before the settling time, or when
 * AWS cannot be read, the intent stays open and holds its credential.
 */
export async function reconcile(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
): Promise<{ readonly history: CredentialHistory; readonly settled: boolean }> {
  const intent = history.openIntent;
  if (intent === undefined) return { history, settled: false };
  const seen = begunSince(intent, history) ?? (await look(context, intent.scope));
  const mayStillAppear = context.clock.now() < plus(intent.actBefore, SETTLE_MS);
  if (seen.state === 'unreadable') return { history, settled: false };
  if (seen.state !== 'applied' && mayStillAppear) return { history, settled: false };

  const open = await openChange(context, credentialId, intent);
  if (open === undefined) return { history: await context.record.read(credentialId), settled: false };
  if (seen.state === 'applied') {
    const outcome = await settle(context, open, history, 'done', {
      ...plainFields(context),
      type: 'step.done',
      reason: 'The outcome was not recorded at the time; AWS shows it done.',
      data: {
        change: open.change,
        intent: intent.seq,
        reconciled: true,
        observed: seen.observed,
        ...(seen.recoverableUntil === undefined ? {} : { recoverableUntil: seen.recoverableUntil }),
      },
    });
    return { history: outcome.history, settled: true };
  }
  const reason =
    seen.state === 'not-applied'
      ? 'The attempt had no effect: AWS shows the credential as it was before.'
      : 'AWS shows neither the state before nor the one intended: somebody else changed it.';
  const outcome = await settle(context, open, history, 'abandoned', {
    ...plainFields(context),
    type: 'step.abandoned',
    reason,
    data: { change: open.change, intent: intent.seq, guard: seen.state },
  });
  return { history: outcome.history, settled: true };
}

/** A rotation that the janitor walks itself is started once its begin is recorded; how it goes on is on the chain. */
function begunSince({ scope }: OpenIntent, { rotation }: CredentialHistory): Seen | undefined {
  const driven = drivenRotationOf(scope);
  if (driven === undefined) return undefined;
  const isBegun = rotation?.rotationId === driven.rotationId;
  return { state: isBegun ? 'applied' : 'not-applied', observed: { rotationId: driven.rotationId } };
}

async function openChange(
  context: SweepContext,
  credentialId: string,
  intent: OpenIntent,
): Promise<OpenChange | undefined> {
  const events = await context.ledger.chain(`credential#${credentialId}`);
  const event = events.find((candidate) => candidate.seq === intent.seq);
  return event === undefined
    ? undefined
    : { credentialId, change: intent.change, scope: intent.scope, intent: event };
}
