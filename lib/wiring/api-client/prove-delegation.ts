import { createAwsClients } from '../../aws/index.ts';
import { JanitorError } from '../../domain/error.ts';
import type { RequestContent } from '../../domain/request-events.ts';
import type { Instant } from '../../domain/time.ts';
import {
  callerIdentity,
  type DelegationProof,
  delegationSchema,
  proveHop,
  requestCoreHash,
} from '../../identity/index.ts';
import type { AwsFlags } from '../flags.ts';
import { refuseUnknownProfile } from '../profile.ts';
import { systemClock } from '../system-clock.ts';

export interface HopOrder {
  /** The id the API gives itself. */
  readonly api: string;
  /** When it is signed, by the clock of the API; default by that of this machine. */
  readonly now?: Instant | undefined;
  readonly asked: { readonly requestId: string; readonly request: RequestContent };
  /** Proofs of the hops before, as they were handed over; none for the first asker. */
  readonly previous: unknown;
  /** ARN of who passes the request on, or asks the API. */
  readonly next: string;
}

/**
 * The delegation with one more hop, proven with the caller's own credentials: what the next one needs. Each proof of a
 * session carries its session token. Throws `delegation-malformed`, what `proveHop` throws, and the `aws-` codes.
 */
export async function proveDelegation(
  { profile, region }: AwsFlags,
  { api, asked, previous, next, now = systemClock.now() }: HopOrder,
): Promise<readonly DelegationProof[]> {
  const before = proofsOf(previous);
  await refuseUnknownProfile(profile, process.env);
  const clients = await createAwsClients({ profile, region });
  try {
    const { partition } = await callerIdentity(clients);
    const last = before.at(-1);
    const proof = await proveHop({
      credentials: clients.sts.config.credentials,
      partition,
      region: clients.region,
      api,
      core: requestCoreHash({ requestId: asked.requestId, request: asked.request }),
      next,
      now,
      ...(last === undefined ? {} : { previous: last }),
    });
    return [...before, proof];
  } finally {
    clients.close();
  }
}

function proofsOf(previous: unknown): readonly DelegationProof[] {
  if (previous === undefined) return [];
  const parsed = delegationSchema.safeParse(previous);
  if (parsed.success) return parsed.data;
  throw new JanitorError('what was handed over is no list of one to five proofs', {
    code: 'delegation-malformed',
    source: 'user',
    hint: 'Give the whole output of `janitor delegation prove` of the one before you.',
  });
}
