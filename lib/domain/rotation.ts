import * as z from 'zod';
import type { LedgerEvent } from './event.ts';
import { instantSchema } from './time.ts';

export const rotationSchema = z.strictObject({
  rotationId: z.string(),
  secretId: z.string(),
  state: z.enum(['begun', 'finished', 'failed']),
  begunAt: instantSchema,
  /** Of the newest of its events. */
  at: instantSchema,
  /** Keys it made and did not remove, newest last. */
  created: z.array(z.string()),
  /** The key that took this one's place; of a finished rotation of an access key. */
  accessKeyId: z.string().optional(),
  /** Why it failed. */
  code: z.string().optional(),
});
/** The newest rotation of a credential. */
export type RotationState = z.infer<typeof rotationSchema>;

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;

export type RotationEvent = EventOf<
  'rotation.begun' | 'rotation.key-created' | 'rotation.key-removed' | 'rotation.finished' | 'rotation.failed'
>;

/**
 * One event further. A rotation that begins takes the place of the one before; what is told of another than the newest
 * changes nothing, and a finished one stays finished.
 */
export function applyRotation(
  state: RotationState | undefined,
  event: RotationEvent,
): RotationState | undefined {
  const { rotationId } = event.data;
  if (event.type === 'rotation.begun') {
    if (state?.rotationId === rotationId && state.state !== 'failed') return state;
    const created = state?.rotationId === rotationId ? state.created : [];
    const { secretId } = event.data;
    return { rotationId, secretId, state: 'begun', begunAt: event.at, at: event.at, created };
  }
  if (state?.rotationId !== rotationId || state.state === 'finished') return state;
  const next = { ...state, at: event.at };
  switch (event.type) {
    case 'rotation.key-created':
      return {
        ...next,
        created: [...without(state.created, event.data.accessKeyId), event.data.accessKeyId],
      };
    case 'rotation.key-removed':
      return { ...next, created: without(state.created, event.data.accessKeyId) };
    case 'rotation.finished': {
      const { accessKeyId } = event.data;
      const { code: _overcome, ...finished } = next;
      return { ...finished, state: 'finished', ...(accessKeyId === undefined ? {} : { accessKeyId }) };
    }
    case 'rotation.failed':
      return { ...next, state: 'failed', code: event.data.code };
  }
}

function without(ids: readonly string[], id: string): string[] {
  return ids.filter((each) => each !== id);
}

/** Why no rotation begins in an account, from `rotations#<account>`: the newest stop that no person lifted. */
export function foldRotations(events: readonly LedgerEvent[]): EventOf<'rotations.stopped'> | undefined {
  let stopped: EventOf<'rotations.stopped'> | undefined;
  for (const event of events) {
    if (event.type === 'rotations.stopped') stopped = event;
    if (event.type === 'rotations.allowed') stopped = undefined;
  }
  return stopped;
}
