import type { AccessKey, LastUse } from './iam/state.ts';
import { type IssuedCredential, type Principal, principalOf, secretOf } from './principal.ts';
import type { Refusals } from './service.ts';
import { isSignedWith } from './transport/signature.ts';
import { type SignatureClaim, sessionToken, type WireRequest } from './wire.ts';
import type { World } from './world/world.ts';

/** IAM records at most one use of a key in this span in its credential report. */
export const USE_SPAN_MS = 15 * 60_000;

/** Who signed; throws the service's own error for unknown, inactive and expired credentials. */
export function authenticate(
  world: World,
  refusals: Refusals,
  request: Pick<WireRequest, 'headers' | 'query'>,
  claim: SignatureClaim,
  now: number,
): { principal: Principal; credential: IssuedCredential } {
  const credential = world.credentials.get(claim.accessKeyId);
  if (credential === undefined) throw refusals.unknownToken;
  if (credential.kind === 'administrator') return { principal: credential.principal, credential };
  if (credential.kind === 'session') {
    if (sessionToken(request) !== credential.sessionToken) throw refusals.unknownToken;
    if (now >= credential.expiresAt) throw refusals.expiredToken;
    return { principal: credential.principal, credential };
  }
  if (credential.key.status.read(now) !== 'Active') throw refusals.unknownToken;
  return { principal: principalOf(credential), credential };
}

/** True when the signature is right; false also when the key is unknown. */
export async function verifySignature(
  world: World,
  request: WireRequest,
  claim: SignatureClaim,
): Promise<boolean> {
  const credential = world.credentials.get(claim.accessKeyId);
  return credential !== undefined && (await isSignedWith(request, claim, secretOf(credential)));
}

/** An IAM user's key is used by signing a request, whatever comes of it. */
export function recordUse(
  world: World,
  credential: IssuedCredential,
  service: string,
  region: string,
  now: number,
): void {
  if (credential.kind !== 'user-key') return;
  noteUse(world, credential.key, { at: now, service, region }, now);
}

/** Notes a use, unless a later one is known, and keeps the first one of its 15-minute span. */
export function noteUse(world: World, key: AccessKey, use: Omit<LastUse, 'first'>, now: number): void {
  const before = key.lastUse.durable;
  if (before !== undefined && use.at < before.at) return;
  const sameSpan = before !== undefined && use.at - before.first.at < USE_SPAN_MS;
  key.lastUse.write({ ...use, first: sameSpan ? before.first : use }, now, world.useVisibleAt(now));
}
