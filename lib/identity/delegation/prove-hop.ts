import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { JanitorError } from '../../domain/error.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type * as z from '../../domain/zod.ts';
import {
  apiIdSchema,
  BINDING,
  type DelegationProof,
  delegationProofSchema,
  hashOfProof,
  MAX_PROOF_AGE_MS,
  NO_PREVIOUS,
  nextPrincipalSchema,
} from './proof.ts';
import { stsHost } from './sts-hosts.ts';

export interface HopToProve {
  /** The SDK's own, of whoever passes the request on. */
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly partition: string;
  /** Whose STS is to be asked; one the API knows. */
  readonly region: string;
  /** The id the API gives itself. */
  readonly api: string;
  /** `requestCoreHash` of what is asked. */
  readonly core: string;
  /** The proof of who handed the request over; absent for the first asker. */
  readonly previous?: DelegationProof;
  /** Who passes the request on next: an IAM user's ARN, a role's (any session of it), or a session's. */
  readonly next: string;
  readonly now: Instant;
}

/**
 * Proves one hop with the credentials of whoever passes the request on. Calls nothing but the credential provider.
 * A proof of a session carries its session token: hand it on, never log it. Throws `proof-input-invalid`,
 * `partition-unknown`, `region-invalid`.
 */
export async function proveHop(hop: HopToProve): Promise<DelegationProof> {
  const { credentials, partition, region, core, previous, now } = hop;
  const host = stsHost(partition, region);
  const binding = {
    [BINDING.api]: valid(apiIdSchema, hop.api, 'the id of the API'),
    [BINDING.core]: core,
    [BINDING.next]: valid(nextPrincipalSchema, hop.next, 'the ARN of a user, a role or a session'),
    [BINDING.previous]: previous === undefined ? NO_PREVIOUS : hashOfProof(previous),
  };
  const signer = new SignatureV4({
    credentials,
    region,
    service: 'sts',
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const signed = await signer.presign(
    new HttpRequest({
      hostname: host,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host, ...binding },
    }),
    { signingDate: new Date(toMillis(now)), expiresIn: MAX_PROOF_AGE_MS / 1000 },
  );
  const url = `https://${host}/?${queryText(signed.query ?? {})}`;
  return valid(delegationProofSchema, { version: 1, url, headers: binding }, 'a proof the API accepts');
}

function queryText(query: Readonly<Record<string, string | readonly string[] | null>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replace(/[!'()*]/g, percent)}`)
    .join('&');
}

/** What encodeURIComponent leaves as it is and SigV4 encodes. */
function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function valid<S extends z.ZodMiniType>(schema: S, value: z.input<S>, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new JanitorError(`this hop cannot be proven: what was given is not ${what}`, {
    code: 'proof-input-invalid',
    source: 'user',
    hint: [...new Set(parsed.error.issues.map(({ message }) => message))].join('; '),
  });
}
