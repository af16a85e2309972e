import pLimit from 'p-limit';

export interface ConcurrencyBounds {
  readonly least: number;
  readonly start: number;
  readonly most: number;
}

/**
 * Calls in flight at once per account. One still makes progress under the hardest throttling; eight is what
 * unthrottled IAM answers comfortably; beyond 32 a single account's buckets, not latency, set the pace.
 */
export const CONCURRENCY_BOUNDS: ConcurrencyBounds = { least: 1, start: 8, most: 32 };

/** State of the additive-increase, multiplicative-decrease rule (as in RFC 5681's congestion avoidance). */
export interface Concurrency {
  /** Calls allowed in flight. */
  readonly limit: number;
  /** Successes since the limit last changed. */
  readonly credit: number;
  /** Answers still to come from calls sent before the last decrease: their throttling is the same event. */
  readonly echoes: number;
}

export function initialConcurrency(bounds: ConcurrencyBounds): Concurrency {
  return { limit: bounds.start, credit: 0, echoes: 0 };
}

/** One more call in flight after as many successes as there are calls in flight. */
export function afterSuccess(state: Concurrency, bounds: ConcurrencyBounds): Concurrency {
  const echoes = Math.max(0, state.echoes - 1);
  const credit = state.credit + 1;
  if (credit < state.limit || state.limit >= bounds.most) return { ...state, credit, echoes };
  return { limit: state.limit + 1, credit: 0, echoes };
}

/** Half as many calls in flight, once per round of answers. */
export function afterThrottle(state: Concurrency, bounds: ConcurrencyBounds): Concurrency {
  if (state.echoes > 0) return { ...state, credit: 0, echoes: state.echoes - 1 };
  const limit = Math.max(bounds.least, Math.floor(state.limit / 2));
  return { limit, credit: 0, echoes: state.limit - 1 };
}

/** Bounds the calls in flight and adapts the bound to throttling. Do not nest `run` in `run`: it can deadlock. */
export class AdaptiveLimiter {
  readonly #bounds: ConcurrencyBounds;
  readonly #queue: ReturnType<typeof pLimit>;
  #state: Concurrency;

  constructor(bounds: ConcurrencyBounds = CONCURRENCY_BOUNDS) {
    this.#bounds = bounds;
    this.#state = initialConcurrency(bounds);
    this.#queue = pLimit(bounds.start);
  }

  /** Calls allowed in flight now. */
  get concurrency(): number {
    return this.#state.limit;
  }

  /** The most there may ever be. */
  get most(): number {
    return this.#bounds.most;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue(task);
  }

  succeeded(): void {
    this.#adopt(afterSuccess(this.#state, this.#bounds));
  }

  throttled(): void {
    this.#adopt(afterThrottle(this.#state, this.#bounds));
  }

  #adopt(state: Concurrency): void {
    this.#state = state;
    if (this.#queue.concurrency !== state.limit) this.#queue.concurrency = state.limit;
  }
}
