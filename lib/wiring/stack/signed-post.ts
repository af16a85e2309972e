import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentityProvider } from '@smithy/types';

export interface SignedPost {
  readonly url: URL;
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly body: string;
}

/** Milliseconds; the function behind it has five minutes, and Lambda may start it cold. */
const TIMEOUT_MS = 330_000;

/**
 * One POST of JSON to a function URL, signed with SigV4 for Lambda. Sent once: a redirect is an error, because the
 * signature (and the session token in it) is for this URL alone. Throws what fetch and the credentials throw.
 */
export async function signedPost({ url, region, credentials, body }: SignedPost): Promise<Response> {
  const signer = new SignatureV4({
    credentials,
    region,
    service: 'lambda',
    sha256: Hash.bind(null, 'sha256'),
  });
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    }),
  );
  // The host follows from the URL; what was signed is the same.
  const { host: _host, ...headers } = signed.headers;
  return fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
