import type { Format } from './flags.ts';
import { onStack, typedAs } from './invocation.ts';
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
  /** The deployed janitor this command works on, if it is one: commands in texts then name it, too. */
  readonly stack: string | undefined;
  readonly #held: string[] = [];

  constructor(terminal: Terminal, format: Format, noColor: boolean, stack?: string) {
    this.terminal = terminal;
    this.format = format;
    this.style = styleFor(terminal.stdout, terminal.env, noColor);
    this.asideStyle = styleFor(terminal.stderr, terminal.env, noColor);
    this.width = widthOf(terminal.stdout);
    this.stack = stack;
  }

  /** The result, on stdout. */
  async print(text: string): Promise<void> {
    const shown = this.format === 'table' ? this.#typed(text) : text;
    await this.terminal.stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`);
  }

  /**
   * Prose on stderr. For scripts that read JSON it is held until the command has succeeded, because a failure
   * must be the only object there; the failure then carries the notes.
   */
  async note(text: string): Promise<void> {
    const line = this.#typed(printable(text));
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
    return typedAs(this.terminal.invocation, onStack(this.stack, text));
  }

  async #say(line: string): Promise<void> {
    const width = widthOf(this.terminal.stderr);
    await this.terminal.stderr.write(`${this.asideStyle.dim(wrapped(line, width))}\n`);
  }
}
