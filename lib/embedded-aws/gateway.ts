import { authenticate, recordUse } from './authentication.ts';
import { type Principal, secretOf } from './principal.ts';
import type { Refusals } from './service.ts';
import { ServiceError } from './service-error.ts';
import { instantOf, isSignedWith, type SignedRequest } from './transport/signature.ts';
import { claimOfHeader, type SignatureClaim } from './wire.ts';
import type { World } from './world/world.ts';

/** The door of one API with IAM authorisation. */
export interface Door {
  readonly region: string;
  /** Of the machine: a signature's age is judged by it, since it was made by the machine's clock as well. */
  readonly now: () => Date;
}

/** Who signed, as `requestContext.identity` says it; or what API Gateway answers instead of passing the request on. */
export type Admission =
  | {
      readonly ok: true;
      readonly principal: Principal;
      readonly accessKeyId: string;
      readonly organizationId: string | undefined;
    }
  | {
      readonly ok: false;
      readonly status: number;
      /** `x-amzn-errortype`. */
      readonly type: string;
      readonly message: string;
    };

const SERVICE = 'execute-api';
const SKEW_MS = 5 * 60_000;

function refusal(type: string, message: string): ServiceError {
  return new ServiceError(`${type}Exception`, 403, message);
}

/** Types and words as API Gateway has them. */
const REFUSALS = {
  missingToken: refusal('MissingAuthenticationToken', 'Missing Authentication Token'),
  unknownToken: refusal('UnrecognizedClient', 'The security token included in the request is invalid.'),
  expiredToken: refusal('ExpiredToken', 'The security token included in the request is expired'),
  badSignature: refusal(
    'InvalidSignature',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  ),
  throttled: new ServiceError('TooManyRequestsException', 429, 'Too Many Requests'),
  accessDenied: (message) => refusal('AccessDenied', message),
  unknownOperation: () => refusal('MissingAuthenticationToken', 'Missing Authentication Token'),
} satisfies Refusals;

/**
 * Verifies a request to an API with IAM authorisation, in the order API Gateway does. Only headers sign here: a presigned
 * link would let somebody call by following it.
 */
export async function admit(world: World, door: Door, request: SignedRequest): Promise<Admission> {
  try {
    return await admitted(world, door, request);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { ok: false, status: error.status, type: error.code, message: error.message };
  }
}

async function admitted(world: World, door: Door, request: SignedRequest): Promise<Admission> {
  const claim = claimOf(request);
  const credential = world.credentials.get(claim.accessKeyId);
  if (credential === undefined) throw REFUSALS.unknownToken;
  refuseOtherScope(claim, door);
  refuseStale(request, door);
  if (!(await isSignedWith(request, claim, secretOf(credential)))) throw REFUSALS.badSignature;
  const now = world.clock.millis();
  const { principal } = authenticate(world, REFUSALS, { headers: request.headers, query: {} }, claim, now);
  const account = world.account(principal.accountId);
  recordUse(world, credential, SERVICE, door.region, now);
  if (account.isDenied(principal, `${SERVICE}:Invoke`)) {
    throw REFUSALS.accessDenied(
      `User: ${principal.arn} is not authorized to perform: ${SERVICE}:Invoke with an explicit deny`,
    );
  }
  return { ok: true, principal, accessKeyId: claim.accessKeyId, organizationId: account.organizationId };
}

function claimOf({ headers }: SignedRequest): SignatureClaim {
  if (headers.authorization === undefined) throw REFUSALS.missingToken;
  const claim = claimOfHeader(headers.authorization);
  if (claim === undefined || instantOf(headers['x-amz-date']) === undefined) {
    throw refusal(
      'IncompleteSignature',
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters, and a 'X-Amz-Date' header.",
    );
  }
  if (claim.signedHeaders.includes('host')) return claim;
  throw refusal('InvalidSignature', "'Host' must be a 'SignedHeader' in the AWS Authorization.");
}

function refuseOtherScope({ service, region }: SignatureClaim, door: Door): void {
  if (service !== SERVICE) {
    throw refusal('InvalidSignature', `Credential should be scoped to correct service: '${SERVICE}'.`);
  }
  if (region !== door.region) {
    throw refusal('InvalidSignature', `Credential should be scoped to a valid region, '${door.region}'.`);
  }
}

function refuseStale({ headers }: SignedRequest, door: Door): void {
  const written = headers['x-amz-date'];
  const signedAt = instantOf(written)?.getTime() ?? 0;
  const now = door.now().getTime();
  if (signedAt < now - SKEW_MS) {
    throw refusal('InvalidSignature', `Signature expired: ${written} is earlier than 5 min. ago`);
  }
  if (signedAt > now + SKEW_MS) {
    throw refusal('InvalidSignature', `Signature not yet current: ${written} is later than in 5 min.`);
  }
}
