import type { LedgerEvent } from './event.ts';
import { ROTATORS } from './event-data.ts';
import { type Instant, instantSchema } from './time.ts';
import * as z from './zod.ts';

export const rotationSchema = z.lazy(() =>
  z.strictObject({
    rotationId: z.string(),
    secretId: z.string(),
    by: z.enum(ROTATORS),
    state: z.enum(['begun', 'finished', 'failed']),
    begunAt: instantSchema,
    /** When it set out to make a key, oldest first: a key made right after one of them that nothing holds is its own. */
    attempts: z.array(instantSchema),
    /** Of the newest of its events. */
    at: instantSchema,
    /** Keys that rotations made which did not finish, and that were not removed; newest last. */
    created: z.array(z.string()),
    /** The key that took this one's place; of a finished rotation of an access key. */
    accessKeyId: z.optional(z.string()),
    /** Why it failed. */
    code: z.optional(z.string()),
  }),
);
/** The newest rotation of a credential. */
export type RotationState = z.infer<typeof rotationSchema>;

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;

export type RotationEvent = EventOf<
  | 'rotation.begun'
  | 'rotation.resumed'
  | 'rotation.key-created'
  | 'rotation.key-removed'
  | 'rotation.finished'
  | 'rotation.failed'
>;

/**
 * One event further. A rotation that begins takes the place of the one before, and remembers what that one may have
 * left behind if it did not finish. What is told of another than the newest changes nothing, and a finished one stays finished.
 */
export function applyRotation(
  state: RotationState | undefined,
  event: RotationEvent,
): RotationState | undefined {
  const { rotationId } = event.data;
  if (event.type === 'rotation.begun') {
    if (state?.rotationId === rotationId) return state.state === 'failed' ? resumed(state, event.at) : state;
    const left = state === undefined || state.state === 'finished' ? NOTHING_LEFT : state;
    const { secretId, by } = event.data;
    const { at } = event;
    const attempts = [...left.attempts, at];
    return { rotationId, secretId, by, state: 'begun', begunAt: at, attempts, at, created: left.created };
  }
  if (state?.rotationId !== rotationId || state.state === 'finished') return state;
  const next = { ...state, at: event.at };
  switch (event.type) {
    case 'rotation.resumed':
      return resumed(state, event.at);
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

/** What a rotation that did not finish may have left behind goes on to the next one. */
const NOTHING_LEFT: Pick<RotationState, 'attempts' | 'created'> = { attempts: [], created: [] };

function resumed(state: RotationState, at: Instant): RotationState {
  const { code: _overcome, ...rest } = state;
  return { ...rest, state: 'begun', attempts: [...state.attempts, at], at };
}

function without(ids: readonly string[], id: string): string[] {
  return ids.filter((each) => each !== id);
}

/** When another access key took the place of this one, and which; undefined while none has. */
export function replacementOf(
  state: RotationState | undefined,
): { readonly accessKeyId: string; readonly secretId: string; readonly at: string } | undefined {
  if (state?.state !== 'finished' || state.accessKeyId === undefined) return undefined;
  const { accessKeyId, secretId, at } = state;
  return { accessKeyId, secretId, at };
}

/** Why it failed: AWS shows nothing of it, as after a crash. It begins anew by itself. */
export const NOT_STARTED = 'not-started';

/** Why no rotation begins in an account, from `rotations#<account>`: the newest stop that no person lifted. */
export function foldRotations(events: readonly LedgerEvent[]): EventOf<'rotations.stopped'> | undefined {
  let stopped: EventOf<'rotations.stopped'> | undefined;
  for (const event of events) {
    if (event.type === 'rotations.stopped') stopped = event;
    if (event.type === 'rotations.allowed') stopped = undefined;
  }
  return stopped;
}
