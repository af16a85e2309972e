import { lookAtRotation, type RotationSight } from '../../actions/index.ts';
import { accountOf } from '../../domain/credential.ts';
import type { EventDraft } from '../../domain/event.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import { NOT_STARTED, type RotationState } from '../../domain/rotation.ts';
import { durationMs } from '../../domain/time.ts';
import { recordDeciding } from '../append.ts';
import type { SweepContext } from '../context.ts';
import { plainFields, recordable } from '../draft.ts';
import { type RotationSeen, rotationSeen } from './seen.ts';
import { stopRotations } from './stop.ts';

/**
 * Looks at a rotation that has not finished and records how it ended, if it has: a late end overcomes a failure. A failed
 * one stops the rotations of the account. Changes nothing in AWS; what cannot be read now is looked at the next time.
 */
export async function watchRotation(
  context: SweepContext,
  credentialId: string,
  history: CredentialHistory,
): Promise<CredentialHistory> {
  const { rotation, openIntent, deleted } = history;
  if (rotation === undefined || rotation.state === 'finished' || rotation.code === NOT_STARTED)
    return history;
  if (openIntent !== undefined || deleted !== undefined) return history;
  const seen = await seenNow(context, rotation, history);
  const draft = seen === undefined ? undefined : draftOf(context, rotation, seen);
  const recorded =
    draft === undefined
      ? { history }
      : await recordDeciding(context.record, credentialId, history, (current) =>
          isStill(current.rotation, rotation) ? draft : undefined,
        );
  const after = recorded.history.rotation;
  if (after !== undefined) await stopAfter(context, credentialId, after, seen);
  return recorded.history;
}

async function seenNow(
  context: SweepContext,
  rotation: RotationState,
  history: CredentialHistory,
): Promise<RotationSeen | undefined> {
  const sight = await sightNow(context, rotation.secretId);
  if (sight === 'unreadable') return undefined;
  const timeoutMs = durationMs(context.policy.document.rotation.timeout);
  return rotationSeen({ rotation, history, now: context.clock.now(), timeoutMs }, sight);
}

async function sightNow(
  { clients }: SweepContext,
  secretId: string,
): Promise<RotationSight | undefined | 'unreadable'> {
  const read = await lookAtRotation(clients, secretId);
  if (read.ok) return read.value;
  return read.code === 'not-found' ? undefined : 'unreadable';
}

function draftOf(context: SweepContext, rotation: RotationState, seen: RotationSeen): EventDraft | undefined {
  const { rotationId, secretId } = rotation;
  if (seen.is === 'finished') {
    const { accessKeyId } = seen;
    return {
      ...plainFields(context),
      type: 'rotation.finished',
      data: { rotationId, secretId, ...(accessKeyId === undefined ? {} : { accessKeyId }) },
    };
  }
  if (seen.is === 'running' || rotation.state === 'failed') return undefined;
  return {
    ...plainFields(context),
    type: 'rotation.failed',
    reason: recordable(seen.reason),
    data: { rotationId, secretId, code: seen.code },
  };
}

function isStill(now: RotationState | undefined, before: RotationState): boolean {
  return now?.rotationId === before.rotationId && now.state === before.state;
}

async function stopAfter(
  context: SweepContext,
  credentialId: string,
  rotation: RotationState,
  seen: RotationSeen | undefined,
): Promise<void> {
  const accountId = accountOf(credentialId) ?? context.accountId;
  const reason = seen?.is === 'failed' ? seen.reason : 'janitor explain shows why it failed';
  await stopRotations(context, { accountId, credentialId }, rotation, reason);
}
