import { type HttpHandler, type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { Delivery } from '../world/delivery.ts';
import { ProcessCrash } from '../world/faults.ts';

/** Answers one request; throws what the SDK's own Node handler would. */
type Handle = (request: HttpRequest, options: HttpHandlerOptions) => Promise<HttpResponse>;

/** An SDK `requestHandler` from a function, without a socket. */
export function handlerOf(handle: Handle, destroy: () => void = () => {}): HttpHandler {
  return {
    metadata: { handlerProtocol: 'embedded' },
    destroy,
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    async handle(request: HttpRequest, options: HttpHandlerOptions = {}) {
      refuseAborted(options);
      const response = await handle(request, options);
      refuseAborted(options);
      return { response };
    },
  };
}

/** The requests of one simulated process, served in this one. */
export function inProcessHandler(
  process: string,
  serve: (request: WireRequest) => Promise<Delivery<WireResponse>>,
): HttpHandler {
  return handlerOf(async (request) => {
    const delivery = await serve(wireRequest(request));
    if (delivery.kind !== 'answer') throw noAnswer(delivery.kind, process);
    return httpResponse(delivery.response);
  });
}

/** Named and coded as the SDK's Node handler does, so that its retries take it for what it is; a crash is none of that. */
export function noAnswer(kind: 'timeout' | 'reset' | 'crash', process: string): Error {
  if (kind === 'crash') return new ProcessCrash(process);
  const [message, code] =
    kind === 'timeout' ? ['Connection timed out', 'ETIMEDOUT'] : ['socket hang up', 'ECONNRESET'];
  return Object.assign(new Error(message), { name: 'TimeoutError', code });
}

export function httpResponse(response: WireResponse): HttpResponse {
  return new HttpResponse({
    statusCode: response.statusCode,
    headers: { ...response.headers },
    body: new TextEncoder().encode(response.body),
  });
}

/** The request in the form all transports share. */
export function wireRequest(request: HttpRequest): WireRequest {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.query)) {
    if (typeof value === 'string') query[name] = value;
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  return { method: request.method, path: request.path, query, headers, body: textBody(request.body) };
}

function textBody(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new TypeError('The embedded AWS reads request bodies of text or bytes only');
}

function refuseAborted(options: HttpHandlerOptions): void {
  if (options.abortSignal?.aborted !== true) return;
  throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
