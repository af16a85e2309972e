import * as z from 'zod';
import { type JsonOperation, type JsonValue, jsonOperation } from '../json-protocol.ts';
import { pageLimit, pageToken, tokenPosition } from '../paging.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { describeFully, describeListed } from './describe.ts';
import { namedSecret, regionalSecrets, secretId } from './lookup.ts';
import type { Secret } from './state.ts';

const FILTER_KEYS = [
  'description',
  'name',
  'tag-key',
  'tag-value',
  'primary-region',
  'owning-service',
  'all',
] as const;

const filterSchema = z.object({
  Key: z.enum(FILTER_KEYS),
  Values: z
    .array(z.string().regex(/^!?[ -~]+$/))
    .min(1)
    .max(10),
});
type Filter = z.infer<typeof filterSchema>;

const listSecretsInput = z.object({
  MaxResults: z.int().min(1).max(100).optional(),
  NextToken: z.string().optional(),
  IncludePlannedDeletion: z.boolean().optional(),
  Filters: z.array(filterSchema).max(10).optional(),
  SortOrder: z.literal('asc').optional(),
});

/** Oldest first. Hides what is scheduled for deletion unless asked; all filters must match. */
function listSecrets(call: Call, input: z.infer<typeof listSecretsInput>): JsonValue {
  const start = input.NextToken === undefined ? 0 : position(call, input.NextToken);
  const filters = input.Filters ?? [];
  const keep = (secret: Secret) =>
    (input.IncludePlannedDeletion === true || secret.deletedAt === undefined) &&
    filters.every((filter) => passes(secret, filter));
  const limit = pageLimit(call, input.MaxResults, 100);
  const { values, next } = regionalSecrets(call).byName.slice(start, limit, keep);
  return {
    SecretList: values.map((secret) => describeListed(secret, call.now)),
    NextToken: next === undefined ? undefined : pageToken(call, next),
  };
}

function position(call: Call, token: string): number {
  const found = tokenPosition(call, token);
  if (found !== undefined) return found;
  throw new ServiceError('InvalidNextTokenException', 400, 'The NextToken value is invalid.');
}

/** Any value matches as a prefix; a value that begins with `!` excludes instead. */
function passes(secret: Secret, filter: Filter): boolean {
  const texts = searchedTexts(secret, filter.Key);
  const wanted = filter.Values.filter((value) => !value.startsWith('!'));
  const unwanted = filter.Values.filter((value) => value.startsWith('!')).map((value) => value.slice(1));
  const startsWithAny = (prefixes: readonly string[]) =>
    texts.some((text) => prefixes.some((prefix) => text.startsWith(prefix)));
  return (wanted.length === 0 || startsWithAny(wanted)) && !startsWithAny(unwanted);
}

function searchedTexts(secret: Secret, key: Filter['Key']): readonly string[] {
  if (key === 'name') return [secret.name];
  if (key === 'description') return [secret.description ?? ''];
  if (key === 'tag-key') return secret.tags.map((tag) => tag.key);
  if (key === 'tag-value') return secret.tags.map((tag) => tag.value);
  if (key === 'primary-region') return [secret.primaryRegion ?? ''];
  if (key === 'owning-service') return [secret.owningService ?? ''];
  const everywhere = FILTER_KEYS.filter((each) => each !== 'all');
  return everywhere
    .flatMap((each) => searchedTexts(secret, each))
    .flatMap((text) => text.split(/[\s/_+=.@!-]+/));
}

const describeSecretInput = z.object({ SecretId: secretId });

export const LIST_OPERATIONS: Readonly<Record<string, JsonOperation>> = {
  ListSecrets: jsonOperation(listSecretsInput, listSecrets),
  DescribeSecret: jsonOperation(describeSecretInput, (call, input) =>
    describeFully(call, namedSecret(call, input.SecretId)),
  ),
};
