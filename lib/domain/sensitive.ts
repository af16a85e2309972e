const SHOWN = '[secret]';
/** What Node prints of an object instead of its fields. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A text that must not be written anywhere: printed, logged or turned into JSON it shows no more than that it is one. */
export class Sensitive {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For the one call it is meant for. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [INSPECT](): string {
    return SHOWN;
  }
}
