/**
 * The error names of AWS and its SDK, and of Node's network stack, by what they mean to us. Nothing outside
 * this folder knows them. Names are compared without the suffixes `Exception` and `Error`.
 */
export type AwsFailureKind =
  | 'denied'
  | 'throttled'
  | 'not-found'
  | 'invalid'
  | 'conflict'
  | 'expired-credentials'
  | 'no-credentials'
  | 'unreachable'
  | 'not-offered'
  | 'other';

const NAMES: Readonly<Record<Exclude<AwsFailureKind, 'other'>, readonly string[]>> = {
  denied: [
    'AccessDenied',
    'AuthorizationError',
    'ForbiddenException',
    'NotAuthorized',
    'OptInRequired',
    'RegionDisabled',
    'UnauthorizedAccess',
    'UnauthorizedOperation',
  ],
  throttled: [
    'BandwidthLimitExceeded',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceeded',
    'RequestLimitExceeded',
    'RequestThrottled',
    'SlowDown',
    'Throttled',
    'Throttling',
    'TooManyRequests',
  ],
  'not-found': [
    'CredentialReportNotPresent',
    'CredentialReportNotReady',
    'CredentialReportExpired',
    'NoSuchEntity',
    'ResourceNotFound',
  ],
  invalid: [
    'InvalidInput',
    'InvalidNextToken',
    'InvalidParameter',
    'InvalidParameterCombination',
    'InvalidParameterValue',
    'MalformedPolicyDocument',
    'MissingParameter',
    'PublicPolicy',
    'Validation',
  ],
  conflict: [
    'ConcurrentModification',
    'Conflict',
    'DeleteConflict',
    'EntityAlreadyExists',
    'EntityTemporarilyUnmodifiable',
    'InvalidRequest',
    'LimitExceeded',
    'PreconditionNotMet',
    'ResourceExists',
    'UnmodifiableEntity',
  ],
  'expired-credentials': ['ExpiredToken', 'RequestExpired', 'TokenRefreshRequired'],
  'no-credentials': [
    'AuthFailure',
    'CredentialsProvider',
    'IncompleteSignature',
    'InvalidClientTokenId',
    'InvalidSignature',
    'InvalidToken',
    'MissingAuthenticationToken',
    'RequestInTheFuture',
    'RequestTimeTooSkewed',
    'SignatureDoesNotMatch',
    'TokenProvider',
    'UnrecognizedClient',
  ],
  unreachable: [
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPIPE',
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ETIMEDOUT',
    'Networking',
    'RequestTimeout',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'Timeout',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  'not-offered': ['InvalidAction', 'NotImplemented', 'UnknownOperation', 'UnsupportedOperation'],
};

const KIND_OF_NAME: ReadonlyMap<string, AwsFailureKind> = new Map(
  Object.entries(NAMES).flatMap(([kind, names]) =>
    names.map((name): [string, AwsFailureKind] => [normalName(name), toKind(kind)]),
  ),
);

function toKind(kind: string): AwsFailureKind {
  return kind in NAMES ? (kind as keyof typeof NAMES) : 'other';
}

/** `AccessDeniedException` and `AccessDenied` are one; so are `ValidationError` and `ValidationException`. */
export function normalName(name: string): string {
  return name.replace(/(Exception|Error)$/, '');
}

/** What a name means, or undefined for one that says nothing to us. */
export function kindOfName(name: string): AwsFailureKind | undefined {
  return KIND_OF_NAME.get(normalName(name));
}

/** Names that speak of the signature: AWS's text then repeats signed headers, session token included. */
export function quotesSignedRequest(name: string): boolean {
  return ['SignatureDoesNotMatch', 'InvalidSignature', 'IncompleteSignature'].includes(normalName(name));
}

/** Names that mean a clock that is wrong rather than credentials that are. */
export function blamesTheClock(name: string): boolean {
  return ['RequestInTheFuture', 'RequestTimeTooSkewed'].includes(normalName(name));
}
