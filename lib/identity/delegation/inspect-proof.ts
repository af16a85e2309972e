import { taggedHash } from '../../domain/canonical.ts';
import { elapsed, type Instant } from '../../domain/time.ts';
import { type PresignedRefusal, type PresignedRequest, readPresigned } from './presigned-request.ts';
import {
  BINDING,
  type DelegationProof,
  hashOfProof,
  MAX_CLOCK_SKEW_MS,
  MAX_PROOF_AGE_MS,
  NO_PREVIOUS,
} from './proof.ts';

/** What a proof has to be for, and when and where it is looked at. */
export interface Expected {
  readonly api: string;
  readonly core: string;
  readonly previous: DelegationProof | undefined;
  readonly hosts: ReadonlyMap<string, string>;
  readonly now: Instant;
}

export interface InspectedProof {
  readonly headers: DelegationProof['headers'];
  readonly request: PresignedRequest;
  /** The same for every spelling of this signed request: what a second use is recognised by. */
  readonly id: string;
}

export type Inspection =
  | ({ readonly ok: true } & InspectedProof)
  | {
      readonly ok: false;
      readonly reason: PresignedRefusal | 're-bound' | 'missing-hop' | 'not-yet-valid' | 'expired';
    };

/** All that a proof says by itself, before STS is asked whether it is signed at all. */
export function inspectProof(proof: DelegationProof, expected: Expected): Inspection {
  const { api, core, previous, hosts, now } = expected;
  const { url, headers } = proof;
  const read = readPresigned(url, hosts);
  if (!read.ok) return read;
  if (headers[BINDING.api] !== api || headers[BINDING.core] !== core)
    return { ok: false, reason: 're-bound' };
  const before = previous === undefined ? NO_PREVIOUS : hashOfProof(previous);
  if (headers[BINDING.previous] !== before) return { ok: false, reason: 'missing-hop' };
  const { request } = read;
  const age = elapsed(request.signedAt, now);
  if (age < -MAX_CLOCK_SKEW_MS) return { ok: false, reason: 'not-yet-valid' };
  if (age > Math.min(MAX_PROOF_AGE_MS, request.lifetimeMs)) return { ok: false, reason: 'expired' };
  const id = taggedHash('credential-janitor/delegation-signature/v1', request.signature);
  return { ok: true, headers, request, id };
}
