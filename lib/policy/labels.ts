import { type Credential, type Facts, ID_NOT_READ } from '../domain/credential.ts';
import { isKnown, knownValue } from '../domain/fact.ts';
import { accessKeyLabels, missingLabels, secretLabels } from '../domain/label.ts';
import { durationMs, type Instant, latest, plus } from '../domain/time.ts';
import type { JanitorDocument } from './janitor-schema.ts';
import type { Ownership } from './owner.ts';

/**
 * When a credential should end: its own expiry, or the lifetime the policy gives its kind. Null when there is none or
 * a fact it rests on is unknown. A secret counts from its last rotation or creation, not from its last change: AWS
 * moves that date on any change, our own tags included, and an expiry that moves whenever it is written never settles.
 */
export function expiryOf(
  lifetime: JanitorDocument['lifetime'],
  { kind }: Credential,
  facts: Facts,
): Instant | null {
  if (kind === 'service-specific-credential') return knownValue(facts.expiresAt) ?? null;
  const allowed = lifetime[kind];
  if (allowed === undefined) return null;
  const from = startOf(kind, facts);
  return from === undefined ? null : plus(from, durationMs(allowed));
}

function startOf(kind: Credential['kind'], facts: Facts): Instant | undefined {
  const created = knownValue(facts.createdAt);
  if (kind !== 'secret' && kind !== 'console-password') return created;
  const renewal = kind === 'secret' ? facts.lastRotatedAt : facts.lastChangedAt;
  if (created === undefined || renewal === undefined || !isKnown(renewal)) return undefined;
  return renewal.value === null ? created : latest(created, renewal.value);
}

/** The labels a credential's holder should carry, and whether it does. */
export interface LabelState {
  readonly labels: Readonly<Record<string, string>>;
  /** `none`: no labels are meant for it. */
  readonly state: 'same' | 'different' | 'none' | 'unknown';
  readonly why: string;
}

const NONE: Readonly<Record<string, string>> = {};

/** Which labels are due. Without the key's id, the tags or the expiry there are none to compare. */
export function labelStateOf(
  credential: Credential,
  facts: Facts,
  { owner }: Ownership,
  lifetime: JanitorDocument['lifetime'],
  expiresAt: Instant | null,
): LabelState {
  const { kind } = credential;
  if (kind !== 'access-key' && kind !== 'secret')
    return { labels: NONE, state: 'none', why: `no labels are meant for ${kind}` };
  if (lifetime[kind] === undefined)
    return { labels: NONE, state: 'none', why: `no labels are due: the policy sets no lifetime for ${kind}` };
  if (!isKnown(facts.tags)) return { labels: NONE, state: 'unknown', why: 'tags are unknown' };
  if (expiresAt === null)
    return { labels: NONE, state: 'unknown', why: 'its creation or last rotation is unknown' };
  const labels = labelsOf(credential, facts, owner.id, expiresAt);
  if (labels === undefined) return unlabellable(facts);
  const missing = Object.keys(missingLabels(labels, facts.tags.value, kind === 'secret'));
  return missing.length === 0
    ? { labels, state: 'same', why: 'labels of owner and expiry are in place' }
    : { labels, state: 'different', why: `labels are missing or differ: ${missing.join(', ')}` };
}

/** A healthy key whose id nobody asked for is no unknown: only readings that record or are full look at its labels. */
function unlabellable({ accessKeyId }: Facts): LabelState {
  if (accessKeyId !== undefined && 'unknown' in accessKeyId && accessKeyId.unknown === ID_NOT_READ)
    return {
      labels: NONE,
      state: 'none',
      why: 'its labels were not looked at, as its access key id was not read',
    };
  return { labels: NONE, state: 'unknown', why: 'access key id is unknown' };
}

function labelsOf(
  { kind }: Credential,
  facts: Facts,
  owner: string,
  expiresAt: Instant,
): Readonly<Record<string, string>> | undefined {
  if (kind === 'secret') return secretLabels(owner, expiresAt);
  const id = knownValue(facts.accessKeyId);
  return id === undefined ? undefined : accessKeyLabels(id, owner, expiresAt);
}
