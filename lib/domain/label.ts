import type { Instant } from './time.ts';

/**
 * Labels: the tags that say owner and expiry where people look.
 * - An access key cannot be tagged, so its user carries ONE tag per key: `janitor:AKIA...` = `owner=ana expires=2027-01-10`.
 *   A tag whose key is the bare access key id is the console's description of that key and never ours.
 * - A secret carries `janitor:owner` and `janitor:expires`.
 * Tag keys on users are case-insensitive, on secrets case-sensitive; fifty tags fit on either.
 */
export const LABEL_PREFIX = 'janitor:';
export const MAX_TAGS = 50;
export const MAX_TAG_KEY = 128;
export const MAX_TAG_VALUE = 256;

const OWNER_LABEL = `${LABEL_PREFIX}owner`;
const EXPIRES_LABEL = `${LABEL_PREFIX}expires`;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const ACCESS_KEY_LABEL = /^janitor:([A-Z0-9]{16,128})$/i;

type Tags = Readonly<Record<string, string>>;

/** Whether IAM accepts this as a tag key: 1 to 128 allowed characters, without the reserved prefix. */
export function isTagKey(key: string): boolean {
  return key.length > 0 && key.length <= MAX_TAG_KEY && TAG_TEXT.test(key) && !/^aws:/i.test(key);
}

/** Whether IAM accepts this as a tag value: up to 256 allowed characters. */
export function isTagValue(value: string): boolean {
  return value.length <= MAX_TAG_VALUE && TAG_TEXT.test(value);
}

/** The one tag on the user that labels this access key. */
export function accessKeyLabels(accessKeyId: string, owner: string, expiresAt: Instant): Tags {
  return { [`${LABEL_PREFIX}${accessKeyId}`]: `owner=${owner} expires=${expiresAt.slice(0, 10)}` };
}

export function secretLabels(owner: string, expiresAt: Instant): Tags {
  return { [OWNER_LABEL]: owner, [EXPIRES_LABEL]: expiresAt.slice(0, 10) };
}

/** The value of a tag; `caseSensitive` is true for secrets only. */
export function tagOf(tags: Tags, key: string, caseSensitive: boolean): string | undefined {
  if (Object.hasOwn(tags, key)) return tags[key];
  if (caseSensitive) return undefined;
  const wanted = key.toLowerCase();
  const found = Object.keys(tags).find((candidate) => candidate.toLowerCase() === wanted);
  return found === undefined ? undefined : tags[found];
}

/** The labels that the holder lacks or carries with another value; empty when all are in place. */
export function missingLabels(labels: Tags, tags: Tags, caseSensitive: boolean): Tags {
  return Object.fromEntries(
    Object.entries(labels).filter(([key, value]) => tagOf(tags, key, caseSensitive) !== value),
  );
}

/** The access key id that one of our tags on a user labels, in capitals; undefined for every other tag. */
export function labelledAccessKey(tagKey: string): string | undefined {
  return ACCESS_KEY_LABEL.exec(tagKey)?.[1]?.toUpperCase();
}

/**
 * Our labels of keys the user no longer has, to be removed so that they do not pile up.
 * `currentKeyIds` must be the complete list of the user's keys, read now.
 */
export function obsoleteAccessKeyLabels(tags: Tags, currentKeyIds: readonly string[]): string[] {
  const current = new Set(currentKeyIds.map((id) => id.toUpperCase()));
  return Object.keys(tags).filter((key) => {
    const id = labelledAccessKey(key);
    return id !== undefined && !current.has(id);
  });
}
