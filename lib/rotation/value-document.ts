import type { NewKey, VersionValue } from '../actions/index.ts';
import type { JanitorError } from '../domain/error.ts';
import type { DocumentFields } from '../domain/rotation-store.ts';
import { Sensitive } from '../domain/sensitive.ts';
import * as z from '../domain/zod.ts';
import { trouble } from './trouble.ts';

/** The value of a store, parsed: a key of a user, and whatever else the document holds. */
export interface KeyDocument {
  readonly key: NewKey;
  /** As the document says; it may leave it out. */
  readonly userName: string | undefined;
  /** The whole document, in its order; numbers as they are written. In memory only. */
  readonly whole: Readonly<Record<string, unknown>>;
}

const documentSchema = z.lazy(() => z.record(z.string(), z.unknown()));
const accessKeyIdSchema = z.lazy(() => z.string().check(z.regex(/^[A-Z0-9]{16,128}$/)));
const secretSchema = z.lazy(() => z.string().check(z.minLength(1), z.maxLength(4_096)));
const userNameSchema = z.lazy(() => z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/)));

/**
 * Reads a value. Throws `value-binary`, `value-empty` or `value-malformed`; no error repeats any part of the value, and
 * none has the parser's own error as cause, which would.
 */
export function readDocument(value: VersionValue, fields: DocumentFields, about: string): KeyDocument {
  if ('binary' in value) {
    throw trouble('value-binary', `the value of ${about} is binary`, {
      hint: `Store a JSON document with ${named(fields)} as SecretString.`,
    });
  }
  const text = value.text.reveal();
  if (text.trim() === '') {
    throw trouble('value-empty', `the value of ${about} is empty`, {
      hint: `Store a JSON document with ${named(fields)}, or remove the empty version.`,
    });
  }
  const whole = documentSchema.safeParse(parsed(text)).data;
  if (whole === undefined) throw malformed(about, 'it is no JSON object', fields);
  return documentOf(whole, fields, about);
}

function documentOf(
  whole: Readonly<Record<string, unknown>>,
  fields: DocumentFields,
  about: string,
): KeyDocument {
  const accessKeyId = accessKeyIdSchema.safeParse(own(whole, fields.accessKeyId)).data;
  if (accessKeyId === undefined) {
    throw malformed(about, `its field ${fields.accessKeyId} is no access key id`, fields);
  }
  const secret = secretSchema.safeParse(own(whole, fields.secretAccessKey)).data;
  if (secret === undefined)
    throw malformed(about, `its field ${fields.secretAccessKey} is no secret`, fields);
  const userName = z.optional(userNameSchema).safeParse(own(whole, fields.userName));
  if (!userName.success) throw malformed(about, `its field ${fields.userName} is no user name`, fields);
  return { key: { accessKeyId, secretAccessKey: new Sensitive(secret) }, userName: userName.data, whole };
}

/**
 * The document with another key: every other field of the one before stays as it is, in its place. Without a document
 * before it holds the three fields alone.
 */
export function writeDocument(
  before: KeyDocument | undefined,
  key: NewKey,
  userName: string,
  fields: DocumentFields,
): Sensitive {
  return new Sensitive(
    JSON.stringify({
      ...before?.whole,
      [fields.accessKeyId]: key.accessKeyId,
      [fields.secretAccessKey]: key.secretAccessKey.reveal(),
      [fields.userName]: userName,
    }),
  );
}

/** Whether two documents differ in nothing but the key: nobody changed another field in between. */
export function sameBeside(one: KeyDocument, other: KeyDocument, fields: DocumentFields): boolean {
  return beside(one, fields) === beside(other, fields);
}

function beside({ whole }: KeyDocument, fields: DocumentFields): string {
  const ours: readonly string[] = Object.values(fields);
  const others = Object.entries(whole).filter(([name]) => !ours.includes(name));
  return JSON.stringify(others.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Numbers keep the digits they are written with: a document is not ours to round. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_name, value, { source }) =>
      typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value,
    );
  } catch {
    return undefined;
  }
}

function own(whole: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(whole, name) ? whole[name] : undefined;
}

function named({ accessKeyId, secretAccessKey, userName }: DocumentFields): string {
  return `the fields ${accessKeyId}, ${secretAccessKey} and ${userName}`;
}

function malformed(about: string, why: string, fields: DocumentFields): JanitorError {
  return trouble('value-malformed', `the value of ${about} is not a key of an IAM user: ${why}`, {
    hint: `Store a JSON document with ${named(fields)}; what the fields are called is set in the policy (rotation.fields).`,
  });
}
