import type { Output } from '../terminal.ts';

const CHUNK = 65_536;

/** Gathers small writes into larger ones; what was not flushed was not written. */
export class ChunkedOutput {
  readonly #output: Output;
  #pending: string[] = [];
  #length = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  async write(text: string): Promise<void> {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#length = 0;
    if (text !== '') await this.#output.write(text);
  }
}
