import type { Invocation } from './invocation.ts';

/** Where a command writes. `write` resolves when the text was taken, so that a long stream is never held in memory. */
export interface Output {
  write(text: string): Promise<void>;
  readonly isTTY: boolean;
  /** Width of the terminal; undefined when it is none. */
  readonly columns: number | undefined;
}

/** Something a person is asked for on a terminal: a line of text, or one of `options`. */
export interface Question {
  readonly message: string;
  /** An example of an answer. */
  readonly placeholder?: string;
  readonly options?: readonly string[];
  /** Why an answer will not do; undefined when it does. */
  readonly wrong: (answer: string) => string | undefined;
}

/** Everything a command may see of the outside. Injected, so that commands run in tests as they run for people. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether somebody can answer a question. */
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The words that start this program from anywhere, all paths whole. */
  readonly program: readonly string[];
  /** How this program is typed here; hints and examples say it so. */
  readonly invocation: Invocation;
  /** Asks a yes-or-no question on the terminal; false when it is declined or cancelled. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a value on the terminal; undefined when it is cancelled. */
  ask(question: Question): Promise<string | undefined>;
  /** The whole of standard input. */
  input(): Promise<string>;
  /** Writes to standard output what was asked for although it is secret: nothing in it is masked. */
  handOver(secret: string): Promise<void>;
  /** Waits so many milliseconds, or until the signal. */
  pause(millis: number, signal: AbortSignal): Promise<void>;
  /** Resolves when the process is asked to end (Ctrl-C, a stop signal). */
  interrupted(): Promise<void>;
  /** Ends the process at once: for broken assumptions found outside any command, such as a lost lock. */
  abort(code: number): void;
}

/** Width used for prose and tables: the terminal's, within what is readable; 100 when it is no terminal. */
export function widthOf(output: Output): number {
  return Math.max(60, Math.min(output.columns ?? 100, 160));
}
