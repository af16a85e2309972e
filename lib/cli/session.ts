import type { Format } from './flags.ts';
import { at, type Place, typedAs } from './invocation.ts';
import { jsonDocument } from './render/json-document.ts';
import { type Style, styleFor } from './render/style.ts';
import { printable, wrapped } from './render/text.ts';
import { type Terminal, widthOf } from './terminal.ts';

/** One run of one command: where it prints, how it looks, and what it says on the side. */
export class Session {
  readonly terminal: Terminal;
  readonly format: Format;
  /** For stdout. */
  readonly style: Style;
  /** For stderr. */
  readonly asideStyle: Style;
  readonly width: number;
  /** The janitor this command asks, if it is not the local one: commands in texts then name it, too. */
  readonly place: Place | undefined;
  readonly #held: string[] = [];
  readonly #said = new Set<string>();

  constructor(terminal: Terminal, format: Format, noColor: boolean, place?: Place) {
    this.terminal = terminal;
    this.format = format;
    this.style = styleFor(terminal.stdout, terminal.env, noColor);
    this.asideStyle = styleFor(terminal.stderr, terminal.env, noColor);
    this.width = widthOf(terminal.stdout);
    this.place = place;
  }

  /** The result, on stdout. */
  async print(text: string): Promise<void> {
    const shown = this.format === 'table' ? this.#typed(text) : text;
    await this.terminal.stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
  }

  /** The result as one JSON document, or as people read it. */
  async show(document: Readonly<Record<string, unknown>>, text: () => string): Promise<void> {
    await this.print(this.format === 'json' ? jsonDocument(document) : text());
  }

  /** Something to read before a question, on stderr; only people are asked. */
  async aside(text: string): Promise<void> {
    await this.terminal.stderr.write(`${this.#typed(text)}\n`);
  }

  /**
   * Prose on stderr. For scripts that read JSON it is held until the command has succeeded, because a failure
   * must be the only object there; the failure then carries the notes. Each is said once.
   */
  async note(text: string): Promise<void> {
    const line = this.#typed(printable(text));
    if (this.#said.has(line)) return;
    this.#said.add(line);
    if (this.format === 'json' && !this.terminal.stderr.isTTY) {
      this.#held.push(line);
      return;
    }
    await this.#say(line);
  }

  /** Says what was held. */
  async flushNotes(): Promise<void> {
    for (const line of this.#held.splice(0)) await this.#say(line);
  }

  heldNotes(): readonly string[] {
    return this.#held;
  }

  #typed(text: string): string {
    return typedAs(this.terminal.invocation, at(this.place, text));
  }

  async #say(line: string): Promise<void> {
    const width = widthOf(this.terminal.stderr);
    // A command stays on one line, to be copied.
    const shown = /^(npx )?janitor /.test(line) ? line : wrapped(line, width);
    await this.terminal.stderr.write(`${this.asideStyle.dim(shown)}\n`);
  }
}
