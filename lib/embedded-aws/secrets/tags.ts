import * as z from 'zod';
import { type JsonOperation, type JsonValue, jsonOperation } from '../json-protocol.ts';
import type { Call } from '../service.ts';
import { type Tag, tagMap } from '../tag.ts';
import { invalidParameter, primarySecret, secretId } from './lookup.ts';
import { changeSecret } from './write.ts';

export const tagList = z.array(
  z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256).optional() }),
);
const tagResourceInput = z.object({ SecretId: secretId, Tags: tagList });
const untagResourceInput = z.object({ SecretId: secretId, TagKeys: z.array(z.string()) });

const MAX_TAGS = 50;

/** Keys differ by case. Throws InvalidParameterException for reserved keys and a 51st tag. */
export function mergedTags(existing: readonly Tag[], given: z.infer<typeof tagList>): readonly Tag[] {
  const reserved = given.find((tag) => tag.Key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) {
    throw invalidParameter(`Tag keys that start with aws: are reserved: ${reserved.Key}`);
  }
  const merged = new Map(existing.map((tag) => [tag.key, tag.value]));
  for (const tag of given) merged.set(tag.Key, tag.Value ?? '');
  if (merged.size > MAX_TAGS) throw invalidParameter(`A secret can have at most ${MAX_TAGS} tags.`);
  return [...merged].map(([key, value]) => ({ key, value }));
}

function tagResource(call: Call, input: z.infer<typeof tagResourceInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  writeTags(call, secret, mergedTags(secret.tags, input.Tags));
  return undefined;
}

function untagResource(call: Call, input: z.infer<typeof untagResourceInput>): JsonValue {
  const secret = primarySecret(call, input.SecretId);
  writeTags(
    call,
    secret,
    secret.tags.filter((tag) => !input.TagKeys.includes(tag.key)),
  );
  return undefined;
}

function writeTags(call: Call, secret: ReturnType<typeof primarySecret>, tags: readonly Tag[]): void {
  changeSecret(call, secret, { tags: tagMap(secret.tags) }, { tags: tagMap(tags) }, (copy) => {
    copy.tags = tags;
  });
}

export const SECRET_TAG_OPERATIONS: Readonly<Record<string, JsonOperation>> = {
  TagResource: jsonOperation(tagResourceInput, tagResource),
  UntagResource: jsonOperation(untagResourceInput, untagResource),
};
