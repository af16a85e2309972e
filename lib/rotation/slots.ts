import { readKeyUse, type UserKey } from '../actions/index.ts';
import type { JanitorError } from '../domain/error.ts';
import type { Admitted } from './admission.ts';
import type { RotationContext } from './context.ts';
import { trouble } from './trouble.ts';

/** Keys a user may have, by AWS's quota, which cannot be raised; more were seen. */
const SLOTS = 2;

interface ExplainedKey extends UserKey {
  readonly lastUsed: string;
  /** Whether a version of the store holds it. */
  readonly inStore: boolean;
}

/**
 * A user whose slots are full gets no new key, and none of the keys is touched: all that is known of each is told, so
 * that a person can tell whose it is. `slots-full`, or `third-key` beyond the quota; undefined: one slot is free.
 */
export async function fullSlots(
  context: RotationContext,
  { user }: Pick<Admitted, 'user'>,
  keys: readonly UserKey[],
  held: ReadonlySet<string>,
): Promise<JanitorError | undefined> {
  if (keys.length < SLOTS) return undefined;
  const explained: ExplainedKey[] = [];
  for (const key of keys) {
    const { lastUsed } = await readKeyUse(context.clients, key.accessKeyId);
    const told = lastUsed === undefined ? 'not known' : lastUsed === 'never' ? 'never' : lastUsed.at;
    explained.push({ ...key, lastUsed: told, inStore: held.has(key.accessKeyId) });
  }
  const code = keys.length > SLOTS ? 'third-key' : 'slots-full';
  return trouble(
    code,
    `${user.arn} has ${keys.length} access keys and no slot is free: ${explained.map(sentence).join('; ')}`,
    { hint: wayOut(explained), details: { keys: explained } },
  );
}

function sentence({ accessKeyId, status, lastUsed, inStore }: ExplainedKey): string {
  const use = lastUsed === 'never' || lastUsed === 'not known' ? lastUsed : `on ${lastUsed}`;
  const place = inStore ? 'held by the secret' : 'not in the secret';
  return `${accessKeyId} (${status}, ${place}, last used: ${use})`;
}

function wayOut(keys: readonly ExplainedKey[]): string {
  const used = keys.filter(({ lastUsed }) => lastUsed !== 'never');
  const outside = keys.filter(({ inStore }) => !inStore);
  if (used.length === 0) {
    return 'None was ever used: delete those that nobody holds, then rotate again.';
  }
  if (used.length === 1) {
    const [only] = used;
    return `Only ${only?.accessKeyId} is in use: have the other deleted, by a rule for unused keys or by its owner, then rotate again.`;
  }
  const where = outside.map(({ accessKeyId }) => accessKeyId).join(' and ');
  return `Several are in use, so there may be several consumers: find out who uses ${where === '' ? 'each' : where}, move that consumer to the secret, and have the key deleted once it is unused.`;
}
