import { ServiceException } from '@smithy/core/client';
import { type AwsFailure, mapAwsError } from '../aws/index.ts';
import { JanitorError } from '../domain/error.ts';

/** Clients that change an account: `performChange` needs single-attempt ones, reads take retrying ones too. */
export type { ActingAwsClients as ActingClients } from '../aws/index.ts';

export interface AttemptOptions {
  readonly abortSignal?: AbortSignal;
  /** Milliseconds for one call; a change of two calls may take twice that. */
  readonly requestTimeoutMs: number;
}

interface Answer {
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** Options of one SDK call. */
export interface HttpOptions {
  readonly abortSignal?: AbortSignal;
}

export interface Rejected {
  readonly outcome: 'rejected';
  /** The error code of AWS, or ours (kebab-case) when nothing was sent. */
  readonly code: string;
  readonly reason: string;
  readonly requestIds: readonly string[];
}

/** What became of one call: done, definitely not done, or nobody can tell without looking. */
export type Attempt<Output> =
  | { readonly outcome: 'accepted'; readonly output: Output; readonly requestIds: readonly string[] }
  | Rejected
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * Sends one call once. Only an answer of AWS with a client error (4xx) is a refusal; a time-out, a reset,
 * an abort or a server error may have been applied and is `unknown`. `operation` as in a policy.
 */
export async function attempt<Output extends Answer>(
  operation: string,
  options: AttemptOptions,
  send: (http: HttpOptions) => Promise<Output>,
): Promise<Attempt<Output>> {
  try {
    const output = await send(singleCall(options));
    return { outcome: 'accepted', output, requestIds: requestIdsOf(output) };
  } catch (error) {
    const failure = mapAwsError(error, operation);
    if (!isRefusal(error, failure)) return { outcome: 'unknown', reason: failure.message };
    return {
      outcome: 'rejected',
      code: failure.code,
      reason: failure.message,
      requestIds: requestIdsOf(error),
    };
  }
}

/** Call options that give up at the caller's signal or after the time-out. */
export function singleCall({ abortSignal, requestTimeoutMs }: AttemptOptions): HttpOptions {
  const timeout = AbortSignal.timeout(requestTimeoutMs);
  return { abortSignal: abortSignal === undefined ? timeout : AbortSignal.any([abortSignal, timeout]) };
}

/** Throws `acting-client-retries` unless the client makes a single attempt: a hidden retry could act twice. */
export async function mustNotRetry(client: {
  readonly config: { readonly maxAttempts: () => Promise<number> };
}): Promise<void> {
  const attempts = await client.config.maxAttempts();
  if (attempts === 1) return;
  throw new JanitorError(`A client that changes an account would make ${attempts} attempts`, {
    code: 'acting-client-retries',
    source: 'system',
    hint: 'Create acting clients with maxAttempts: 1.',
  });
}

/** What became of a read. `not-found`: AWS says that the user or the secret does not exist. */
export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: 'not-found' | 'unreadable'; readonly reason: string };

/** Runs a read that may be repeated; every failure is a value. A missing page in between is not "not found". */
export async function read<Value>(operation: string, run: () => Promise<Value>): Promise<Read<Value>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    const failure = mapAwsError(error, operation);
    const isGone =
      isRefusal(error, failure) && (failure.code === 'NoSuchEntity' || failure.code === 'ResourceNotFound');
    return { ok: false, code: isGone ? 'not-found' : 'unreadable', reason: failure.message };
  }
}

/** AWS itself said no. A page of some proxy (`not-offered`) is not AWS, and 408 is a time-out. */
function isRefusal(error: unknown, failure: AwsFailure): error is ServiceException {
  if (!ServiceException.isInstance(error) || failure.kind === 'not-offered') return false;
  const status = error.$metadata.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && status !== 408 && !failure.code.startsWith('RequestTimeout');
}

function requestIdsOf({ $metadata }: Answer): string[] {
  return $metadata.requestId === undefined ? [] : [$metadata.requestId];
}
