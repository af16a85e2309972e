import type { LedgerEvent } from '../../domain/event.ts';
import { foldRotations, NOT_STARTED, type RotationState } from '../../domain/rotation.ts';
import { subjects } from '../../domain/subject.ts';
import { appendDeciding } from '../append.ts';
import type { ChainContext } from '../context.ts';
import { plainFields, recordable } from '../draft.ts';

export type RotationsStopped = Extract<LedgerEvent, { type: 'rotations.stopped' }>;

/** Why no rotation may begin in the account; undefined when they may. */
export async function readRotationsStopped(
  context: Pick<ChainContext, 'ledger'>,
  accountId: string,
): Promise<RotationsStopped | undefined> {
  return foldRotations(await context.ledger.chain(subjects.rotations(accountId)));
}

/**
 * After a failed rotation none begins in the account until a person says go. Once for each failure: what a person has
 * allowed to go on since is not stopped by it again.
 */
export async function stopRotations(
  context: ChainContext,
  { accountId, credentialId }: { readonly accountId: string; readonly credentialId: string },
  { rotationId, state, code = 'unknown', at }: RotationState,
  reason: string,
): Promise<void> {
  if (state !== 'failed' || code === NOT_STARTED) return;
  await appendDeciding(context.ledger, subjects.rotations(accountId), (events) => {
    if (foldRotations(events) !== undefined || wasStoppedFor(events, rotationId, at)) return undefined;
    return {
      ...plainFields(context),
      type: 'rotations.stopped',
      reason: recordable(reason),
      data: { rotationId, credentialId, code },
    };
  });
}

function wasStoppedFor(events: readonly LedgerEvent[], rotationId: string, failedAt: string): boolean {
  return events.some(
    (event) =>
      event.type === 'rotations.stopped' && event.data.rotationId === rotationId && event.at >= failedAt,
  );
}
