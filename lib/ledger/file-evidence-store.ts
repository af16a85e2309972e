import { createHash, randomUUID } from 'node:crypto';
import type { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  chunksOf,
  type EvidenceBody,
  type EvidenceStore,
  evidenceExists,
  keySegments,
  type StoredEvidence,
  sha256OfBody,
} from './evidence-store.ts';
import { errorName, storeCall } from './store-error.ts';

/** Half-written objects live here, outside every key (no key segment starts with a dot). */
const INCOMING = '.incoming';

/**
 * Evidence in a folder. An object appears under its key whole or not at all: it is written and synced under a
 * temporary name and then linked, which the operating system refuses when the name is taken.
 */
export class FileEvidenceStore implements EvidenceStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(key: string, body: EvidenceBody): Promise<StoredEvidence> {
    const path = this.#path(key);
    return storeCall('evidence', `write ${key}`, async () => {
      const incoming = join(this.#folder, INCOMING);
      await mkdir(incoming, { recursive: true });
      const temporary = join(incoming, randomUUID());
      try {
        const sha256 = await writeSynced(temporary, body);
        await mkdir(join(path, '..'), { recursive: true });
        await this.#publish(temporary, path, key, sha256);
        return { key, sha256 };
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  async #publish(temporary: string, path: string, key: string, sha256: string): Promise<void> {
    try {
      await link(temporary, path);
      await syncFolder(join(path, '..'));
    } catch (error) {
      if (errorName(error) !== 'EEXIST') throw error;
      if ((await sha256OfBody(await this.get(key))) !== sha256) throw evidenceExists(key);
    }
  }

  async get(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const path = this.#path(key);
    return storeCall('evidence', `read ${key}`, async () => {
      const file = await open(path, 'r').catch((error: unknown) => {
        if (isAbsent(error)) return undefined;
        throw error;
      });
      return file === undefined ? undefined : chunksOfFile(key, file.createReadStream());
    });
  }

  async *list(prefix: string): AsyncGenerator<string> {
    for (const key of (await this.#keys([])).sort()) {
      if (key.startsWith(prefix)) yield key;
    }
  }

  async #keys(segments: readonly string[]): Promise<string[]> {
    const entries = await storeCall('evidence', 'be listed', () =>
      readdir(join(this.#folder, ...segments), { withFileTypes: true }).catch((error: unknown) => {
        if (isAbsent(error)) return [];
        throw error;
      }),
    );
    const keys: string[] = [];
    for (const entry of entries) {
      const inner = [...segments, entry.name];
      if (entry.isDirectory() && entry.name !== INCOMING) keys.push(...(await this.#keys(inner)));
      if (entry.isFile()) keys.push(inner.join('/'));
    }
    return keys;
  }

  #path(key: string): string {
    return join(this.#folder, ...keySegments(key));
  }
}

async function writeSynced(path: string, body: EvidenceBody): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of chunksOf(body)) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Makes a new name durable; systems that cannot sync a folder do not need it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  if (folder === undefined) return;
  try {
    await folder.sync().catch(() => undefined);
  } finally {
    await folder.close();
  }
}

async function* chunksOfFile(
  key: string,
  stream: ReturnType<typeof createReadStream>,
): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await storeCall('evidence', `read ${key}`, () => chunks.next());
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    stream.destroy();
  }
}

function isAbsent(error: unknown): boolean {
  return errorName(error) === 'ENOENT' || errorName(error) === 'ENOTDIR';
}
