import { isKnown } from '../domain/fact.ts';
import { type Instant, isBefore } from '../domain/time.ts';
import type { KeySlot } from './report-rows.ts';

/** What a listing, or the memory of one, says of a key. */
export interface KnownKey {
  readonly accessKeyId: string;
  readonly createdAt: Instant | undefined;
  /** `active`, `inactive`, ... */
  readonly status: string;
}

export interface MatchedKey<K extends KnownKey> {
  readonly key: K;
  /** The slot of the credential report that speaks of this key; absent when none does beyond doubt. */
  readonly slot: KeySlot | undefined;
}

export interface Matching<K extends KnownKey> {
  readonly keys: readonly MatchedKey<K>[];
  /** Slots that show a key which is not among the keys: deleted since, or a mismatch. */
  readonly leftOver: readonly KeySlot[];
}

/**
 * Joins keys, which have ids, with the slots of the credential report, which have none.
 *
 * 1. By creation instant to the second, where exactly one key and one slot have it. Two keys created in the
 *    same second cannot be told apart (Guardian's case): neither gets a slot.
 * 2. A slot without a date (IAM may write none for an inactive key) goes by elimination to the only key left
 *    with its status, if that key is older than the report.
 *
 * Everything else is a mismatch: the slot may speak of a key deleted since, the key may be a third one that
 * the report does not show. A key without a slot needs GetAccessKeyLastUsed; it never silently counts as unused.
 */
export function matchKeys<K extends KnownKey>(
  keys: readonly K[],
  slots: readonly KeySlot[],
  reportAsOf: Instant,
): Matching<K> {
  const visible = slots.filter((slot) => slot.present === 'yes');
  if (isTooThin(keys, visible, reportAsOf)) {
    return { keys: keys.map((key) => ({ key, slot: undefined })), leftOver: visible };
  }
  const taken = new Map<K, KeySlot>();
  const doubtful = twins(keys, visible);
  for (const key of keys) {
    if (doubtful.has(secondOf(key.createdAt))) continue;
    const slot = visible.find((each) => isSameSecond(key, each));
    if (slot !== undefined) taken.set(key, slot);
  }
  const isFree = (slot: KeySlot) =>
    ![...taken.values()].includes(slot) && !doubtful.has(secondOf(rotation(slot)));
  const freeSlots = visible.filter(isFree);
  const freeKeys = keys.filter((key) => !taken.has(key) && !doubtful.has(secondOf(key.createdAt)));
  for (const key of freeKeys) {
    const slot = onlyCandidate(key, freeKeys, freeSlots, reportAsOf);
    if (slot !== undefined) taken.set(key, slot);
  }
  return {
    keys: keys.map((key) => ({ key, slot: taken.get(key) })),
    leftOver: visible.filter((slot) => ![...taken.values()].includes(slot)),
  };
}

/** A key is gone and a slot has no date: the key that is left may be the dateless one, whatever its second. */
function isTooThin(keys: readonly KnownKey[], visible: readonly KeySlot[], reportAsOf: Instant): boolean {
  if (visible.every((slot) => rotation(slot) !== undefined)) return false;
  const reported = keys.filter(
    ({ createdAt }) => createdAt === undefined || !isBefore(reportAsOf, createdAt),
  );
  return reported.length < visible.length;
}

/** Seconds shared by several keys or several slots. */
function twins(keys: readonly KnownKey[], slots: readonly KeySlot[]): Set<string | undefined> {
  const repeated = (seconds: readonly (string | undefined)[]) =>
    seconds.filter((second, index) => second !== undefined && seconds.indexOf(second) !== index);
  return new Set([
    ...repeated(keys.map((key) => secondOf(key.createdAt))),
    ...repeated(slots.map((slot) => secondOf(rotation(slot)))),
  ]);
}

function onlyCandidate<K extends KnownKey>(
  key: K,
  keys: readonly K[],
  slots: readonly KeySlot[],
  reportAsOf: Instant,
): KeySlot | undefined {
  if (key.createdAt === undefined || isBefore(reportAsOf, key.createdAt)) return undefined;
  const rivals = keys.filter((each) => isActive(each) === isActive(key));
  const [only, ...others] = slots.filter((slot) => rotation(slot) === undefined && hasStatus(slot, key));
  return rivals.length === 1 && others.length === 0 ? only : undefined;
}

function isActive(key: KnownKey): boolean {
  return key.status === 'active';
}

function rotation(slot: KeySlot): Instant | undefined {
  return isKnown(slot.rotatedAt) ? (slot.rotatedAt.value ?? undefined) : undefined;
}

function isSameSecond(key: KnownKey, slot: KeySlot): boolean {
  const second = secondOf(key.createdAt);
  return second !== undefined && second === secondOf(rotation(slot));
}

/** `2026-01-31T09:00:00`: the report's precision. */
function secondOf(instant: Instant | undefined): string | undefined {
  return instant?.slice(0, 19);
}

/**
 * Whether the report still shows exactly the keys that are remembered: each in its slot, with its status, and
 * none beside them. Otherwise the user's keys must be listed again.
 */
export function isUnchanged(
  remembered: readonly KnownKey[],
  slots: readonly KeySlot[],
  reportAsOf: Instant,
): boolean {
  if (slots.some((slot) => slot.present === 'unknown' || slot.present === 'unread')) return false;
  const { keys, leftOver } = matchKeys(remembered, slots, reportAsOf);
  return leftOver.length === 0 && keys.every(({ key, slot }) => slot !== undefined && hasStatus(slot, key));
}

function hasStatus(slot: KeySlot, key: KnownKey): boolean {
  return isKnown(slot.active) && slot.active.value === isActive(key);
}
