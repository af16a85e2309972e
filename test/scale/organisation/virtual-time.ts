import { setImmediate as nextTurn } from 'node:timers/promises';

interface Due {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Time that passes as fast as the work allows: it stands still while anything can go on and then jumps to the next
 * moment somebody waits for. Work that runs concurrently waits concurrently, as it would on real machines.
 */
export class VirtualTime {
  #millis: number;
  /** By their moment, the earliest last. */
  readonly #waiting: Due[] = [];

  constructor(start: string) {
    this.#millis = Date.parse(start);
  }

  millis(): number {
    return this.#millis;
  }

  sleep(millis: number): Promise<void> {
    return new Promise((resolve) => this.#wakeAfter(millis, resolve));
  }

  /** Nobody waits for anything: time goes by. */
  advance(millis: number): void {
    this.#millis += millis;
  }

  /** Runs work to its end; timers that it sets (the SDK's pauses between attempts) are of this time, too. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const real = globalThis.setTimeout;
    const fake = (wake: () => void, millis = 0) => this.#wakeAfter(millis, wake);
    Object.assign(globalThis, { setTimeout: fake });
    try {
      let isOver = false;
      const done = work().finally(() => {
        isOver = true;
      });
      done.catch(() => undefined);
      for (;;) {
        await nextTurn();
        await nextTurn();
        if (isOver) return await done;
        this.#jump();
      }
    } finally {
      Object.assign(globalThis, { setTimeout: real });
    }
  }

  #wakeAfter(millis: number, wake: () => void): void {
    const due = { at: this.#millis + Math.max(0, millis), wake };
    let [low, high] = [0, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle]?.at ?? 0) > due.at) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, due);
  }

  /** To the next moment, and wakes all who wait for it. */
  #jump(): void {
    const at = this.#waiting.at(-1)?.at;
    if (at === undefined) return;
    this.#millis = at;
    while (this.#waiting.at(-1)?.at === at) this.#waiting.pop()?.wake();
  }
}
