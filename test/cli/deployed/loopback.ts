import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { WireRequest } from '../../../lib/embedded-aws/wire.ts';

export interface Answered {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string | Uint8Array;
}

/** `dropped`: the connection ends without an answer. */
export type Api = (request: WireRequest) => Promise<Answered | 'dropped'>;

/** Serves HTTP on a free loopback port, the request as SigV4 verification reads it. */
export async function serveLoopback(api: Api): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    // Node keeps it for a second, in which a test may go to another day: the SDK would correct its clock by it.
    outgoing.sendDate = false;
    void wireRequest(incoming)
      .then(api)
      .then((answer) => {
        if (answer === 'dropped') return outgoing.destroy();
        outgoing.writeHead(answer.status, { 'content-type': answer.contentType ?? 'application/json' });
        return outgoing.end(answer.body ?? '');
      })
      .catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = Object(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function wireRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://loopback');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return {
    method: incoming.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers,
    body: (await buffer(incoming)).toString('utf8'),
  };
}
