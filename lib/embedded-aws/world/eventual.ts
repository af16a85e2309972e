/**
 * A value that is durable at once and becomes visible to reads later: AWS's eventual consistency.
 * Writers see `durable`; readers see `read(now)`.
 */
export class Eventual<T> {
  #visible: T;
  #pending: { readonly value: T; readonly visibleAt: number }[] | undefined;

  constructor(value: T) {
    this.#visible = value;
  }

  get durable(): T {
    return this.#pending?.at(-1)?.value ?? this.#visible;
  }

  /** `visibleAt` in milliseconds since the epoch; not later than `now` means at once. */
  write(value: T, now: number, visibleAt: number): void {
    if (visibleAt <= now) {
      this.#visible = value;
      this.#pending = undefined;
      return;
    }
    this.#pending ??= [];
    this.#pending.push({ value, visibleAt });
  }

  read(now: number): T {
    while (this.#pending?.[0] !== undefined && this.#pending[0].visibleAt <= now) {
      this.#visible = this.#pending[0].value;
      this.#pending.shift();
    }
    return this.#visible;
  }
}
