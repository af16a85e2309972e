import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JanitorError, messageOf } from '../../domain/error.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

/** No AWS API served here takes more. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const TOO_LARGE = 'body-too-large';

/** A listening HTTP server. */
export interface Listener {
  /** For example `http://127.0.0.1:4567`. */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** A request and where it came from. */
export interface PeerRequest extends WireRequest {
  readonly isLoopback: boolean;
}

/** What a server does with a request; undefined: close the connection without an answer. */
export type Serve = (request: PeerRequest) => Promise<WireResponse | undefined>;

/** Listens with `serve` behind it. Throws `port-unusable` when the port cannot be had. */
export async function listen(port: number, host: string, serve: Serve): Promise<Listener> {
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing, serve);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(host, port, error)));
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${portOf(server.address())}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portError(host: string, port: number, cause: Error): JanitorError {
  return new JanitorError(`Cannot listen on ${host}:${port}: ${cause.message}`, {
    code: 'port-unusable',
    source: 'user',
    hint: 'Choose another port, or 0 for any free one.',
    cause,
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address !== null && typeof address === 'object') return address.port;
  throw new JanitorError('The server has no port', { code: 'port-unusable', source: 'system' });
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, serve: Serve): Promise<void> {
  try {
    const response = await serve(await readRequest(incoming));
    if (response === undefined) {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(response.statusCode, { ...response.headers });
    outgoing.end(response.body);
  } catch (error) {
    const code = error instanceof JanitorError ? error.code : 'internal';
    outgoing.writeHead(code === TOO_LARGE ? 413 : 500, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ error: { code, message: messageOf(error) } }));
  }
}

async function readRequest(incoming: IncomingMessage): Promise<PeerRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES)
      throw new JanitorError('The request body is too large', { code: TOO_LARGE, source: 'user' });
    chunks.push(bytes);
  }
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://embedded');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers,
    isLoopback: /^(127\.|::1$|::ffff:127\.)/.test(incoming.socket.remoteAddress ?? ''),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
