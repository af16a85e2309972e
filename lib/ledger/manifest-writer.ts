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
import * as z from '../domain/zod.ts';
import { type EvidenceStore, manifestKey } from './evidence-store.ts';
import { LineWriter } from './line-writer.ts';
import { MANIFEST_EVIDENCE } from './sweep-record.ts';

/** The footer without what the writer finds out by itself. */
export type FooterInput = Omit<ManifestFooter, 'merkleRoot' | 'heads'>;

/** What earlier processes wrote of a manifest, header included; gzip members may follow one another. */
export interface EarlierParts {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Unique to the process that finishes it. */
  readonly attempt: string;
}

/** Begins the manifest of one sweep, or goes on with it; it exists in the store only once `finish` has returned. */
export function openManifest(
  store: EvidenceStore,
  header: ManifestHeader,
  earlier?: EarlierParts,
): ManifestWriter {
  return new ManifestWriter(store, header, earlier);
}

/** Writes a manifest as a stream: memory holds one piece of text and the heads, never the credentials. */
export class ManifestWriter {
  readonly #lines: LineWriter;
  readonly #heads: ChainHead[] = [];

  constructor(store: EvidenceStore, header: ManifestHeader, earlier: EarlierParts | undefined) {
    const checked = valid(manifestHeaderSchema, header, 'header');
    const key = manifestKey(header.accountId, header.sweepId, earlier?.attempt);
    this.#lines = new LineWriter(store, key, earlier?.bytes);
    if (earlier === undefined) this.#lines.begin({ header: checked });
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
    await this.#lines.write(valid(manifestCredentialSchema, line, 'credential'));
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
      await this.#lines.write({ head: { subject, seq, hash } });
    }
    await this.#lines.write({ footer: whole });
    const { key, sha256 } = await this.#lines.finish();
    return { kind: MANIFEST_EVIDENCE, key, sha256 };
  }

  /** Gives up: nothing is left in the store. */
  abort(): Promise<void> {
    return this.#lines.abort();
  }
}

/** The value as the schema has it; throws `manifest-invalid`. */
export function valid<T>(schema: z.ZodMiniType<T>, value: unknown, part: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new JanitorError(`The ${part} of a manifest is not valid: ${z.prettifyError(parsed.error)}`, {
    code: 'manifest-invalid',
    source: 'system',
    hint: 'This is a defect of the program; please report it with this message.',
  });
}
