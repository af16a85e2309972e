import { isTagKey, isTagValue, LABEL_PREFIX, labelledAccessKey, MAX_TAGS } from '../domain/label.ts';
import * as z from '../domain/zod.ts';
import { type Prepared, refused } from './change.ts';

/** Tag keys of IAM users are compared without regard to case, those of secrets with. */
export type TagCase = 'insensitive' | 'sensitive';

export type Tags = Readonly<Record<string, string>>;
/** The tags a change touches, before or after it; null: not there. */
export const tagStateSchema = z.lazy(() =>
  z.strictObject({ tags: z.record(z.string(), z.nullable(z.string())) }),
);
export type TagState = Readonly<Record<string, string | null>>;

/** What has to be sent, and which tags it touches. */
export interface TagPlan {
  readonly set: Tags;
  readonly remove: readonly string[];
  /** Removing comes first only where the 50-tag limit demands it: otherwise a crash between the calls loses nothing. */
  readonly removeFirst: boolean;
  readonly before: TagState;
  readonly after: TagState;
}

export interface WantedTags {
  readonly labels: Tags;
  readonly obsolete: readonly string[];
  /** For undoing: what our change left; refused when it is not so any more (I8). */
  readonly left?: TagState;
}

/**
 * Plans how `current` becomes `wanted`, touching `janitor:` keys only. A label whose key exists in another case on
 * a user replaces that tag (IAM keeps one of them); such a key is never removed as well, which would remove both.
 */
export function planTags(
  current: Tags,
  wanted: WantedTags,
  rule: TagCase,
): { readonly ok: true; readonly plan: TagPlan } | Extract<Prepared, { ok: false }> {
  const bad = badTag(wanted, rule);
  if (bad !== undefined) return bad;
  if (wanted.left !== undefined && !tagsMatch(current, wanted.left, rule)) {
    return refused('changed-since', 'a tag that we set or removed was changed by somebody since');
  }
  const present = (key: string) => Object.keys(current).find((each) => fold(each, rule) === fold(key, rule));
  const keeps = new Set(Object.keys(wanted.labels).map((key) => fold(key, rule)));
  const remove = new Set(
    wanted.obsolete.flatMap((key) => (keeps.has(fold(key, rule)) ? [] : (present(key) ?? []))),
  );
  const changes = Object.entries(wanted.labels).some(([key, value]) => current[present(key) ?? ''] !== value);
  if (!changes && remove.size === 0) return refused('nothing-to-do', 'the tags are already as they shall be');
  const set = changes ? wanted.labels : {};
  const added = Object.keys(set).filter((key) => present(key) === undefined).length;
  const counted = Object.keys(current).filter((key) => !key.toLowerCase().startsWith('aws:')).length;
  const after = counted - remove.size + added;
  if (after > MAX_TAGS) {
    return refused(
      'tags-full',
      `it would carry ${after} tags, AWS allows ${MAX_TAGS}; remove one it does not need`,
    );
  }
  const states = touched(current, set, [...remove], present);
  return { ok: true, plan: { set, remove: [...remove], removeFirst: counted + added > MAX_TAGS, ...states } };
}

function touched(
  current: Tags,
  set: Tags,
  remove: readonly string[],
  present: (key: string) => string | undefined,
): { readonly before: TagState; readonly after: TagState } {
  const before: Record<string, string | null> = {};
  const after: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(set)) {
    const existing = present(key);
    before[existing ?? key] = existing === undefined ? null : (current[existing] ?? null);
    after[key] = value;
  }
  for (const key of remove) {
    before[key] = current[key] ?? null;
    after[key] = null;
  }
  return { before, after };
}

/** Whether the tags there are say what a state says of the keys it names. */
export function tagsMatch(current: Tags, state: TagState, rule: TagCase): boolean {
  return Object.entries(state).every(([key, value]) => {
    const values = valuesOf(current, key, rule);
    return value === null ? values.length === 0 : values.length > 0 && values.every((each) => each === value);
  });
}

/** The tags there are now of the keys a state names, for the record. */
export function observedTags(current: Tags, states: readonly TagState[], rule: TagCase): TagState {
  const names = states.flatMap((state) => Object.keys(state));
  const folded = new Set(names.map((name) => fold(name, rule)));
  const there = Object.entries(current).filter(([key]) => folded.has(fold(key, rule)));
  const seen = new Set(there.map(([key]) => fold(key, rule)));
  const missing = names.filter((name) => !seen.has(fold(name, rule))).map((name) => [name, null]);
  return Object.fromEntries([...there, ...missing]);
}

function valuesOf(current: Tags, key: string, rule: TagCase): string[] {
  return Object.entries(current).flatMap(([each, value]) =>
    fold(each, rule) === fold(key, rule) ? [value] : [],
  );
}

function fold(key: string, rule: TagCase): string {
  return rule === 'insensitive' ? key.toLowerCase() : key;
}

function badTag({ labels, obsolete }: WantedTags, rule: TagCase) {
  for (const key of [...Object.keys(labels), ...obsolete]) {
    if (!fold(key, rule).startsWith(LABEL_PREFIX)) {
      return refused(
        'tag-not-ours',
        `the tag "${key}" is not one of ours: our keys start with ${LABEL_PREFIX}`,
      );
    }
  }
  const protectedKey =
    rule === 'insensitive' ? obsolete.find((key) => labelledAccessKey(key) === undefined) : undefined;
  if (protectedKey !== undefined) {
    return refused(
      'tag-not-ours',
      `the tag "${protectedKey}" is not ${LABEL_PREFIX}<access key id>, so it is not removed`,
    );
  }
  for (const [key, value] of Object.entries(labels)) {
    if (!isTagKey(key) || !isTagValue(value)) {
      const allowed =
        'letters, digits, spaces and _ . : / = + - @, 128 characters in a key and 256 in a value';
      return refused('tag-invalid', `AWS would refuse the tag "${key}": allowed are ${allowed}`);
    }
  }
  if (new Set(Object.keys(labels).map((key) => fold(key, rule))).size < Object.keys(labels).length) {
    return refused('tag-invalid', 'two of the tags have keys that AWS takes for the same');
  }
  return undefined;
}

/** Tags as AWS lists them. */
interface TagEntry {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function tagMap(entries: readonly TagEntry[]): Tags {
  return Object.fromEntries(entries.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
