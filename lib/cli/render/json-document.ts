import type { Output } from '../terminal.ts';

const CHUNK = 65_536;

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
  readonly #output: Output;
  #pending: string;
  #items = 0;

  constructor(output: Output, arrayKey: string) {
    this.#output = output;
    this.#pending = `{"schemaVersion":${SCHEMA_VERSION},\n${JSON.stringify(arrayKey)}:[`;
  }

  async item(value: unknown): Promise<void> {
    this.#pending += `${this.#items === 0 ? '\n' : ',\n'}${JSON.stringify(value)}`;
    this.#items += 1;
    if (this.#pending.length >= CHUNK) await this.#flush();
  }

  /** Ends the array, adds the other keys and ends the document. */
  async close(rest: Readonly<Record<string, unknown>>): Promise<void> {
    const keys = Object.entries(rest).filter(([, value]) => value !== undefined);
    const tail = keys.map(([key, value]) => `,\n${JSON.stringify(key)}:${JSON.stringify(value)}`).join('');
    this.#pending += `${this.#items === 0 ? '' : '\n'}]${tail}}\n`;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    await this.#output.write(text);
  }
}
