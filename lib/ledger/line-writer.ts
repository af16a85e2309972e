import { createGzip, type Gzip } from 'node:zlib';
import type { EvidenceStore, StoredEvidence } from './evidence-store.ts';
import { unavailable } from './store-error.ts';

/** Text is compressed in pieces of about this many characters. */
const PIECE = 64 * 1024;

/** Writes JSON lines, compressed, as one object of a store: memory holds one piece of text. */
export class LineWriter {
  readonly #gzip = createGzip();
  readonly #stored: Promise<StoredEvidence>;
  #piece = '';

  /** `before`: what comes first in the object, compressed already. */
  constructor(store: EvidenceStore, key: string, before?: AsyncIterable<Uint8Array>) {
    // A stream destroyed by `abort` or a failing store reports through `#stored`; its own event would be unhandled.
    this.#gzip.on('error', () => undefined);
    this.#stored = store.put(key, before === undefined ? this.#gzip : following(before, this.#gzip));
    this.#stored.catch(() => this.#gzip.destroy());
  }

  /** The first line; nothing waits for it. */
  begin(line: object): void {
    this.#piece = `${JSON.stringify(line)}\n`;
  }

  /** Waits while the store is slower; throws what the store throws. */
  async write(line: object): Promise<void> {
    this.#piece += `${JSON.stringify(line)}\n`;
    if (this.#piece.length < PIECE) return;
    const piece = this.#piece;
    this.#piece = '';
    if (!this.#gzip.destroyed && !this.#gzip.write(piece)) await drained(this.#gzip);
    if (this.#gzip.destroyed) await this.#failed();
  }

  /** Waits until all of it is stored. */
  finish(): Promise<StoredEvidence> {
    this.#gzip.end(this.#piece);
    return this.#stored;
  }

  /** Gives up: nothing is left in the store. */
  async abort(): Promise<void> {
    this.#gzip.destroy(new Error('the object was abandoned'));
    await this.#stored.catch(() => undefined);
  }

  /** Settles only when the store gave up before the object was whole. */
  async #failed(): Promise<never> {
    await this.#stored;
    throw unavailable('evidence', 'write a manifest', new Error('it ended before the manifest did'));
  }
}

async function* following(
  before: AsyncIterable<Uint8Array>,
  after: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* before;
  yield* after;
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
