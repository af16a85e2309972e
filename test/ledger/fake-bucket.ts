import { S3Client } from '@aws-sdk/client-s3';
import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { sha256 } from '../../lib/domain/canonical.ts';

/** What happens to a Put: its answer is lost, or it is answered with a status and not applied. */
export type PutMishap = 'lost' | 409 | 500;

export interface FakeBucket {
  readonly client: S3Client;
  readonly objects: Map<string, Buffer>;
  readonly sent: string[];
  /** Checksums are as S3 keeps them; removed here to play an object that came without one. */
  readonly withoutChecksum: Set<string>;
  nextPuts(...mishaps: readonly PutMishap[]): void;
}

/** As much of S3 as evidence needs, over its real wire format: conditional Put with checksum, Head, Get, List in pages. */
export function fakeBucket(pageSize = 2): FakeBucket {
  const objects = new Map<string, Buffer>();
  const sent: string[] = [];
  const withoutChecksum = new Set<string>();
  let mishaps: readonly PutMishap[] = [];
  const requestHandler: HttpHandler = {
    metadata: { handlerProtocol: 'fake' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request) {
      const key = decodeURIComponent(request.path.replace(/^\/evidence\/?/, ''));
      sent.push(`${request.method} ${key}`);
      switch (request.method) {
        case 'PUT': {
          const body = await bytes(request.body);
          const [mishap, ...rest] = mishaps;
          mishaps = rest;
          if (typeof mishap === 'number') return answer(mishap, error('InternalError'));
          const response = put(key, body, request.headers);
          if (mishap === 'lost') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
          return response;
        }
        case 'HEAD':
          return head(key);
        default:
          return key === '' ? list(request.query) : get(key);
      }
    },
  };

  function put(key: string, body: Buffer, headers: Record<string, string>) {
    if (headers['if-none-match'] === '*' && objects.has(key)) return answer(412, error('PreconditionFailed'));
    const checksum = Buffer.from(sha256(body), 'hex').toString('base64');
    if (headers['x-amz-checksum-sha256'] !== checksum) return answer(400, error('BadDigest'));
    if (Number(headers['content-length']) !== body.length) return answer(400, error('IncompleteBody'));
    objects.set(key, body);
    return answer(200);
  }

  function head(key: string) {
    const object = objects.get(key);
    if (object === undefined) return answer(404);
    const checksum = Buffer.from(sha256(object), 'hex').toString('base64');
    return answer(200, undefined, withoutChecksum.has(key) ? {} : { 'x-amz-checksum-sha256': checksum });
  }

  function get(key: string) {
    const object = objects.get(key);
    return object === undefined ? answer(404, error('NoSuchKey')) : answer(200, object);
  }

  function list(query: Record<string, unknown>) {
    const prefix = String(query.prefix ?? '');
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const from = Number(query['continuation-token'] ?? 0);
    const page = keys.slice(from, from + pageSize).map((key) => `<Contents><Key>${key}</Key></Contents>`);
    const more = from + pageSize < keys.length;
    const next = more ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : '';
    return answer(
      200,
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${page.join('')}${next}</ListBucketResult>`,
    );
  }

  const client = new S3Client({
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    requestHandler,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    retryStrategy: new ConfiguredRetryStrategy(1, 0),
  });
  return {
    client,
    objects,
    sent,
    withoutChecksum,
    nextPuts(...next) {
      mishaps = next;
    },
  };
}

function answer(statusCode: number, body: string | Buffer = '', headers: Record<string, string> = {}) {
  return {
    response: new HttpResponse({
      statusCode,
      headers,
      body: new Blob([new Uint8Array(Buffer.from(body))]).stream(),
    }),
  };
}

function error(code: string): string {
  return `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
}

async function bytes(body: unknown): Promise<Buffer> {
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of isIterable(body) ? body : []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function isIterable(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
