import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SignedCall {
  readonly method?: string;
  /** With its query. */
  readonly target?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly service?: string;
  readonly region?: string;
  readonly signingDate?: Date;
}

/** A signed request, ready to be sent or to be tampered with. */
export async function signed(url: string, signer: Signer, call: SignedCall = {}) {
  const {
    method = 'GET',
    target = '/v1/caller',
    body,
    service = 'execute-api',
    region = 'eu-central-1',
  } = call;
  const { host, hostname, pathname, searchParams } = new URL(target, url);
  const query: Record<string, string[]> = {};
  for (const [name, value] of searchParams) query[name] = [...(query[name] ?? []), value];
  const { headers } = await new SignatureV4({
    credentials: signer,
    region,
    service,
    sha256: Hash.bind(null, 'sha256'),
  }).sign(
    new HttpRequest({
      method,
      hostname,
      path: pathname,
      query,
      headers: {
        host,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    }),
    call.signingDate === undefined ? {} : { signingDate: call.signingDate },
  );
  const { host: _host, ...others } = headers;
  return { method, headers: others, ...(body === undefined ? {} : { body: Buffer.from(body) }), target };
}

export async function send(url: string, { target, ...init }: Awaited<ReturnType<typeof signed>>) {
  const response = await fetch(`${url}${target}`, init);
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
