import { createHash } from 'node:crypto';
import { escaped, type FakeAnswer, type FakeRequest, type FakeService } from './exchange.ts';

/** Keys on a page of a listing: few, so that listings take several. */
const PAGE = 3;
const LISTING = ['list-type', 'prefix', 'continuation-token'];
/** What the SDK adds to say which call it means. */
const IGNORED = ['x-id'];

/**
 * S3 as far as the janitor needs it, path style: conditional Put with checksum, Head, Get and List in pages. Buckets
 * exist from the start; a denied one answers 403 to everything.
 */
export class FakeS3 implements FakeService {
  readonly #buckets: ReadonlyMap<string, Map<string, Buffer>>;
  readonly denied = new Set<string>();
  /** The first Put of every object fails, unapplied. */
  stumbles = false;
  readonly #stumbled = new Set<string>();

  constructor(names: readonly string[]) {
    this.#buckets = new Map(names.map((name) => [name, new Map<string, Buffer>()]));
  }

  /** Throws for a bucket that is not there. */
  objects(bucket: string): Map<string, Buffer> {
    const found = this.#buckets.get(bucket);
    if (found === undefined) throw new Error(`there is no bucket ${bucket}`);
    return found;
  }

  operationOf({ method, path, query }: FakeRequest): string | undefined {
    const parameters = Object.keys(query).filter((name) => !IGNORED.includes(name));
    const { key } = placeOf(path);
    if (key === '') {
      const isListing = method === 'GET' && query['list-type'] === '2';
      return isListing && parameters.every((each) => LISTING.includes(each)) ? 'ListObjectsV2' : undefined;
    }
    if (parameters.length > 0) return undefined;
    return { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject' }[method];
  }

  answer(operation: string, request: FakeRequest): FakeAnswer {
    const { bucket, key } = placeOf(request.path);
    const objects = this.#buckets.get(bucket);
    if (objects === undefined) return failure(404, 'NoSuchBucket');
    if (this.denied.has(bucket)) return failure(403, 'AccessDenied');
    if (operation === 'ListObjectsV2') return list(objects, request.query);
    if (operation === 'PutObject') {
      return this.#stumblesOver(request.path) ? failure(500, 'InternalError') : put(objects, key, request);
    }
    const object = objects.get(key);
    if (object === undefined) return operation === 'HeadObject' ? { status: 404 } : failure(404, 'NoSuchKey');
    if (operation === 'GetObject') return { status: 200, body: object };
    return { status: 200, headers: { 'x-amz-checksum-sha256': checksum(object) } };
  }

  /** Whether a Put is one to fail. */
  #stumblesOver(path: string): boolean {
    if (!this.stumbles || this.#stumbled.has(path)) return false;
    this.#stumbled.add(path);
    return true;
  }
}

export function placeOf(path: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', ...rest] = path.split('/');
  return { bucket, key: decodeURIComponent(rest.join('/')) };
}

function put(objects: Map<string, Buffer>, key: string, { headers, body }: FakeRequest): FakeAnswer {
  if (headers['if-none-match'] !== '*') return failure(501, 'NotImplemented');
  if (headers['x-amz-checksum-sha256'] !== checksum(body)) return failure(400, 'BadDigest');
  if (objects.has(key)) return failure(412, 'PreconditionFailed');
  objects.set(key, body);
  return { status: 200, headers: { etag: '"fake"' } };
}

function list(objects: ReadonlyMap<string, Buffer>, query: FakeRequest['query']): FakeAnswer {
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.prefix ?? '')).sort();
  const from = Number(query['continuation-token'] ?? 0);
  const contents = keys
    .slice(from, from + PAGE)
    .map((key) => `<Contents><Key>${escaped(key)}</Key></Contents>`);
  const more = from + PAGE < keys.length;
  const next = more ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : '';
  const body = `<ListBucketResult><IsTruncated>${more}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function checksum(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function failure(status: number, code: string): FakeAnswer {
  const body = `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
