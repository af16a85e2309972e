import type { MetadataBearer } from '@smithy/types';
import { type Attempt, attempt, type HttpOptions } from '../attempt.ts';

/** Milliseconds that one call may take. */
const CALL_MS = 20_000;
/** Milliseconds between attempts. */
const PAUSES = [1_000, 2_000, 4_000, 8_000];
/** Refusals that pass by themselves. `LimitExceeded` is none of them: it is the quota. */
const PASSING =
  /^(Throttl|TooManyRequests|RequestLimitExceeded|ConcurrentModification|EntityTemporarilyUnmodifiable)/;

export type Pause = (millis: number) => Promise<void>;

/**
 * Sends a change, again after refusals that pass by themselves: those were not applied. `repeatable`: the same call twice
 * does what it does once, so that one whose outcome is not known is sent again too.
 */
export async function attemptPatiently<Output extends MetadataBearer>(
  operation: string,
  options: { readonly pause: Pause; readonly repeatable: boolean },
  send: (http: HttpOptions) => Promise<Output>,
): Promise<Attempt<Output>> {
  let answer = await attempt(operation, { requestTimeoutMs: CALL_MS }, send);
  for (const millis of PAUSES) {
    if (!isWorthRepeating(answer, options.repeatable)) return answer;
    await options.pause(millis);
    answer = await attempt(operation, { requestTimeoutMs: CALL_MS }, send);
  }
  return answer;
}

function isWorthRepeating(answer: Attempt<unknown>, repeatable: boolean): boolean {
  if (answer.outcome === 'unknown') return repeatable;
  return answer.outcome === 'rejected' && PASSING.test(answer.code);
}
