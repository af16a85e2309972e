import type { HttpHandler } from '@smithy/core/protocols';
import { handlerOf, httpResponse, wireRequest } from '../transport/in-process.ts';
import { type Listener, listen } from '../transport/listener.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import { openDynalite } from './dynalite.ts';

/** DynamoDB in this process, by dynalite. Tables are active as soon as CreateTable answers. */
export interface EmbeddedDynamo {
  /** An SDK `requestHandler` without sockets. */
  readonly requestHandler: HttpHandler;
  /** One request, for transports. */
  serve(request: WireRequest): Promise<WireResponse>;
  /** Serves the same tables on loopback as well; returns the URL. Signatures are not checked. */
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens DynamoDB in memory, or in the folder `path`, which persists. One process at a time may hold a
 * folder; throws `dynamo-folder-unusable`.
 */
export async function embeddedDynamo(options: { readonly path?: string } = {}): Promise<EmbeddedDynamo> {
  const dynalite = await openDynalite(options.path);
  const listeners: Listener[] = [];
  return {
    requestHandler: handlerOf(async (request) => httpResponse(await dynalite.serve(wireRequest(request)))),
    serve: (request) => dynalite.serve(request),
    async listen(port = 0) {
      const listener = await listen(port, '127.0.0.1', (request) => dynalite.serve(request));
      listeners.push(listener);
      return listener.url;
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      await dynalite.close();
    },
  };
}
