import { type QueryInput, type QueryOperation, validationError } from '../query-protocol.ts';
import { type Call, recordChange } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { type Tag, tagMap } from '../tag.ts';
import type { XmlValue } from '../xml.ts';
import { listPage, namedUser } from './lookup.ts';
import type { User } from './state.ts';

export const MAX_TAGS = 50;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What is wrong with a tag of IAM; undefined when nothing is. */
export function tagProblem(tag: Tag): string | undefined {
  if (tag.key.length < 1 || tag.key.length > 128) return `the key "${tag.key}" must have 1 to 128 characters`;
  if (tag.value.length > 256) return `the value of "${tag.key}" must have at most 256 characters`;
  if (!CHARACTERS.test(tag.key))
    return `the key "${tag.key}" has characters beyond letters, digits, spaces and _.:/=+-@`;
  if (!CHARACTERS.test(tag.value)) {
    return `the value of "${tag.key}" has characters beyond letters, digits, spaces and _.:/=+-@`;
  }
  return tag.key.toLowerCase().startsWith('aws:')
    ? `the key "${tag.key}" has the reserved prefix aws:`
    : undefined;
}

/** Tags of a request; throws ValidationError or InvalidInput as IAM does. */
export function validTags(input: QueryInput, existing: readonly Tag[]): readonly Tag[] {
  const tags = input.tags('Tags');
  for (const tag of tags) checkTag(tag);
  const keys = tags.map((tag) => tag.key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw new ServiceError(
      'InvalidInput',
      400,
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  const merged = [...existing.filter((tag) => !keys.includes(tag.key.toLowerCase())), ...tags];
  if (merged.length > MAX_TAGS) {
    throw new ServiceError('LimitExceeded', 409, 'The number of tags has reached the maximum limit.');
  }
  return merged;
}

function checkTag(tag: Tag): void {
  if (tagProblem(tag) === undefined) return;
  if (tag.key.toLowerCase().startsWith('aws:')) {
    throw new ServiceError('InvalidInput', 400, 'System tags cannot be added/updated by requester');
  }
  const badKey = tag.key.length < 1 || tag.key.length > 128 || !CHARACTERS.test(tag.key);
  const [member, value, longest] = badKey ? ['key', tag.key, 128] : ['value', tag.value, 256];
  const constraint =
    value.length === 0
      ? 'Member must have length greater than or equal to 1'
      : value.length > longest
        ? `Member must have length less than or equal to ${longest}`
        : String.raw`Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`;
  throw validationError(
    `1 validation error detected: Value '${value}' at 'tags.1.member.${member}' failed to satisfy constraint: ${constraint}`,
  );
}

export function describeTag(tag: Tag): { Key: string; Value: string } {
  return { Key: tag.key, Value: tag.value };
}

/** Tags that are there already change nothing. */
function writeTags(call: Call, user: User, tags: readonly Tag[]): void {
  const before = user.tags.durable;
  if (isSame(before, tags)) return;
  user.tags.write(tags, call.now, call.world.visibleAt(call.now));
  recordChange(call, user.name, { tags: tagMap(before) }, { tags: tagMap(tags) });
}

function isSame(a: readonly Tag[], b: readonly Tag[]): boolean {
  const values = new Map(a.map((tag) => [tag.key, tag.value]));
  return a.length === b.length && b.every((tag) => values.get(tag.key) === tag.value);
}

function tagUser(call: Call, input: QueryInput): XmlValue {
  const user = namedUser(call, input);
  writeTags(call, user, validTags(input, user.tags.durable));
  return undefined;
}

function untagUser(call: Call, input: QueryInput): XmlValue {
  const user = namedUser(call, input);
  const keys = input.list('TagKeys').map((key) => key.toLowerCase());
  const kept = user.tags.durable.filter((tag) => !keys.includes(tag.key.toLowerCase()));
  writeTags(call, user, kept);
  return undefined;
}

function listUserTags(call: Call, input: QueryInput): XmlValue {
  const user = namedUser(call, input);
  return listPage(call, input, user.tags.read(call.now), 'Tags', describeTag);
}

export const TAG_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  TagUser: tagUser,
  UntagUser: untagUser,
  ListUserTags: listUserTags,
};
