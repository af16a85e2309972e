import type { Instant } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { SIGNED_HEADERS } from './proof.ts';

/** A presigned GetCallerIdentity request, taken apart. It is sent from these parts, never from the text it came in. */
export interface PresignedRequest {
  readonly host: string;
  readonly query: Readonly<Record<string, string>>;
  readonly signedAt: Instant;
  /** What its signer allowed, in milliseconds. */
  readonly lifetimeMs: number;
  readonly signature: string;
}

export type PresignedRefusal = 'malformed' | 'wrong-host' | 'wrong-action' | 'wrong-headers' | 'wrong-scope';

export type PresignedReading =
  | { readonly ok: true; readonly request: PresignedRequest }
  | { readonly ok: false; readonly reason: PresignedRefusal };

const HOST = /^https:\/\/([^/?#\\]*)(.*)$/s;
/** Unreserved characters and percent-encoding alone: nothing that two parsers could read in two ways. */
const PATH_AND_QUERY = /^\/\?((?:[\w.~&=-]|%[0-9A-Fa-f]{2})+)$/;

const signatureSchema = z.lazy(() =>
  z.strictObject({
    'X-Amz-Algorithm': z.literal('AWS4-HMAC-SHA256'),
    'X-Amz-Credential': z.string(),
    'X-Amz-Date': z.string().check(z.regex(/^\d{8}T\d{6}Z$/)),
    'X-Amz-Expires': z.string().check(z.regex(/^[1-9]\d{0,5}$/)),
    'X-Amz-SignedHeaders': z.string(),
    'X-Amz-Security-Token': z.optional(z.string().check(z.regex(/^[A-Za-z0-9+/=_-]+$/))),
    'X-Amz-Signature': z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  }),
);

const CREDENTIAL = /^[A-Z0-9]{16,128}\/(\d{8})\/([a-z0-9-]+)\/sts\/aws4_request$/;

/** Reads a URL strictly: one of `hosts`, the path `/`, one Action, each parameter once and known, a scope that fits. */
export function readPresigned(url: string, hosts: ReadonlyMap<string, string>): PresignedReading {
  const refused = (reason: PresignedRefusal): PresignedReading => ({ ok: false, reason });
  const [, host, rest] = HOST.exec(url) ?? [];
  if (host === undefined || rest === undefined) return refused('malformed');
  const region = hosts.get(host);
  if (region === undefined) return refused('wrong-host');
  const text = PATH_AND_QUERY.exec(rest)?.[1];
  const query = text === undefined ? undefined : readQuery(text);
  if (query === undefined) return refused('malformed');
  if (!asksWhoSigned(query)) return refused('wrong-action');
  const { Action: _action, Version: _version, ...others } = Object.fromEntries(query);
  const parsed = signatureSchema.safeParse(others);
  if (!parsed.success) return refused('malformed');
  const signed = parsed.data;
  if (signed['X-Amz-SignedHeaders'] !== SIGNED_HEADERS) return refused('wrong-headers');
  const date = signed['X-Amz-Date'];
  const [, scopeDate, scopeRegion] = CREDENTIAL.exec(signed['X-Amz-Credential']) ?? [];
  if (scopeDate !== date.slice(0, 8) || scopeRegion !== region) return refused('wrong-scope');
  const signedAt = instantOf(date);
  if (signedAt === undefined) return refused('malformed');
  const lifetimeMs = Number(signed['X-Amz-Expires']) * 1000;
  return {
    ok: true,
    request: {
      host,
      query: Object.fromEntries(query),
      signedAt,
      lifetimeMs,
      signature: signed['X-Amz-Signature'],
    },
  };
}

/** Whether GetCallerIdentity is all that is asked: each parameter once, and none but it, its version and a signature's. */
function asksWhoSigned(query: readonly (readonly [string, string])[]): boolean {
  const names = query.map(([name]) => name);
  if (new Set(names).size < names.length) return false;
  const parameters = new Map(query.filter(([name]) => !name.startsWith('X-Amz-')));
  return (
    parameters.size === 2 &&
    parameters.get('Action') === 'GetCallerIdentity' &&
    parameters.get('Version') === '2011-06-15'
  );
}

/** Names and values, decoded, in their order; undefined when a part is no pair or no UTF-8. */
function readQuery(text: string): [string, string][] | undefined {
  const pairs: [string, string][] = [];
  for (const part of text.split('&')) {
    const [name, value, ...more] = part.split('=').map(decode);
    if (name === undefined || value === undefined || more.length > 0) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `20260131T090000Z` as an instant; undefined for a day or an hour that does not exist. */
function instantOf(date: string): Instant | undefined {
  const text = date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const millis = Date.parse(text);
  return Number.isNaN(millis) || new Date(millis).toISOString() !== text ? undefined : text;
}
