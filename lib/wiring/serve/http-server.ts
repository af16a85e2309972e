import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { JanitorError } from '../../domain/error.ts';

/** API Gateway takes no more. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const HOST = '127.0.0.1';

/** A request with everything that came more than once, and its body as bytes. */
export interface ApiRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string[]>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string[]>>;
  readonly userAgent: string | undefined;
  readonly body: Uint8Array;
}

export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ApiServer {
  readonly url: string;
  /** Takes no new request and waits for those that are under way. */
  close(): Promise<void>;
}

/**
 * Serves on loopback. Node's own parser refuses what smugglers send: two content lengths, a length beside chunks, bare
 * line feeds. Throws `port-unusable`.
 */
export async function listenOnLoopback(
  port: number,
  serve: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<ApiServer> {
  const server = createServer({ keepAliveTimeout: 5_000 }, (incoming, outgoing) => {
    void respond(incoming, outgoing, serve);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portUnusable(port, cause)));
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: `http://${HOST}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  serve: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<void> {
  const { statusCode, headers, body } = await answerTo(incoming, serve);
  outgoing.writeHead(statusCode, { ...headers });
  outgoing.end(body);
}

/** What API Gateway answers before it knows who is calling. */
async function answerTo(
  incoming: IncomingMessage,
  serve: (request: ApiRequest) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const body = await bodyOf(incoming).catch(() => undefined);
  if (body === undefined) return plain(413, 'Request Too Long');
  const target = targetOf(incoming.url ?? '/');
  if (target === undefined) return plain(400, 'Bad Request');
  try {
    return await serve({
      ...target,
      method: incoming.method ?? 'GET',
      headers: headersOf(incoming),
      userAgent: incoming.headers['user-agent'],
      body,
    });
  } catch {
    return plain(500, 'Internal server error');
  }
}

function plain(statusCode: number, message: string): ApiResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= MAX_BODY_BYTES) chunks.push(bytes);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string[]> {
  const entries = Object.entries(headersDistinct).map(([name, values]) => [name, values ?? []] as const);
  return Object.fromEntries(entries);
}

/** Path and query of a request target; undefined for one that is malformed or names a host. */
function targetOf(target: string): Pick<ApiRequest, 'path' | 'query'> | undefined {
  if (!target.startsWith('/')) return undefined;
  const [path = '/', ...rest] = target.split('?');
  const query = new Map<string, string[]>();
  for (const pair of rest.join('?').split('&')) {
    if (pair === '') continue;
    const [name, value] = decodedPair(pair) ?? [];
    if (name === undefined || value === undefined) return undefined;
    query.set(name, [...(query.get(name) ?? []), value]);
  }
  return { path, query: Object.fromEntries(query) };
}

function decodedPair(pair: string): readonly [string, string] | undefined {
  const [name = '', ...value] = pair.split('=');
  try {
    return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
  } catch {
    return undefined;
  }
}

function portUnusable(port: number, cause: Error): JanitorError {
  return new JanitorError(`Cannot listen on ${HOST}:${port}: ${cause.message}`, {
    code: 'port-unusable',
    source: 'user',
    hint: 'Choose another port, or 0 for any free one.',
    cause,
  });
}
