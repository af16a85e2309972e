import { type KeyUse, readKeyUse, removeUserKey, type UserKey } from '../actions/index.ts';
import type { RotationState } from '../domain/rotation.ts';
import { elapsed, isBefore, MINUTE_MS, plus } from '../domain/time.ts';
import type { Admitted } from './admission.ts';
import type { RotationContext } from './context.ts';
import type { RotationRecord } from './record.ts';
import { trouble } from './trouble.ts';

/** A key made so long after a rotation set out to make one can be its own: waits, a call's time-out, and clocks. */
export const ATTEMPT_WINDOW_MS = 5 * MINUTE_MS;
/** IAM tells whole seconds, and its clock is not ours. */
const SKEW_MS = 5_000;
/** Last-used dates are at most this precise. */
const USE_MARGIN_MS = 15 * MINUTE_MS;

/** Between making a key and storing it another process may take so long: retries of a call, and its time-outs. */
const UNDER_WAY_MS = 2 * MINUTE_MS;

type Left = Pick<RotationState, 'created' | 'attempts' | 'at' | 'state'>;

/**
 * Removes the keys that a crash left: made by a rotation of this credential that did not finish, held by no version of
 * the secret, used by nobody. Ours is a key that the ledger names, or one that appeared right after a rotation set out to
 * make a key and was never used (its answer was lost). Every other key is somebody's and stays.
 * Returns the user's keys without them. Throws `remove-unknown`, and `attempt-under-way` while another process may be
 * about to store what looks like an orphan.
 */
export async function removeOrphans(
  context: RotationContext,
  search: OrphanSearch,
): Promise<readonly UserKey[]> {
  const { user, record, keys, held } = search;
  const left = await record.left();
  if (left === undefined) return keys;
  const found = suspects(left, keys, held);
  if (found.length > 0 && search.mayBeUnderWay) refuseUnderWay(left, context.clock.now());
  const gone = new Set<string>();
  for (const accessKeyId of found) {
    const isOurs = mayBeRemoved(await readKeyUse(context.clients, accessKeyId), accessKeyId, left, keys);
    if (!isOurs) continue;
    const removed = await removeUserKey(
      context.clients,
      { userName: user.userName, accessKeyId },
      context.pause,
    );
    if (removed === 'not-removed') {
      throw trouble('remove-unknown', `the key ${accessKeyId}, left by a rotation, could not be removed`, {
        source: 'system',
        hint: 'The rotation is tried again; if it persists, delete the key by hand: nobody has received it.',
        details: { accessKeyId },
      });
    }
    await record.keyRemoved(accessKeyId, 'no version of the secret holds it');
    gone.add(accessKeyId);
  }
  return keys.filter(({ accessKeyId }) => !gone.has(accessKeyId));
}

export interface OrphanSearch extends Pick<Admitted, 'user'> {
  readonly record: RotationRecord;
  /** The user's keys as IAM lists them now: one just made may not be among them yet. */
  readonly keys: readonly UserKey[];
  /** Held by a version of the secret, or what is to be replaced. */
  readonly held: ReadonlySet<string>;
  /** Whether another process could still store a key of this rotation: not once its version has a value. */
  readonly mayBeUnderWay: boolean;
}

function refuseUnderWay({ state, at }: Left, now: string): void {
  if (state !== 'begun' || elapsed(at, now) >= UNDER_WAY_MS) return;
  throw trouble(
    'attempt-under-way',
    `another attempt at this rotation was made at ${at} and may be under way`,
    {
      source: 'system',
      hint: 'Try again in two minutes: a key that it left will be removed then.',
    },
  );
}

/** Those the ledger names come by their id: they can be removed before a listing shows them. */
function suspects(
  { created, attempts }: Left,
  keys: readonly UserKey[],
  held: ReadonlySet<string>,
): string[] {
  const appeared = keys.filter(({ createdAt }) => attempts.some((at) => isRightAfter(createdAt, at)));
  const ids = new Set([...created, ...appeared.map(({ accessKeyId }) => accessKeyId)]);
  return [...ids].filter((id) => !held.has(id));
}

function isRightAfter(createdAt: string, attempt: string): boolean {
  return (
    !isBefore(createdAt, plus(attempt, -SKEW_MS)) && isBefore(createdAt, plus(attempt, ATTEMPT_WINDOW_MS))
  );
}

function mayBeRemoved(
  { lastUsed }: KeyUse,
  accessKeyId: string,
  { created, at }: Left,
  keys: readonly UserKey[],
): boolean {
  if (lastUsed === 'never') return true;
  if (!created.includes(accessKeyId)) return false;
  // Not to be found by IAM any more, or not yet: nobody can have used it.
  if (lastUsed === undefined) return !keys.some((key) => key.accessKeyId === accessKeyId);
  return lastUsed.service === 'sts' && isBefore(lastUsed.at, plus(at, USE_MARGIN_MS));
}
