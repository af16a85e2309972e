import { StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo, StandardRetryToken } from '@smithy/types';
import { isForeignAnswer } from './failure.ts';

/** Attempts of a read: throttling backs off up to 1, 2, 4, 8, 16, 20, 20 s (jittered), about half of that on average. */
export const READ_ATTEMPTS = 8;
/** An act is attempted once; its outcome is read back, never repeated blindly (I7). */
export const ACT_ATTEMPTS = 1;

const NO_DELAY = { computeNextBackoffDelay: () => 0, setDelayBase: () => undefined };

export type RetryDelays = 'aws' | 'none';

/**
 * The SDK's standard strategy (throttling and transient errors, jittered exponential backoff, a retry quota).
 * With delays `none` it retries without sleeping, for embedded clocks. An HTML page from a configured endpoint
 * is an emulator's way to say that it lacks an operation: asking again does not help.
 */
export class ReadRetryStrategy extends StandardRetryStrategy {
  readonly #endpointIsAws: boolean;

  constructor(delays: RetryDelays, endpointIsAws: boolean) {
    super({ maxAttempts: READ_ATTEMPTS, ...(delays === 'none' ? { backoff: NO_DELAY } : {}) });
    this.#endpointIsAws = endpointIsAws;
  }

  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    info: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    if (!this.#endpointIsAws && isForeignAnswer(info.error)) throw new Error('not retried');
    return super.refreshRetryTokenForRetry(token, info);
  }
}
