import { durationMs, durationSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

/** Messages of schemas are `what is wrong` and, on a second line, `what to write instead`. */
export function says(message: string, hint: string): string {
  return `${message}\n${hint}`;
}

const KNOWN_KEYS = 'known keys: ';

/** A map that refuses unknown keys and remembers which ones it knows, for the suggestion. */
export function strict<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${KNOWN_KEYS}${Object.keys(shape).join(' ')}` : undefined,
  });
}

/** The known keys that `strict` put into its message. */
export function knownKeysIn(message: string): string[] {
  return message.startsWith(KNOWN_KEYS) ? message.slice(KNOWN_KEYS.length).split(' ') : [];
}

/** One value, or a list of which one has to fit. */
export function oneOrMany<T extends z.ZodMiniType>(item: T) {
  return z.union([item, z.array(item).check(z.minLength(1))]);
}

/** A duration that is at least as long as another one. */
export function durationOfAtLeast(least: string, why: string) {
  return durationSchema.check(
    z.refine((text) => !isDuration(text) || durationMs(text) >= durationMs(least), {
      error: says(`is shorter than ${least}`, `${why}; write ${least} or more`),
    }),
  );
}

function isDuration(text: string): boolean {
  return durationSchema.safeParse(text).success;
}

export const positiveDuration = durationOfAtLeast('1m', 'zero is no duration');

export const accountIdSchema = z
  .string()
  .check(
    z.regex(/^\d{12}$/, says('is not an account id', 'write its twelve digits in quotes: "111122223333"')),
    z.describe('An AWS account id: twelve digits, in quotes.'),
  );

export const ouSchema = z
  .string()
  .check(
    z.regex(
      /^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|ou-[0-9a-z-]{1,64}|r-[0-9a-z]{4,32})$/,
      says('is not an organisational unit', 'write its id, such as ou-ab12-11111111, or r-ab12 for the root'),
    ),
    z.describe('The id of an organisational unit (ou-...) or of the root (r-...).'),
  );

export const directoryIdSchema = z
  .string()
  .check(
    z.regex(
      /^(?!unresolved$)[A-Za-z0-9][A-Za-z0-9._+@-]{0,63}$/,
      says('is not an id', 'use up to 64 letters, digits and . _ + - @, for example ana or team-payments'),
    ),
    z.describe('An id of directory.yaml.'),
  );

export const slugSchema = z
  .string()
  .check(
    z.regex(
      /^[a-z][a-z0-9-]{0,63}$/,
      says('is not an id', 'use lower-case letters, digits and dashes, up to 64'),
    ),
  );

export const dateSchema = z.iso
  .date({ error: says('is not a date', 'write year-month-day, for example 2026-10-01') })
  .check(z.describe('A date, year-month-day; it begins at midnight UTC.'));

export const mailSchema = z
  .email({ error: says('is not a mail address', 'write it in full, for example ana@example.com') })
  .check(z.describe('A mail address.'));

export const sentenceSchema = z.string().check(
  z.maxLength(1000),
  z.refine((text) => text.trim().length >= 10, {
    error: says('says too little', 'write one sentence that a reader in two years understands'),
  }),
);

export const pathPrefixSchema = z
  .string()
  .check(
    z.regex(
      /^\/([^\s*?]*\/)?$/,
      says('is not a path prefix', 'start and end it with a slash, without wildcards: /ci/'),
    ),
    z.describe(
      "A prefix that starts and ends with a slash: of the IAM user's path, or of a secret's name read as a path (the secret prod/db lies under /prod/).",
    ),
  );

export const namePatternSchema = z
  .string()
  .check(
    z.regex(
      /^[^*?\s][^*?]*\*?$/,
      says('is not a name', 'write the whole name, or its beginning with one * at the end: legacy-*'),
    ),
    z.describe(
      'A name in full, or its beginning followed by one *: of the IAM user, the access key id or the secret.',
    ),
  );

const tagValueSchema = z
  .union([z.string(), z.null()])
  .check(z.describe('The value the tag must have; "*": any value; null: the tag must be absent.'));

export const tagsPatternSchema = z
  .record(z.string().check(z.minLength(1), z.maxLength(128)), tagValueSchema)
  .check(
    z.refine((tags) => Object.keys(tags).length > 0, {
      error: says('names no tag', 'write key: value, key: "*" or key: null'),
    }),
    z.describe(
      'Tags on the user or the secret, all of which must fit. Keys on users ignore case, as AWS does.',
    ),
  );
