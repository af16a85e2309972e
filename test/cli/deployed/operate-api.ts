import { isSignedWith } from '../../../lib/embedded-aws/transport/signature.ts';
import { signatureClaim, type WireRequest } from '../../../lib/embedded-aws/wire.ts';
import { operate, operationSchema, problemOf } from '../../../lib/wiring/deployed/index.ts';
import type { Answered, Api } from './loopback.ts';

export interface Signer {
  readonly arn: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface FakeUrl {
  /** Path of the function URL; AWS's is `/`. */
  readonly path: string;
  /** Who may ask, by access key id. */
  readonly signers: Map<string, Signer>;
  /** What was asked for and let in. */
  readonly asked: { readonly operation: unknown; readonly by: string }[];
  /** Answers in the function's place, once, after it was carried out. */
  instead: Answered | 'dropped' | undefined;
}

type Desk = Parameters<typeof operate>[0];

/**
 * The function URL with the real operations behind it. It lets nobody in whose signature is not the one that the same
 * request gets with the caller's secret, for Lambda in the stack's Region.
 */
export function operateApi(url: FakeUrl, desk: Desk, region: string): Api {
  return async (request) => {
    const signer = await signerOf(url, request, region);
    if (signer === undefined) return { status: 403, body: '{"Message":"Forbidden"}' };
    const answer = await carriedOut(url, desk, signer, request.body);
    const { instead } = url;
    url.instead = undefined;
    return instead ?? answer;
  };
}

async function carriedOut(url: FakeUrl, desk: Desk, { arn }: Signer, body: string): Promise<Answered> {
  try {
    const operation = operationSchema.parse(JSON.parse(body));
    url.asked.push({ operation, by: arn });
    const accountId = arn.split(':')[4] ?? '';
    const done = await operate(desk, { accountId, userArn: arn, userId: 'AIDAEXAMPLE' }, operation);
    return { status: 200, body: JSON.stringify(done) };
  } catch (error) {
    const problem = problemOf(error);
    return {
      status: problem.status,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    };
  }
}

async function signerOf(url: FakeUrl, request: WireRequest, region: string): Promise<Signer | undefined> {
  const claim = signatureClaim(request);
  const signer = url.signers.get(claim?.accessKeyId ?? '');
  if (claim === undefined || signer === undefined || request.path !== url.path) return undefined;
  if (claim.service !== 'lambda' || claim.region !== region || claim.presigned) return undefined;
  if (request.headers['x-amz-security-token'] !== signer.sessionToken) return undefined;
  return (await isSignedWith(request, claim, signer.secretAccessKey)) ? signer : undefined;
}
