import type { HttpHandler } from '@smithy/core/protocols';
import { type Clock, HOUR_MS, type Instant, plus } from '../../domain/time.ts';
import {
  type AuthenticatedCaller,
  type CallerDirectory,
  type CallerRefusal,
  type ResolvedCaller,
  resolveCaller,
  workloadOf,
} from '../resolve-caller.ts';
import { askSts } from './ask-sts.ts';
import { type InspectedProof, inspectProof } from './inspect-proof.ts';
import { BINDING, type DelegationProof, delegationSchema, MAX_PROOF_AGE_MS } from './proof.ts';
import type { ProofStore } from './proof-store.ts';
import { type DelegationReason, type DelegationRefusal, refusal } from './refusal.ts';
import { stsHosts } from './sts-hosts.ts';

/** What verifying needs of its surroundings. */
export interface VerifierOptions {
  /** The id this API gives itself; proofs for another are worth nothing here. */
  readonly api: string;
  readonly partition: string;
  /** Whose STS may be asked. */
  readonly regions: readonly string[];
  /** Sends to STS, for example an STS client's own `requestHandler`. It must not follow redirects. */
  readonly sts: HttpHandler;
  readonly proofs: ProofStore;
  readonly directory: CallerDirectory;
  readonly clock: Clock;
  /** Milliseconds for an answer of STS; default 3,000. */
  readonly timeoutMs?: number;
}

export interface PresentedDelegation {
  /** As it came in. */
  readonly delegation: unknown;
  /** `requestCoreHash` of what is asked. */
  readonly core: string;
  /** The ARN of the authenticated caller who presents it. */
  readonly callerArn: string;
}

/** Somebody on whose behalf the caller asks, as AWS proved (G18). */
export interface ProvenHop extends ResolvedCaller {
  readonly signedAt: Instant;
  /** Recognises the proof in the record without containing it. */
  readonly proofId: string;
}

export type Verification = { readonly ok: true; readonly hops: readonly ProvenHop[] } | DelegationRefusal;

/** A proof whose signature STS vouched for. */
interface SignedProof extends InspectedProof {
  readonly identity: AuthenticatedCaller;
}

/** A second use is recognised this much longer than it would be accepted, since clocks of servers differ. */
const REMEMBERED_LONGER_MS = HOUR_MS;
const STS_TIMEOUT_MS = 3_000;

/**
 * Proves a delegation end to end (G18): every proof is for this request at this API, follows the one before, is fresh,
 * signed by somebody AWS names and the directory knows, and names who presents the next one, the last of them the
 * caller. Then each is used up, so present a delegation once: a repeated request is answered from its own record before
 * it comes here. Throws `proof-store-unavailable`, and `partition-unknown` or `region-invalid` for wrong options.
 */
export async function verifyDelegation(
  options: VerifierOptions,
  presented: PresentedDelegation,
): Promise<Verification> {
  const parsed = delegationSchema.safeParse(presented.delegation);
  if (!parsed.success) return refusal('malformed');
  const inspected = inspectAll(options, parsed.data, presented.core);
  if ('reason' in inspected) return inspected;
  const signed = await askAll(options, inspected);
  if ('reason' in signed) return signed;
  const gap = gapIn(signed, presented.callerArn);
  if (gap !== undefined) return gap;
  const hops = await resolveAll(options, signed);
  if ('reason' in hops) return hops;
  const used = await useUp(options, signed);
  return used ?? { ok: true, hops };
}

function inspectAll(
  { api, partition, regions, clock }: VerifierOptions,
  proofs: readonly DelegationProof[],
  core: string,
): readonly InspectedProof[] | DelegationRefusal {
  const hosts = stsHosts(partition, regions);
  const now = clock.now();
  const inspected: InspectedProof[] = [];
  for (const [index, proof] of proofs.entries()) {
    const inspection = inspectProof(proof, { api, core, previous: proofs[index - 1], hosts, now });
    if (!inspection.ok) return refusal(inspection.reason, index + 1);
    inspected.push(inspection);
  }
  return inspected;
}

/** Asks STS about all of them at once; the first that fails is named. */
async function askAll(
  { sts, timeoutMs = STS_TIMEOUT_MS }: VerifierOptions,
  proofs: readonly InspectedProof[],
): Promise<readonly SignedProof[] | DelegationRefusal> {
  const answers = await Promise.all(
    proofs.map(async (proof) => ({
      proof,
      answer: await askSts(sts, proof.request, proof.headers, timeoutMs),
    })),
  );
  const signed: SignedProof[] = [];
  for (const [index, { proof, answer }] of answers.entries()) {
    if (!answer.ok) return refusal(answer.reason, index + 1);
    signed.push({ ...proof, identity: answer.identity });
  }
  return signed;
}

/** Each proof must name who signed the next one, and the last one who presents them all. */
function gapIn(proofs: readonly SignedProof[], callerArn: string): DelegationRefusal | undefined {
  for (const [index, { headers }] of proofs.entries()) {
    const next = proofs[index + 1]?.identity.arn ?? callerArn;
    const named = headers[BINDING.next];
    if (!isNamed(next, named)) return refusal('missing-hop', index + 1, `it names ${named}, not ${next}`);
  }
  return undefined;
}

/** A user or a session by its own ARN, a session also by its role's ARN, with or without the role's path. */
function isNamed(arn: string, named: string): boolean {
  return arn === named || workloadOf(arn) === named.replace(/:role\/.*\//, ':role/');
}

const WHY_UNRESOLVED: Readonly<Record<CallerRefusal, DelegationReason>> = {
  unresolved: 'unresolved-hop',
  inconsistent: 'unresolved-hop',
  'organisation-unreadable': 'organisation-unreadable',
  'outside-unregistered': 'wrong-account',
  'contract-ended': 'wrong-account',
};

async function resolveAll(
  { directory }: VerifierOptions,
  proofs: readonly SignedProof[],
): Promise<readonly ProvenHop[] | DelegationRefusal> {
  const hops: ProvenHop[] = [];
  for (const [index, { identity, request, id }] of proofs.entries()) {
    const resolved = await resolveCaller(identity, directory);
    if (!resolved.ok) return refusal(WHY_UNRESOLVED[resolved.reason], index + 1, identity.arn);
    hops.push({ ...resolved.caller, signedAt: request.signedAt, proofId: id });
  }
  return hops;
}

/** One after the other, so that of two who present the same delegation at once exactly one gets through. */
async function useUp(
  { proofs: store }: VerifierOptions,
  proofs: readonly SignedProof[],
): Promise<DelegationRefusal | undefined> {
  for (const [index, { request, id }] of proofs.entries()) {
    const until = plus(request.signedAt, MAX_PROOF_AGE_MS + REMEMBERED_LONGER_MS);
    if (!(await store.claim(id, until))) return refusal('replayed', index + 1);
  }
  return undefined;
}
