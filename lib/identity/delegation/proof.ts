import { taggedHash } from '../../domain/canonical.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';

/**
 * A delegation is a list of proofs, the first asker's first. Each is a presigned GetCallerIdentity request: that STS
 * answers it proves who signed it. What it was signed for stands in four signed headers, so that it is worth nothing
 * for another request, after another proof, in other hands or at another API.
 */
export const BINDING = {
  /** Of which API, by the id that API gives itself. */
  api: 'x-janitor-api',
  /** `requestCoreHash` of what is asked. */
  core: 'x-janitor-core',
  /** The ARN of who may pass the request on: the signer of the next proof, or the caller of the API. */
  next: 'x-janitor-next',
  /** `hashOfProof` of the proof before it, or `none`. */
  previous: 'x-janitor-previous',
} as const;

/** What the signature covers, as SigV4 lists it: nothing less, and nothing else. */
export const SIGNED_HEADERS = ['host', BINDING.api, BINDING.core, BINDING.next, BINDING.previous].join(';');

/** `previous` of the first proof. */
export const NO_PREVIOUS = 'none';

/** Older than this a proof is worth nothing. STS itself allows 15 minutes and ignores X-Amz-Expires. */
export const MAX_PROOF_AGE_MS = 10 * MINUTE_MS;
/** How far the signer's clock may be ahead. */
export const MAX_CLOCK_SKEW_MS = MINUTE_MS;

const MAX_HOPS = 5;
/** Session tokens have no documented limit; those of today stay below 2,048 characters before encoding. */
const MAX_URL = 8_192;

const sha256Text = z.lazy(() => z.string().check(z.regex(/^[0-9a-f]{64}$/)));

export const apiIdSchema = z.lazy(() => z.string().check(z.regex(/^[\w.:/-]{1,128}$/)));

/**
 * Whom a proof can name as next: an IAM user, a role (then any session of it), or one session of a role. The role of a
 * permission set is everybody's who has it, so there the session has to be named, which is one person's.
 */
export const nextPrincipalSchema = z.lazy(() =>
  z.string().check(
    z.maxLength(2_048),
    z.regex(
      /^arn:aws[a-z-]*:(iam::\d{12}:(user|role)\/([\w+=,.@-]+\/)*[\w+=,.@-]+|sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+)$/,
      {
        error:
          'write for example arn:aws:iam::111122223333:role/broker, arn:aws:iam::111122223333:user/ana or arn:aws:sts::111122223333:assumed-role/broker/session',
      },
    ),
    z.refine((arn) => !/:role\/(.*\/)?AWSReservedSSO_[^/]*$/.test(arn), {
      error: 'many people share the role of a permission set: name the session of the one you mean',
    }),
  ),
);

const bindingSchema = z.lazy(() =>
  z.strictObject({
    [BINDING.api]: apiIdSchema,
    [BINDING.core]: sha256Text,
    [BINDING.next]: nextPrincipalSchema,
    [BINDING.previous]: z.union([sha256Text, z.literal(NO_PREVIOUS)]),
  }),
);

export const delegationProofSchema = z.lazy(() =>
  z.strictObject({
    version: z.literal(1),
    url: z.string().check(z.minLength(1), z.maxLength(MAX_URL)),
    headers: bindingSchema,
  }),
);
export type DelegationProof = z.infer<typeof delegationProofSchema>;

export const delegationSchema = z.lazy(() =>
  z.array(delegationProofSchema).check(z.minLength(1), z.maxLength(MAX_HOPS)),
);

/** The hash of what is asked, without the delegation itself: any JSON. Throws `not-canonical`. */
export function requestCoreHash(core: unknown): string {
  return taggedHash('credential-janitor/request-core/v1', core);
}

export function hashOfProof(proof: DelegationProof): string {
  return taggedHash('credential-janitor/delegation-proof/v1', proof);
}
