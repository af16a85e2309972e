import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ApiEndpoint } from './endpoint.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Below the API's address, its segments percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Any JSON. */
  readonly body?: unknown;
}

/** Milliseconds until a whole answer; API Gateway itself gives up after 29 seconds. */
const TIMEOUT_MS = 60_000;

/**
 * One request of JSON to an API behind IAM, signed with SigV4 for `execute-api` and sent once. A redirect is answered as
 * it is and never followed: the signature, and the session token in it, is for this API alone. Throws what fetch and the
 * credentials throw.
 */
export async function signedRequest(endpoint: ApiEndpoint, asked: ApiRequest): Promise<Response> {
  const { region, credentials } = endpoint;
  const { method, path, query = {} } = asked;
  const url = new URL(`${endpoint.url}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
  const signer = new SignatureV4({
    credentials,
    region,
    service: 'execute-api',
    sha256: Hash.bind(null, 'sha256'),
  });
  const signed = await signer.sign(
    new HttpRequest({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: url.pathname,
      query,
      headers: {
        host: url.host,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    }),
  );
  // The host follows from the URL; what was signed is the same.
  const { host: _host, ...headers } = signed.headers;
  return fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
