import type { RotationSight } from '../../actions/index.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import { NOT_STARTED, type RotationState } from '../../domain/rotation.ts';
import { STORE_KEY_TAG } from '../../domain/rotation-store.ts';
import { humanDuration, type Instant, MINUTE_MS, plus } from '../../domain/time.ts';

/** How long AWS may take to show a rotation that it was asked for, in milliseconds. */
const SHOWN_MS = 5 * MINUTE_MS;

/** Where a rotation stands, as AWS shows it. */
export type RotationSeen =
  | { readonly is: 'running' }
  /** `accessKeyId`: of the key that took the place of one. */
  | { readonly is: 'finished'; readonly accessKeyId?: string }
  | { readonly is: 'failed'; readonly code: string; readonly reason: string };

export interface Watched {
  readonly rotation: RotationState;
  readonly history: CredentialHistory;
  readonly now: Instant;
  readonly timeoutMs: number;
}

const RUNNING: RotationSeen = { is: 'running' };

/** Judges a rotation by the labels of its secret. `undefined`: there is no such secret. */
export function rotationSeen(watched: Watched, sight: RotationSight | undefined): RotationSeen {
  const { rotation } = watched;
  if (sight === undefined) return failed('secret-gone', `${rotation.secretId} no longer exists`);
  const own = sight.labels[rotation.rotationId];
  if (own?.includes('AWSCURRENT') === true) return finishedOf(rotation, sight);
  if (sight.deleted) {
    return failed(
      'secret-scheduled-for-deletion',
      `${rotation.secretId} was scheduled for deletion meanwhile; restore it, then rotate again`,
    );
  }
  // The janitor's own walk is taken up again before it counts as overdue.
  if (rotation.by === 'janitor') return RUNNING;
  return troubleAt(watched, sight, own) ?? overdueOf(watched) ?? RUNNING;
}

/** What the janitor walks itself it also finishes itself: the tag of the store comes before the record. */
function finishedOf({ by, created }: RotationState, { tags }: RotationSight): RotationSeen {
  if (by === 'janitor') return RUNNING;
  const tagged = tags[STORE_KEY_TAG];
  const accessKeyId = tagged !== undefined && created.includes(tagged) ? tagged : created.at(-1);
  return { is: 'finished', ...(accessKeyId === undefined ? {} : { accessKeyId }) };
}

function overdueOf({ rotation, now, timeoutMs }: Watched): RotationSeen | undefined {
  if (now < plus(rotation.begunAt, timeoutMs)) return undefined;
  const time = humanDuration(timeoutMs);
  return failed('overdue', `it has not finished within ${time}; see why in the log of its rotation function`);
}

function troubleAt(
  watched: Watched,
  { rotates, labels }: RotationSight,
  own: readonly string[] | undefined,
): RotationSeen | undefined {
  const { rotationId, secretId } = watched.rotation;
  if (!rotates) return failed('rotation-disabled', `rotation of ${secretId} was switched off meanwhile`);
  const elsewhere = Object.keys(labels).find(
    (id) =>
      id !== rotationId && labels[id]?.includes('AWSPENDING') === true && !labels[id].includes('AWSCURRENT'),
  );
  if (elsewhere !== undefined) {
    const wayOut = 'take AWSPENDING off it (secretsmanager:UpdateSecretVersionStage), then rotate again';
    return failed(
      'stuck',
      `AWSPENDING sits on version ${elsewhere}, not on the one of this rotation; ${wayOut}`,
    );
  }
  if (own?.includes('AWSPENDING') === true) return undefined;
  if (own === undefined && !wasSeen(watched)) {
    return watched.now < plus(watched.rotation.at, SHOWN_MS)
      ? RUNNING
      : failed(NOT_STARTED, 'AWS shows nothing of it; it begins anew');
  }
  return failed('cancelled', `version ${rotationId} is no longer pending: somebody cancelled the rotation`);
}

/** Whether AWS once showed it: its start was read back, or it made a key. */
function wasSeen({ rotation, history }: Watched): boolean {
  const starts = Object.values(history.findings).flatMap(({ done }) => done);
  return (
    rotation.created.length > 0 || starts.some(({ step, at }) => step === 'rotate' && at >= rotation.begunAt)
  );
}

function failed(code: string, reason: string): RotationSeen {
  return { is: 'failed', code, reason };
}
