import { credentialOfId } from '../../domain/credential.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import type { CredentialHistory } from '../../domain/history.ts';
import { replacementOf } from '../../domain/rotation.ts';
import type { Instant } from '../../domain/time.ts';
import { day } from './say.ts';

/** An access key that a rotation replaced, and what became of it since: ids and places, never a value. */
export interface Replacement {
  readonly accessKeyId: string;
  readonly replacedBy: string;
  /** ARN of the secret that holds the new key. */
  readonly storedIn: string;
  readonly replacedAt: Instant;
  /** Who was told about the old key, and when. */
  readonly told: readonly { readonly recipient: string; readonly at: Instant }[];
  /** Of the old key, as last read; null: never used. Absent: not known. */
  readonly lastUsedAt?: Instant | null;
  readonly disabledAt?: Instant;
  readonly deletedAt?: Instant;
}

/** What the record says of the rotation of a key; undefined of every credential that no rotation replaced. */
export function replacementIn(
  credentialId: string,
  history: CredentialHistory,
  { events, facts }: { readonly events: readonly LedgerEvent[]; readonly facts: readonly ReadFact[] },
): Replacement | undefined {
  const by = replacementOf(history.rotation);
  const old = credentialOfId(credentialId);
  if (by === undefined || old?.kind !== 'access-key') return undefined;
  const used = lastUseIn(facts);
  const { quarantine, deleted } = history;
  return {
    accessKeyId: old.name,
    replacedBy: by.accessKeyId,
    storedIn: by.secretId,
    replacedAt: by.at,
    told: events.flatMap(({ type, data, at }) =>
      type === 'owner.notified' ? [{ recipient: data.recipient, at }] : [],
    ),
    ...(used === undefined ? {} : { lastUsedAt: used }),
    ...(quarantine === undefined ? {} : { disabledAt: quarantine.since }),
    ...(deleted === undefined ? {} : { deletedAt: deleted.at }),
  };
}

/** A fact as an explanation shows it. */
type ReadFact =
  | { readonly name: string; readonly value: unknown }
  | { readonly name: string; readonly unknown: string };

function lastUseIn(facts: readonly ReadFact[]): Instant | null | undefined {
  const fact = facts.find(({ name }) => name === 'lastUsedAt');
  if (fact === undefined || 'unknown' in fact) return undefined;
  return typeof fact.value === 'string' || fact.value === null ? fact.value : undefined;
}

/** The same for people, one line each. */
export function replacementLines(replacement: Replacement): string[] {
  const { accessKeyId, replacedBy, storedIn, replacedAt, told, lastUsedAt, disabledAt, deletedAt } =
    replacement;
  return [
    `old key ${accessKeyId}, replaced on ${day(replacedAt)}`,
    `new key ${replacedBy}, stored in ${storedIn}`,
    told.length === 0
      ? 'nobody was told'
      : `told: ${told.map(({ recipient, at }) => `${recipient} on ${day(at)}`).join(', ')}`,
    `old key last used: ${whenOf(lastUsedAt, 'not known')}`,
    `old key disabled: ${whenOf(disabledAt, 'no')}`,
    `old key deleted: ${whenOf(deletedAt, 'no')}`,
  ];
}

function whenOf(instant: Instant | null | undefined, otherwise: string): string {
  if (instant === null) return 'never';
  return instant === undefined ? otherwise : `on ${day(instant)}`;
}

/** A rotation that has not ended, in one sentence; undefined where none has begun. */
export function rotatingSentence({ rotation }: CredentialHistory): string | undefined {
  if (rotation?.state !== 'begun') return undefined;
  const { rotationId, secretId, begunAt } = rotation;
  return `It is being rotated since ${day(begunAt)}: rotation ${rotationId} into ${secretId} has not finished; the value before is in force.`;
}

/** A key that was replaced and is still in force. */
export function replacedSentence({ rotation }: CredentialHistory): string | undefined {
  const by = replacementOf(rotation);
  if (by === undefined) return undefined;
  return `It was replaced on ${day(by.at)} by ${by.accessKeyId}, which is stored in ${by.secretId}; it is still in force.`;
}
