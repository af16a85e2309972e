import type { CredentialHistory, OpenFinding } from '../domain/history.ts';
import { NOT_STARTED, replacementOf } from '../domain/rotation.ts';
import type { Instant } from '../domain/time.ts';
import { minute } from './evidence.ts';

/**
 * Whether nothing is left to rotate: a rotation is under way, a key was replaced, a secret was rotated since the finding
 * was opened, or the credential is out of use by our own doing. A rotation that failed leaves everything to do.
 */
export function rotationStands(history: CredentialHistory, finding: OpenFinding | undefined): boolean {
  const { rotation, quarantine, deleted } = history;
  if (quarantine !== undefined || deleted !== undefined) return true;
  if (rotation === undefined || rotation.state === 'failed') return false;
  if (rotation.state === 'begun' || replacementOf(rotation) !== undefined) return true;
  return finding !== undefined && rotation.at >= finding.openedAt;
}

/** What keeps a due rotation from its end, to be told once: it failed, or it cannot begin. */
export function troubleOf({ rotation, blocked }: CredentialHistory):
  | {
      readonly at: Instant;
      readonly why: string;
    }
  | undefined {
  if (blocked !== undefined)
    return {
      at: blocked.at,
      why: ` that it cannot be rotated (${blocked.code}): ${blocked.reason}; it stays in force until then`,
    };
  if (rotation?.state !== 'failed' || rotation.code === NOT_STARTED) return undefined;
  const { rotationId, secretId, code = 'unknown', at } = rotation;
  return {
    at,
    why: ` that its rotation ${rotationId} into ${secretId} failed on ${minute(at)} (${code}); the value before it is still in force`,
  };
}
