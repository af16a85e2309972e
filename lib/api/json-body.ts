import { JanitorError } from '../domain/error.ts';
import { invalid } from './field-problems.ts';
import type { ProblemCode } from './problem-codes.ts';

/** Of the decoded body. */
export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_DEPTH = 10;

const JSON_TYPE = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?$/i;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export interface RawBody {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly text: string | undefined;
  readonly isBase64: boolean;
}

/**
 * A body as one JSON document: how large and how deep it is is known before it is parsed, base64 is decoded strictly,
 * and keys that reach for prototypes are refused wherever they are. Middy's http-json-body-parser parses first, decodes
 * base64 and UTF-8 leniently, keeps the body in its error, and lets most such keys through.
 * @throws JanitorError `content-type-unsupported`, `body-too-large`, `body-not-json`, `body-too-deep`,
 * `body-key-forbidden`, `request-invalid`.
 */
export function jsonBody(raw: RawBody): unknown {
  const { contentType = '', contentEncoding = 'identity' } = raw;
  if (!JSON_TYPE.test(contentType.trim()) || contentEncoding.trim().toLowerCase() !== 'identity') {
    throw refused(
      'content-type-unsupported',
      'the body is not declared as plain application/json',
      'Send it with content-type: application/json, in UTF-8 and not compressed.',
    );
  }
  const text = decoded(raw);
  if (text === '') throw invalid([{ field: 'body', message: 'is missing' }]);
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) throw tooLarge();
  if (depthOf(text) > MAX_DEPTH) {
    throw refused(
      'body-too-deep',
      `the body is nested deeper than ${MAX_DEPTH} levels`,
      'No request needs that; openapi.json describes them.',
    );
  }
  const value = parsed(text);
  refuseKeysAndTexts(value, 'body');
  return value;
}

function decoded({ text = '', isBase64 }: RawBody): string {
  if (!isBase64) return text;
  if (text.length > (MAX_BODY_BYTES * 4) / 3 + 4) throw tooLarge();
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw notJson('its base64 is not well-formed');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notJson('its bytes are not UTF-8');
  }
}

/** The deepest nesting of brackets outside of strings; of text that is no JSON, at least what a parser would meet. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  // Whole strings are skipped at once; the pattern cannot backtrack, since each character fits one branch only.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"?|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson('it cannot be parsed');
  }
}

/** No deeper than `MAX_DEPTH`, so that it may recurse. */
function refuseKeysAndTexts(value: unknown, place: string): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw invalid([{ field: place, message: 'has half of a surrogate pair, which is no character' }]);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key) || !key.isWellFormed()) {
      throw refused(
        'body-key-forbidden',
        `${place} has a key that is never sent by a client`,
        'Leave it out.',
      );
    }
    refuseKeysAndTexts(inner, Array.isArray(value) ? `${place}[${key}]` : `${place}.${key}`);
  }
}

function refused(code: ProblemCode, message: string, hint: string): JanitorError {
  return new JanitorError(message, { code, source: 'user', hint });
}

function notJson(why: string): JanitorError {
  return refused(
    'body-not-json',
    `the body is not a JSON document: ${why}`,
    'Send one JSON document in UTF-8.',
  );
}

function tooLarge(): JanitorError {
  return refused(
    'body-too-large',
    `the body has more than ${MAX_BODY_BYTES} bytes`,
    'No request needs that much.',
  );
}
