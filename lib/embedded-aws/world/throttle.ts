/** Requests a second, and how many may come at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Token buckets on the embedded clock; one per account, Region and API (or group of APIs). */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes a token; false when the bucket is empty. `now` in milliseconds. */
  admit(name: string, rate: Rate, now: number): boolean {
    const bucket = this.#buckets.get(name) ?? { tokens: rate.burst, filledAt: now };
    this.#buckets.set(name, bucket);
    const refill = (Math.max(0, now - bucket.filledAt) / 1000) * rate.perSecond;
    bucket.tokens = Math.min(rate.burst, bucket.tokens + refill);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
