import { JanitorError, messageOf } from '../domain/error.ts';

/** The stores of this room; the error codes are `ledger-unavailable`, `state-unavailable` and `evidence-unavailable`. */
export type StoreName = 'ledger' | 'state' | 'evidence';

const GO_ON = 'Nothing more was done. Run the command again: it continues from what is recorded.';

const HINTS: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    'The table does not exist there: check the account, the Region and AWS_ENDPOINT_URL, or deploy the stack.',
  NoSuchBucket: 'The bucket does not exist there: check the account, the Region and AWS_ENDPOINT_URL.',
  AccessDeniedException: 'Give the caller the permission named above on this table.',
  AccessDenied: 'Give the caller the permission named above on this bucket.',
  ExpiredTokenException: 'The credentials have expired: sign in again.',
  ExpiredToken: 'The credentials have expired: sign in again.',
  UnrecognizedClientException: 'The credentials are not valid there: check the profile and AWS_ENDPOINT_URL.',
  ENOSPC:
    'The disk is full: free some space, then run the command again; it continues from what is recorded.',
  EACCES: 'The folder may not be written: check its owner and permissions.',
  EPERM:
    'The file system refused; evidence needs one with hard links: choose another folder with --state-dir.',
  EROFS: 'The file system is read-only: choose another folder with --state-dir.',
};

/** The name AWS or the operating system gives an error, such as `ResourceNotFoundException` or `ENOSPC`. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** A store that could not be read or written, in our own family (I20). `doing` completes "The ledger could not ...". */
export function unavailable(
  store: StoreName,
  doing: string,
  cause: unknown,
  details: Readonly<Record<string, unknown>> = {},
): JanitorError {
  const name = errorName(cause);
  return new JanitorError(`The ${store} could not ${doing}: ${messageOf(cause)} (${name})`, {
    code: `${store}-unavailable`,
    source: 'system',
    hint: HINTS[name] ?? GO_ON,
    cause,
    details,
  });
}

/** Runs one call to a store; anything it throws comes out as `unavailable`, our own errors as they are. */
export async function storeCall<T>(store: StoreName, doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof JanitorError ? error : unavailable(store, doing, error);
  }
}

export function isConditionFailed(error: unknown): boolean {
  return errorName(error) === 'ConditionalCheckFailedException';
}
