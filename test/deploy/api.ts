import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { type MiniStack, REGION } from './ministack-server.ts';
import { HUB, type Key } from './organisation.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

export interface ApiCall {
  /** Address of the stage, as the stack says it. */
  readonly url: string;
  /** `POST /v1/halts` */
  readonly route: `${'DELETE' | 'GET' | 'POST'} /${string}`;
  /** Whose key signs it; nobody's: unsigned. */
  readonly as?: Key;
  readonly body?: unknown;
}

/** Asks the deployed API something, as a person or workload would with a key of its own. */
export async function ask(ministack: MiniStack, { url, route, as, body: content }: ApiCall): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const { hostname, port, pathname } = new URL(`${url.replace(/\/$/, '')}${path}`);
  const body = content === undefined ? undefined : JSON.stringify(content);
  const unsigned = new HttpRequest({
    method,
    protocol: 'https:',
    hostname,
    port: Number(port),
    path: pathname,
    headers: {
      host: `${hostname}:${port}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const { headers } = as === undefined ? unsigned : await signerOf(as).sign(unsigned);
  return new Promise((resolve, reject) => {
    const { httpsAgent: agent } = ministack.configuration(HUB).requestHandler;
    const call = request({ method, hostname, port, path: pathname, headers, agent }, (response) => {
      text(response).then((said) => {
        const contentType = response.headers['content-type'];
        resolve({ status: response.statusCode ?? 0, contentType, body: JSON.parse(said) });
      }, reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

function signerOf(credentials: Key): SignatureV4 {
  return new SignatureV4({
    credentials,
    region: REGION,
    service: 'execute-api',
    sha256: Hash.bind(null, 'sha256'),
  });
}
