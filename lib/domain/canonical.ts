import { createHash } from 'node:crypto';
import canonicalizeJson from 'canonicalize';
import { JanitorError } from './error.ts';

/** RFC 8785 canonical JSON; throws `not-canonical` for what JSON cannot hold (NaN, lone surrogates, cycles). */
export function canonical(value: unknown): string {
  try {
    const text = canonicalizeJson(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw notCanonical(cause);
  }
  throw notCanonical(undefined);
}

function notCanonical(cause: unknown): JanitorError {
  return new JanitorError('a value cannot be written as canonical JSON', {
    code: 'not-canonical',
    source: 'system',
    cause,
  });
}

/** SHA-256 in lower-case hex of `tag`, a newline and the canonical JSON; the tag keeps hashes of different things apart. */
export function taggedHash(tag: string, value: unknown): string {
  return createHash('sha256')
    .update(`${tag}\n${canonical(value)}`, 'utf8')
    .digest('hex');
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
