import type { Output } from '../terminal.ts';
import { ChunkedOutput } from './chunked-output.ts';

/** Raised with every change of a document's shape that a reader could trip over. */
export const SCHEMA_VERSION = 1;

/** A whole small document. */
export function jsonDocument(content: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...content }, null, 2)}\n`;
}

/**
 * One JSON document with one long array, written as it grows: nothing but the current chunk is in memory.
 * A document that was not closed is not valid JSON, so that nobody takes half a result for a whole one.
 */
export class StreamedDocument {
  readonly #output: ChunkedOutput;
  readonly #arrayKey: string;
  #items = 0;

  constructor(output: Output, arrayKey: string) {
    this.#output = new ChunkedOutput(output);
    this.#arrayKey = arrayKey;
  }

  async item(value: unknown): Promise<void> {
    const before = this.#items === 0 ? `${this.#head()}\n` : ',\n';
    this.#items += 1;
    await this.#output.write(before + JSON.stringify(value));
  }

  /** Ends the array, adds the other keys and ends the document. */
  async close(rest: Readonly<Record<string, unknown>>): Promise<void> {
    const keys = Object.entries(rest).filter(([, value]) => value !== undefined);
    const tail = keys.map(([key, value]) => `,\n${JSON.stringify(key)}:${JSON.stringify(value)}`).join('');
    await this.#output.write(`${this.#items === 0 ? this.#head() : '\n'}]${tail}}\n`);
    await this.#output.flush();
  }

  #head(): string {
    return `{"schemaVersion":${SCHEMA_VERSION},\n${JSON.stringify(this.#arrayKey)}:[`;
  }
}
