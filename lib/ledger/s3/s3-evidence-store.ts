import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { sha256 } from '../../domain/canonical.ts';
import {
  type EvidenceBody,
  type EvidenceStore,
  evidenceExists,
  keySegments,
  type StoredEvidence,
  sha256OfBody,
} from '../evidence-store.ts';
import { errorName, storeCall, unavailable } from '../store-error.ts';

/** A stream cannot be sent twice by the SDK, so attempts are made here. */
const ATTEMPTS = 3;

/** What is to be stored, known before its first byte is sent. */
interface Content {
  readonly bytes: number;
  readonly sha256: string;
  /** All of it, for one attempt. */
  readonly stream: () => Readable;
}

/**
 * Evidence in a bucket (versioning and Object Lock are the bucket's). S3 wants length and checksum before the first
 * byte: what is not in memory already is spooled to a file first, so that memory stays constant.
 */
export class S3EvidenceStore implements EvidenceStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #spoolFolder: string;

  constructor(options: { readonly client: S3Client; readonly bucket: string; readonly spoolFolder: string }) {
    this.#client = options.client;
    this.#bucket = options.bucket;
    this.#spoolFolder = options.spoolFolder;
  }

  async put(key: string, body: EvidenceBody): Promise<StoredEvidence> {
    keySegments(key);
    if (body instanceof Uint8Array) return this.#upload(key, inMemory(body));
    const path = join(this.#spoolFolder, `evidence-${randomUUID()}`);
    try {
      const spool = await storeCall('evidence', `spool ${key}`, () => spooled(path, body));
      return await this.#upload(key, spool);
    } finally {
      await rm(path, { force: true });
    }
  }

  async #upload(key: string, content: Content): Promise<StoredEvidence> {
    const { sha256 } = content;
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#attempt(key, content);
      if (failure === undefined) return { key, sha256 };
      const stored = await this.#storedSha256(key);
      if (stored === sha256) return { key, sha256 };
      if (stored !== undefined) throw evidenceExists(key);
      if (attempt === ATTEMPTS)
        throw unavailable('evidence', `write ${key} (s3:PutObject)`, failure, { key });
    }
  }

  /** One conditional upload; undefined when S3 said yes, otherwise why it did not or may not have. */
  async #attempt(key: string, { stream, bytes, sha256 }: Content): Promise<unknown> {
    const Body = stream();
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: key,
          Body,
          ContentLength: bytes,
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
          IfNoneMatch: '*',
        }),
      );
      return undefined;
    } catch (error) {
      return error ?? new Error('no reason given');
    } finally {
      Body.destroy();
    }
  }

  /** What is there under the key: by its stored checksum, or by reading it when it was put without one. */
  async #storedSha256(key: string): Promise<string | undefined> {
    return storeCall('evidence', `look at ${key} (s3:GetObject)`, async () => {
      try {
        const head = await this.#client.send(
          new HeadObjectCommand({ Bucket: this.#bucket, Key: key, ChecksumMode: 'ENABLED' }),
        );
        if (head.ChecksumSHA256 === undefined) return sha256OfBody(await this.get(key));
        return Buffer.from(head.ChecksumSHA256, 'base64').toString('hex');
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  async get(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    keySegments(key);
    return storeCall('evidence', `read ${key} (s3:GetObject)`, async () => {
      try {
        const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
        return Body === undefined ? undefined : bytesOf(key, streamOf(Body));
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  async *list(prefix: string): AsyncGenerator<string> {
    let ContinuationToken: string | undefined;
    do {
      const next = ContinuationToken === undefined ? {} : { ContinuationToken };
      const page = await storeCall('evidence', 'be listed (s3:ListBucket)', () =>
        this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ...next })),
      );
      for (const { Key } of page.Contents ?? []) {
        if (Key !== undefined) yield Key;
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }
}

function inMemory(body: Uint8Array): Content {
  return { bytes: body.byteLength, sha256: sha256(body), stream: () => Readable.from([body]) };
}

async function spooled(path: string, body: AsyncIterable<Uint8Array>): Promise<Content> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex'), stream: () => createReadStream(path) };
}

/** Of Node or of the Web: both can be read so. Asking for the one of the Web would make one of Node's. */
function streamOf(body: object): AsyncIterable<unknown> {
  // Whoever reads it is told; an error before that is nobody's, and would end the process.
  if (body instanceof Readable) body.on('error', () => {});
  if (Symbol.asyncIterator in body) return body as AsyncIterable<unknown>;
  throw new TypeError('S3 answered with a body that is no stream');
}

async function* bytesOf(key: string, body: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await storeCall('evidence', `read ${key} (s3:GetObject)`, () => chunks.next());
      if (next.done) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    await chunks.return?.().catch(() => undefined);
  }
}

function isAbsent(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(errorName(error));
}
