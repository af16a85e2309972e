import { JanitorError } from '../../domain/error.ts';

/** Something that is open, such as a ledger that one process at a time may hold. */
export interface Open<T> {
  readonly value: T;
  close(): Promise<void>;
}

export interface IdleOptions {
  /** Milliseconds without use after which it is closed. */
  readonly idleMs: number;
  /** Milliseconds to wait for whoever else holds it. */
  readonly patienceMs: number;
  readonly pause: (millis: number) => Promise<void>;
  /** Told that it could not be closed for want of use: nobody waits for that. */
  readonly report: (error: unknown) => void;
}

const RETRY_MS = 250;

/**
 * Opens something when it is first needed, lets everybody use it at once, and closes it when nobody has for a moment, so
 * that other processes get their turn. Whoever needs it while it closes waits for the next opening.
 */
export class IdleOpening<T> {
  readonly #open: () => Promise<Open<T>>;
  readonly #options: IdleOptions;
  #current: Promise<Open<T>> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #users = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(open: () => Promise<Open<T>>, options: IdleOptions) {
    this.#open = open;
    this.#options = options;
  }

  /** Keeps what is opened meanwhile open until `work` has ended. */
  async during<R>(work: () => Promise<R>): Promise<R> {
    this.#users += 1;
    clearTimeout(this.#timer);
    try {
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#timer = setTimeout(() => this.#closeIdle(), this.#options.idleMs);
    }
  }

  /** Within `during`. Throws what opening throws, `state-dir-locked` once patience is over. */
  async value(): Promise<T> {
    this.#current ??= this.#opened().catch((error: unknown) => {
      this.#current = undefined;
      throw error;
    });
    return (await this.#current).value;
  }

  /** Closes what is open, and is done when it is closed. Throws what closing throws. */
  close(): Promise<void> {
    clearTimeout(this.#timer);
    const current = this.#current;
    if (current === undefined) return this.#closing;
    this.#current = undefined;
    const closing = this.#closing.then(() => closed(current));
    this.#closing = closing.catch(() => {});
    return closing;
  }

  #closeIdle(): void {
    this.close().catch((error: unknown) => this.#options.report(error));
  }

  async #opened(): Promise<Open<T>> {
    await this.#closing;
    const { patienceMs, pause } = this.#options;
    for (let waited = 0; ; waited += RETRY_MS) {
      try {
        return await this.#open();
      } catch (error) {
        const isHeld = error instanceof JanitorError && error.code === 'state-dir-locked';
        if (!isHeld || waited >= patienceMs) throw error;
        await pause(RETRY_MS);
      }
    }
  }
}

/** What could not be opened needs no closing. */
async function closed(current: Promise<Open<unknown>>): Promise<void> {
  const open = await current.catch(() => undefined);
  await open?.close();
}
