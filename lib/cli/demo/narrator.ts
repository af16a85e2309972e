import { wrapped } from '../render/text.ts';
import type { Session } from '../session.ts';

/** Tells the story: one heading and a few sentences for each chapter, then what the program really says. */
export class Narrator {
  readonly session: Session;
  #chapter = 0;

  constructor(session: Session) {
    this.session = session;
  }

  /** Begins a chapter. `when` is the story's date. */
  async chapter(when: string, title: string, what: string): Promise<void> {
    const { style, width } = this.session;
    this.#chapter += 1;
    const date = new Date(when).toUTCString().slice(0, 16);
    const head = `${this.#chapter}. ${title}`;
    const rule = '─'.repeat(Math.max(2, width - head.length - date.length - 4));
    await this.session.print(`\n${style.cyan(style.bold(head))} ${style.dim(rule)} ${style.dim(date)}\n`);
    await this.tell(what);
  }

  /** Prose. */
  async tell(text: string): Promise<void> {
    await this.session.print(`${wrapped(text, this.session.width)}\n`);
  }

  /** The command that shows or does this in real life. */
  async command(line: string): Promise<void> {
    await this.session.print(this.session.style.dim(`$ ${line}`));
  }

  /** What the program says. */
  async output(text: string): Promise<void> {
    await this.session.print(`${text}\n`);
  }
}
