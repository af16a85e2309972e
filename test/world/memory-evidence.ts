import { createHash } from 'node:crypto';
import { JanitorError } from '../../lib/domain/error.ts';
import type { EvidenceBody, EvidenceStore, StoredEvidence } from '../../lib/ledger/index.ts';
import type { Network } from './network.ts';

/** What outlives every process: evidence by key. */
export type EvidenceObjects = Map<string, Uint8Array>;

/** A bucket in memory as one process sees it: it can be unreachable, lose answers and die with the process. */
export class MemoryEvidence implements EvidenceStore {
  readonly #objects: EvidenceObjects;
  readonly #network: Network;
  readonly #process: string;
  readonly #service: 'evidence' | 'work';

  constructor(
    objects: EvidenceObjects,
    network: Network,
    process: string,
    service: 'evidence' | 'work' = 'evidence',
  ) {
    this.#objects = objects;
    this.#network = network;
    this.#process = process;
    this.#service = service;
  }

  async put(key: string, body: EvidenceBody): Promise<StoredEvidence> {
    const bytes = await collected(body);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return this.#call('Put', key, () => {
      const existing = this.#objects.get(key);
      if (existing !== undefined && Buffer.compare(existing, bytes) !== 0) throw exists(key);
      this.#objects.set(key, bytes);
      return { key, sha256 };
    });
  }

  async get(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const found = await this.#call('Get', key, () => ({ bytes: this.#objects.get(key) }));
    return found.bytes === undefined ? undefined : once(found.bytes);
  }

  async *list(prefix: string): AsyncGenerator<string> {
    yield* await this.#call('List', prefix, () =>
      [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    );
  }

  #call<T>(operation: string, key: string, apply: () => T): Promise<T> {
    return this.#network.call(this.#process, this.#service, operation, apply, (effect) => {
      throw new JanitorError(`The evidence could not ${operation} ${key}: ${effect}`, {
        code: 'evidence-unavailable',
        source: 'system',
      });
    });
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

function exists(key: string): JanitorError {
  return new JanitorError(`Evidence ${key} exists already with other content`, {
    code: 'evidence-exists',
    source: 'system',
  });
}
