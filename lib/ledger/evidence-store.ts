import { createHash, type Hash } from 'node:crypto';
import { JanitorError } from '../domain/error.ts';
import type { EvidenceReference } from '../domain/event.ts';
import { POLICY_EVIDENCE } from './sweep-record.ts';

export type EvidenceBody = AsyncIterable<Uint8Array> | Uint8Array;

export interface StoredEvidence {
  readonly key: string;
  /** Lower-case hex of what is stored. */
  readonly sha256: string;
}

/**
 * Write-once objects: manifests, archived policies. A key that exists keeps its content: putting the same again is
 * fine, putting something else throws `evidence-exists`. Unreachable: `evidence-unavailable`.
 */
export interface EvidenceStore {
  put(key: string, body: EvidenceBody): Promise<StoredEvidence>;
  /** Undefined when there is no such key. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Keys that start with the prefix, ascending. */
  list(prefix: string): AsyncIterable<string>;
}

/** `attempt`: of a sweep whose process may have died between manifest and event, and which another one finishes. */
export function manifestKey(accountId: string, sweepId: string, attempt?: string): string {
  return `manifests/${accountId}/${attempt === undefined ? sweepId : `${sweepId}_${attempt}`}.jsonl.gz`;
}

export function policyKey(policyHash: string): string {
  return `policies/${policyHash}.json`;
}

/** Archives the policy a sweep judged by, so that it can be explained and replayed later (G8, G9). */
export async function archivePolicyText(
  store: EvidenceStore,
  policyHash: string,
  text: string,
): Promise<EvidenceReference> {
  const stored = await store.put(policyKey(policyHash), Buffer.from(text, 'utf8'));
  return { kind: POLICY_EVIDENCE, key: stored.key, sha256: stored.sha256 };
}

/** The archived policy, or undefined when it was never archived or is no longer kept. */
export function readPolicyText(store: EvidenceStore, policyHash: string): Promise<string | undefined> {
  return readText(store, policyKey(policyHash));
}

/** A small text object whole, or undefined when there is no such key. */
export async function readText(store: Pick<EvidenceStore, 'get'>, key: string): Promise<string | undefined> {
  const body = await store.get(key);
  if (body === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

/** The parts of a key, each a plain file name, so that no key can leave its store. Throws `evidence-key-invalid`. */
export function keySegments(key: string): string[] {
  const segments = key.split('/');
  if (segments.every((segment) => SEGMENT.test(segment))) return segments;
  throw new JanitorError(`"${key}" cannot be the key of evidence`, {
    code: 'evidence-key-invalid',
    source: 'system',
    hint: 'Each part between slashes has letters, digits, dots, hyphens and underscores and does not start with a dot.',
  });
}

export function evidenceExists(key: string): JanitorError {
  return new JanitorError(`Evidence ${key} exists already with other content; it was not overwritten`, {
    code: 'evidence-exists',
    source: 'system',
    hint: 'Keep both: evidence is written once. Run the command again; a new sweep writes under a new key.',
    details: { key },
  });
}

export async function* chunksOf(body: EvidenceBody): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else yield* body;
}

/** Passes a body on while hashing it. */
export async function* hashing(body: EvidenceBody, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunksOf(body)) {
    hash.update(chunk);
    yield chunk;
  }
}

/** SHA-256 in lower-case hex of a body, or undefined when there is none. */
export async function sha256OfBody(body: EvidenceBody | undefined): Promise<string | undefined> {
  if (body === undefined) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(body)) hash.update(chunk);
  return hash.digest('hex');
}
