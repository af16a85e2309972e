import { createGzip, type Gzip } from 'node:zlib';
import * as z from 'zod';
import { JanitorError } from '../domain/error.ts';
import type { EvidenceReference } from '../domain/event.ts';
import {
  isManifestHead,
  type ManifestFooter,
  type ManifestHeader,
  type ManifestLine,
  manifestCredentialSchema,
  manifestFooterSchema,
  manifestHeaderSchema,
  manifestHeadSchema,
} from '../domain/manifest.ts';
import { type ChainHead, MerkleTree, sortedHeads } from '../domain/merkle.ts';
import { type EvidenceStore, manifestKey, type StoredEvidence } from './evidence-store.ts';
import { unavailable } from './store-error.ts';
import { MANIFEST_EVIDENCE } from './sweep-record.ts';

/** The footer without what the writer finds out by itself. */
export type FooterInput = Omit<ManifestFooter, 'merkleRoot' | 'heads'>;

/** Text is compressed in pieces of about this many characters. */
const PIECE = 64 * 1024;

/** Begins the manifest of one sweep; it exists in the store only once `finish` has returned. */
export function openManifest(store: EvidenceStore, header: ManifestHeader): ManifestWriter {
  return new ManifestWriter(store, header);
}

/** Writes a manifest as a stream: memory holds one piece of text and the heads, never the credentials. */
export class ManifestWriter {
  readonly #gzip = createGzip();
  readonly #stored: Promise<StoredEvidence>;
  readonly #heads: ChainHead[] = [];
  #piece: string;

  constructor(store: EvidenceStore, header: ManifestHeader) {
    this.#piece = `${JSON.stringify({ header: valid(manifestHeaderSchema, header, 'header') })}\n`;
    // A stream destroyed by `abort` or a failing store reports through `#stored`; its own event would be unhandled.
    this.#gzip.on('error', () => undefined);
    this.#stored = store.put(manifestKey(header.accountId, header.sweepId), this.#gzip);
    this.#stored.catch(() => this.#gzip.destroy());
  }

  /**
   * Takes one credential, or one head (an event will do; kept until the end, because heads are written in order).
   * Waits while the store is slower; throws what the store throws, and `manifest-invalid`.
   */
  async add(line: ManifestLine): Promise<void> {
    if (isManifestHead(line)) {
      const { subject, seq, hash } = line;
      this.#heads.push(valid(manifestHeadSchema, { subject, seq, hash }, 'head'));
      return;
    }
    await this.#write(valid(manifestCredentialSchema, line, 'credential'));
  }

  /** Root and number of the heads added so far: what `sweep.finished` records. Throws `merkle-duplicate`. */
  headsRoot(): { readonly merkleRoot: string; readonly heads: number } {
    const tree = new MerkleTree();
    for (const head of sortedHeads(this.#heads)) tree.add(head);
    return { merkleRoot: tree.root(), heads: tree.count };
  }

  /** Writes heads and footer and waits until all of it is stored. */
  async finish(footer: FooterInput): Promise<EvidenceReference> {
    const whole = valid(manifestFooterSchema, { ...footer, ...this.headsRoot() }, 'footer');
    for (const { subject, seq, hash } of sortedHeads(this.#heads)) {
      await this.#write({ head: { subject, seq, hash } });
    }
    await this.#write({ footer: whole });
    this.#gzip.end(this.#piece);
    const { key, sha256 } = await this.#stored;
    return { kind: MANIFEST_EVIDENCE, key, sha256 };
  }

  /** Gives up: nothing is left in the store. */
  async abort(): Promise<void> {
    this.#gzip.destroy(new Error('the manifest was abandoned'));
    await this.#stored.catch(() => undefined);
  }

  async #write(line: object): Promise<void> {
    this.#piece += `${JSON.stringify(line)}\n`;
    if (this.#piece.length < PIECE) return;
    const piece = this.#piece;
    this.#piece = '';
    if (!this.#gzip.destroyed && !this.#gzip.write(piece)) await drained(this.#gzip);
    if (this.#gzip.destroyed) await this.#failed();
  }

  /** Settles only when the store gave up before the manifest was whole. */
  async #failed(): Promise<never> {
    await this.#stored;
    throw unavailable('evidence', 'write a manifest', new Error('it ended before the manifest did'));
  }
}

/** Waits until the stream takes more, or is closed because its reader gave up. */
function drained(stream: Gzip): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

function valid<T>(schema: z.ZodType<T>, value: unknown, part: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new JanitorError(`The ${part} of a manifest is not valid: ${z.prettifyError(parsed.error)}`, {
    code: 'manifest-invalid',
    source: 'system',
    hint: 'This is a defect of the program; please report it with this message.',
  });
}
