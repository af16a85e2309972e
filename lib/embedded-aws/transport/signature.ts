import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SignatureClaim, WireRequest } from '../wire.ts';

/** A request as far as its signature goes; where the body came as bytes, they are what was signed. */
export interface SignedRequest extends Pick<WireRequest, 'method' | 'path' | 'headers'> {
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: string | Uint8Array;
}

const PRESIGNED_PARAMETERS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
];

/**
 * Verifies SigV4 by signing the same request again with the key's secret. The date of the signature is the
 * caller's own: real clocks and the embedded one differ, so its age is not judged here.
 */
export async function isSignedWith(
  request: SignedRequest,
  claim: SignatureClaim,
  secret: string,
): Promise<boolean> {
  const signingDate = instantOf(
    claim.presigned ? request.query['X-Amz-Date'] : request.headers['x-amz-date'],
  );
  if (signingDate === undefined || !hasHonestPayloadHash(request)) return false;
  const signer = new SignatureV4({
    credentials: { accessKeyId: claim.accessKeyId, secretAccessKey: secret },
    region: claim.region,
    service: claim.service,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const signed = claim.presigned
    ? await presignAgain(signer, request, claim, signingDate)
    : await signAgain(signer, request, claim, signingDate);
  return isSame(signed, claim.signature);
}

async function signAgain(
  signer: SignatureV4,
  request: SignedRequest,
  claim: SignatureClaim,
  signingDate: Date,
): Promise<string> {
  const copy = copyOf(request, claim, request.query);
  const { headers } = await signer.sign(copy, { signingDate, signableHeaders: new Set(claim.signedHeaders) });
  return /Signature=([0-9a-f]+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

async function presignAgain(
  signer: SignatureV4,
  request: SignedRequest,
  claim: SignatureClaim,
  signingDate: Date,
): Promise<string> {
  const query = Object.fromEntries(
    Object.entries(request.query).filter(([name]) => !PRESIGNED_PARAMETERS.includes(name)),
  );
  const signedHeaders = new Set(claim.signedHeaders);
  const again = await signer.presign(copyOf(request, claim, query), {
    signingDate,
    expiresIn: Number(request.query['X-Amz-Expires'] ?? 0),
    unhoistableHeaders: signedHeaders,
    signableHeaders: signedHeaders,
  });
  const signature = again.query?.['X-Amz-Signature'];
  return typeof signature === 'string' ? signature : '';
}

/** The request with its signed headers only. */
function copyOf(request: SignedRequest, claim: SignatureClaim, query: SignedRequest['query']): HttpRequest {
  const headers: Record<string, string> = {};
  for (const name of claim.signedHeaders) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  return new HttpRequest({
    method: request.method,
    path: request.path,
    query: { ...query },
    headers,
    body: request.body,
  });
}

/** The payload hash a caller sends is what gets signed, so it must be the hash of this body. */
function hasHonestPayloadHash(request: SignedRequest): boolean {
  const claimed = request.headers['x-amz-content-sha256'];
  return claimed === undefined || claimed === createHash('sha256').update(request.body).digest('hex');
}

/** As SigV4 writes it: `20260131T090000Z`. */
export function instantOf(text: string | string[] | undefined): Date | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(text)) ?? [];
  if (second === undefined) return undefined;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
