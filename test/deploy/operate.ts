import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { type MiniStack, REGION } from './ministack-server.ts';
import { HUB, type Key } from './organisation.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface OperateCall {
  readonly url: string;
  /** Whose key signs it; nobody's: unsigned. */
  readonly as?: Key;
  readonly operation: Readonly<Record<string, unknown>>;
}

/** Asks the deployed `operate` function something, over its URL, as a person would. */
export async function operate(ministack: MiniStack, { url, as, operation }: OperateCall): Promise<Answer> {
  const { hostname, port, pathname } = new URL(url);
  const body = JSON.stringify(operation);
  const unsigned = new HttpRequest({
    method: 'POST',
    protocol: 'https:',
    hostname,
    port: Number(port),
    path: pathname,
    headers: { host: `${hostname}:${port}`, 'content-type': 'application/json' },
    body,
  });
  const { headers } = as === undefined ? unsigned : await signerOf(as).sign(unsigned);
  return new Promise((resolve, reject) => {
    const { httpsAgent: agent } = ministack.configuration(HUB).requestHandler;
    const call = request({ method: 'POST', hostname, port, path: pathname, headers, agent }, (response) => {
      text(response).then(
        (said) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(said) }),
        reject,
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

function signerOf(credentials: Key): SignatureV4 {
  return new SignatureV4({
    credentials,
    region: REGION,
    service: 'lambda',
    sha256: Hash.bind(null, 'sha256'),
  });
}
