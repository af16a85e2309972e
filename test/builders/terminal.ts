import type { Output, Terminal } from '../../lib/cli/index.ts';

/** A terminal that keeps what is written. */
export interface RecordedTerminal extends Terminal {
  readonly out: () => string;
  readonly err: () => string;
  /** Questions that were asked. */
  readonly asked: string[];
  readonly aborted: number[];
  /** Secrets that were asked for and written to standard output; not among what is printed. */
  readonly handedOver: string[];
  /** Milliseconds of each wait; none of them is waited for. */
  readonly pauses: number[];
}

export interface RecordedTerminalOptions {
  /** Whether both outputs are terminals, and questions can be answered; default false, as in a script. */
  readonly tty?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What starts the program from anywhere. */
  readonly program?: Terminal['program'];
  /** How the program is typed; default as when it is installed. */
  readonly invocation?: Terminal['invocation'];
  /** What is answered to a question; default no. */
  readonly answer?: boolean;
  /** What is typed at each question for a value, by a word of the question; default: cancelled. */
  readonly typed?: Readonly<Record<string, string>>;
  /** Standard input; default nothing. */
  readonly input?: string;
  /** Resolves when Ctrl-C is pressed; default never. */
  readonly interrupted?: Promise<void>;
}

export function recordedTerminal(options: RecordedTerminalOptions = {}): RecordedTerminal {
  const tty = options.tty ?? false;
  const [stdout, out] = recordedOutput(tty, options.columns);
  const [stderr, err] = recordedOutput(tty, options.columns);
  const asked: string[] = [];
  const aborted: number[] = [];
  const handedOver: string[] = [];
  const pauses: number[] = [];
  return {
    stdout,
    stderr,
    out,
    err,
    asked,
    aborted,
    handedOver,
    pauses,
    interactive: tty,
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    program: options.program ?? ['/usr/bin/node', '/opt/janitor/bin/janitor.js'],
    invocation: options.invocation ?? 'janitor',
    confirm: async (question) => {
      asked.push(question);
      return options.answer ?? false;
    },
    ask: async ({ message, options: offered, wrong }) => {
      asked.push(message);
      const [, typed] = Object.entries(options.typed ?? {}).find(([word]) => message.includes(word)) ?? [];
      if (typed === undefined) return undefined;
      const why = offered === undefined || offered.includes(typed) ? wrong(typed) : 'not offered';
      if (why !== undefined) throw new Error(`"${typed}" was not taken for "${message}": ${why}`);
      return typed;
    },
    input: async () => options.input ?? '',
    handOver: async (secret) => {
      handedOver.push(secret);
    },
    pause: async (millis) => {
      pauses.push(millis);
      await new Promise((resolve) => setImmediate(resolve));
    },
    interrupted: () => options.interrupted ?? new Promise(() => {}),
    abort: (code) => {
      aborted.push(code);
    },
  };
}

function recordedOutput(isTTY: boolean, columns: number | undefined): [Output, () => string] {
  const written: string[] = [];
  const output: Output = {
    isTTY,
    columns: isTTY ? (columns ?? 100) : undefined,
    write: async (text) => {
      written.push(text);
    },
  };
  return [output, () => written.join('')];
}
