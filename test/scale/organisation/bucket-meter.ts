import { createHash } from 'node:crypto';
import type { EvidenceBody, EvidenceStore, StoredEvidence } from '../../../lib/ledger/index.ts';

export interface BucketUse {
  /** PUT and LIST, which cost the same. */
  readonly puts: number;
  /** GET and HEAD. */
  readonly gets: number;
  /** Stored anew. */
  readonly bytes: number;
}

/** A bucket in memory that takes its time and counts requests as lib/ledger's S3 store makes them. */
export class BucketMeter implements EvidenceStore {
  readonly objects = new Map<string, Uint8Array>();
  readonly #wait: () => Promise<void>;
  #use = { puts: 0, gets: 0, bytes: 0 };

  constructor(wait: () => Promise<void>) {
    this.#wait = wait;
  }

  async put(key: string, body: EvidenceBody): Promise<StoredEvidence> {
    const bytes = await collected(body);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#use.puts += 1;
    await this.#wait();
    const existing = this.objects.get(key);
    if (existing === undefined) {
      this.objects.set(key, bytes);
      this.#use.bytes += bytes.byteLength;
      return { key, sha256 };
    }
    // A conditional put that was refused is followed by a look at what is there.
    this.#use.gets += 1;
    await this.#wait();
    if (Buffer.compare(existing, bytes) === 0) return { key, sha256 };
    throw new Error(`${key} exists already with other content`);
  }

  async get(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    this.#use.gets += 1;
    await this.#wait();
    const found = this.objects.get(key);
    return found === undefined ? undefined : once(found);
  }

  async *list(prefix: string): AsyncGenerator<string> {
    const found = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const pages = Math.max(1, Math.ceil(found.length / 1000));
    this.#use.puts += pages;
    for (let page = 0; page < pages; page += 1) await this.#wait();
    yield* found;
  }

  /** Since the last time this was asked. */
  take(): BucketUse {
    const use = this.#use;
    this.#use = { puts: 0, gets: 0, bytes: 0 };
    return use;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function collected(body: EvidenceBody): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return Uint8Array.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
