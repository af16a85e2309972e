import type { EvidenceReference } from '../domain/event.ts';
import {
  isManifestHead,
  type ManifestCredential,
  type ManifestHeader,
  manifestCredentialSchema,
  manifestHeaderSchema,
} from '../domain/manifest.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { LineWriter } from './line-writer.ts';
import { isLine, manifestText, missing, parseManifestLine } from './manifest-reader.ts';
import { valid } from './manifest-writer.ts';

/** What one process read and judged of an account; the first part of a manifest begins with its header. */
export class PartWriter {
  readonly #lines: LineWriter;

  constructor(store: EvidenceStore, key: string, header?: ManifestHeader) {
    this.#lines = new LineWriter(store, key);
    if (header !== undefined) this.#lines.begin({ header: valid(manifestHeaderSchema, header, 'header') });
  }

  /** Waits while the store is slower; throws what the store throws, and `manifest-invalid`. */
  add(line: ManifestCredential): Promise<void> {
    return this.#lines.write(valid(manifestCredentialSchema, line, 'credential'));
  }

  async finish(): Promise<EvidenceReference> {
    const { key, sha256 } = await this.#lines.finish();
    return { kind: 'part', key, sha256 };
  }

  abort(): Promise<void> {
    return this.#lines.abort();
  }
}

/** The credentials of parts, in the order in which they were read; throws `evidence-missing` and `evidence-altered`. */
export async function* linesOfParts(
  store: EvidenceStore,
  parts: readonly EvidenceReference[],
): AsyncGenerator<ManifestCredential> {
  for (const part of parts) {
    for await (const text of manifestText(store, part)) {
      if (isLine('header', text)) continue;
      const line = parseManifestLine(part, text);
      if (!isManifestHead(line)) yield line;
    }
  }
}

/** The parts as they are stored, one after the other: the beginning of a manifest. */
export async function* bytesOfParts(
  store: EvidenceStore,
  parts: readonly EvidenceReference[],
): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const body = await store.get(part.key);
    if (body === undefined) throw missing(part);
    yield* body;
  }
}
