import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { JanitorError, messageOf } from '../domain/error.ts';
import type { EvidenceReference } from '../domain/event.ts';
import {
  type ManifestFooter,
  type ManifestHeader,
  type ManifestLine,
  manifestCredentialSchema,
  manifestFooterSchema,
  manifestHeaderSchema,
  manifestHeadSchema,
} from '../domain/manifest.ts';
import * as z from '../domain/zod.ts';
import { type EvidenceStore, hashing } from './evidence-store.ts';

export interface Manifest {
  readonly header: ManifestHeader;
  /** Credentials, then heads ascending by subject. To be read once; the bytes are verified when it ends. */
  readonly lines: AsyncIterable<ManifestLine>;
  /** Reads what is left of `lines`, then gives the footer. */
  footer(): Promise<ManifestFooter>;
}

/** How each kind of line begins; what the writer writes and nothing else. */
const STARTS = {
  header: '{"header":',
  credential: '{"credential":',
  head: '{"head":',
  footer: '{"footer":',
} as const;
type LineKind = keyof typeof STARTS;

/** Which kind of line a text is, without parsing it. */
export function isLine(kind: LineKind, text: string): boolean {
  return text.startsWith(STARTS[kind]);
}

/**
 * Reads a manifest as a stream. Throws `evidence-missing` when it is not there, and `evidence-altered` as soon as
 * its text, or at the end its bytes, are not those the ledger refers to: use nothing before `lines` has ended well.
 */
export async function readManifest(store: EvidenceStore, reference: EvidenceReference): Promise<Manifest> {
  const texts = manifestText(store, reference);
  const first = await texts.next();
  const header = parseHeader(reference, first.done === true ? '' : first.value);
  let footer: ManifestFooter | undefined;
  async function* lines(): AsyncGenerator<ManifestLine> {
    for await (const text of texts) {
      if (footer !== undefined) throw altered(reference, 'something follows its footer');
      if (isLine('footer', text)) footer = parseFooter(reference, text);
      else yield parseManifestLine(reference, text);
    }
  }
  const reading = lines();
  return {
    header,
    lines: reading,
    async footer() {
      for await (const _rest of reading);
      if (footer === undefined) throw altered(reference, 'its footer is missing');
      return footer;
    },
  };
}

/** The lines as text, verified against the reference once the last one was read. */
export async function* manifestText(
  store: EvidenceStore,
  reference: EvidenceReference,
): AsyncGenerator<string> {
  const body = await store.get(reference.key);
  if (body === undefined) throw missing(reference);
  const hash = createHash('sha256');
  const gunzip = createGunzip();
  const piped = pipeline(Readable.from(hashing(body, hash)), gunzip);
  piped.catch(() => undefined);
  let rest = '';
  try {
    for await (const chunk of gunzip.setEncoding('utf8')) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    await piped;
  } catch (error) {
    throw error instanceof JanitorError ? error : altered(reference, messageOf(error));
  }
  if (rest !== '') throw altered(reference, 'its last line is not whole');
  if (hash.digest('hex') !== reference.sha256) throw altered(reference, 'its SHA-256 is another');
}

export function parseHeader(reference: EvidenceReference, text: string): ManifestHeader {
  return parsed(reference, z.strictObject({ header: manifestHeaderSchema }), text).header;
}

export function parseFooter(reference: EvidenceReference, text: string): ManifestFooter {
  return parsed(reference, z.strictObject({ footer: manifestFooterSchema }), text).footer;
}

export function parseManifestLine(reference: EvidenceReference, text: string): ManifestLine {
  if (isLine('head', text)) return parsed(reference, headLine, text).head;
  return parsed(reference, manifestCredentialSchema, text);
}

const headLine = z.lazy(() => z.strictObject({ head: manifestHeadSchema }));

function parsed<T>(reference: EvidenceReference, schema: z.ZodMiniType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw altered(reference, 'a line of it is not JSON');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw altered(reference, `a line of it has another shape (${z.prettifyError(result.error)})`);
}

export function missing({ key }: EvidenceReference): JanitorError {
  return new JanitorError(`The evidence ${key} is not in the store`, {
    code: 'evidence-missing',
    source: 'system',
    hint: 'Its retention may have ended, or this is another evidence store: check the bucket or --state-dir.',
    details: { key },
  });
}

/** Evidence that is not what the ledger says it is. */
function altered({ key }: EvidenceReference, reason: string): JanitorError {
  return new JanitorError(`The evidence ${key} is not what was recorded: ${reason}`, {
    code: 'evidence-altered',
    source: 'system',
    hint: 'Run `janitor ledger verify`; restore the object from its earlier version or a backup.',
    details: { key },
  });
}
