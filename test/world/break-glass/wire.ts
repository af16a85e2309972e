import { HttpRequest } from '@smithy/core/protocols';
import type { World } from '../world.ts';
import type { Signer } from './signer.ts';

/** Headers that say who sends a request. The world's AWS checks no signature, only whose it is and that the token is right. */
export function claimOf({ accessKeyId, sessionToken }: Signer, service: string): Record<string, string> {
  const scope = `${accessKeyId}/20260101/us-east-1/${service}`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}/aws4_request, SignedHeaders=host, Signature=0`,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
}

const VERSIONS = { iam: '2010-05-08', sts: '2011-06-15' } as const;

function requestOf(
  signer: Signer,
  service: keyof typeof VERSIONS,
  parameters: Readonly<Record<string, string>>,
) {
  return {
    method: 'POST',
    path: '/',
    query: {},
    headers: {
      host: `${service}.amazonaws.com`,
      'content-type': 'application/x-www-form-urlencoded',
      ...claimOf(signer, service),
    },
    body: new URLSearchParams({ ...parameters, Version: VERSIONS[service] }).toString(),
  };
}

/** The text that AWS answers, over the world's network. */
export async function answerOf(
  world: World,
  process: string,
  signer: Signer,
  service: keyof typeof VERSIONS,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const inner = world.aws.requestHandler({ process });
  const request = new HttpRequest({
    protocol: 'https:',
    hostname: `${service}.amazonaws.com`,
    ...requestOf(signer, service, parameters),
  });
  const { response } = await world.network.handler(process, inner, inner).handle(request, {});
  const text = textOf(response.body);
  if (response.statusCode >= 300) throw new Error(`${parameters.Action} was refused: ${text}`);
  return text;
}

/** What somebody's call comes to who holds a session: `answered`, or the code of the refusal. No time passes. */
export async function tryOut(world: World, signer: Signer): Promise<string> {
  const request = requestOf(signer, 'iam', { Action: 'ListUsers', MaxItems: '1' });
  const delivery = await world.aws.serve(request, { process: 'holder', verify: false });
  if (delivery.kind !== 'answer') throw new Error(`a session was tried out and got ${delivery.kind}`);
  const { statusCode, body } = delivery.response;
  return statusCode < 300 ? 'answered' : (/<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? `status ${statusCode}`);
}

export function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}
