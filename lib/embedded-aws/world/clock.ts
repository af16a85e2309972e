import { toMillis } from '../../domain/time.ts';

/** What the constructor takes: an instant that stands still, or a clock to follow (the caller injects the system's). */
export type ClockSource = string | (() => Date);

/**
 * The world's clock. It starts at a fixed instant and moves only by `set` and `advance`; constructed with
 * a function it follows that function until `set` pins it. Setting it back is allowed: recorded facts keep
 * their dates, which then lie in the future.
 */
export class WorldClock {
  #follow: (() => Date) | undefined;
  #millis: number;

  constructor(source: ClockSource) {
    this.#follow = typeof source === 'function' ? source : undefined;
    this.#millis = typeof source === 'function' ? 0 : toMillis(source);
  }

  now(): Date {
    return new Date(this.millis());
  }

  /** Whether it stands where somebody set it, instead of following the clock it was constructed with. */
  get isPinned(): boolean {
    return this.#follow === undefined;
  }

  /** Milliseconds since the epoch. */
  millis(): number {
    return (this.#follow?.().getTime() ?? 0) + this.#millis;
  }

  /** Pins the clock; throws `instant-invalid` when the text is no date. */
  set(iso: string): void {
    this.#millis = toMillis(iso);
    this.#follow = undefined;
  }

  /** Milliseconds, may be negative. */
  advance(millis: number): void {
    this.#millis += millis;
  }
}
