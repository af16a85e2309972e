import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The interpreter of the environment that scripts/emulator-env.ts makes for an emulator. */
export function pythonOf(emulator: 'moto' | 'ministack'): string {
  return join(import.meta.dirname, '..', '..', '.venv', emulator, 'bin', 'python');
}

/** An emulator that is told things by lines of JSON and answers with lines of JSON. */
export interface EmulatorProcess {
  /** The next line it says. Rejects with its complaints when it has ended. */
  hear(): Promise<unknown>;
  tell(order: Readonly<Record<string, unknown>>): void;
  /** The end of what it wrote to its log. */
  log(characters?: number): string;
  /** Ends it; it has `grace` milliseconds to end what it started itself. */
  end(grace?: number): Promise<void>;
}

export interface EmulatorCommand {
  readonly emulator: 'moto' | 'ministack';
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Starts an emulator. It also ends when this process does, however that ends, because its input closes then. */
export function startEmulator({ emulator, args, environment }: EmulatorCommand): EmulatorProcess {
  const child = spawn(pythonOf(emulator), [...args], {
    stdio: 'pipe',
    ...(environment === undefined ? {} : { env: environment }),
  });
  const log = logOf(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async hear() {
      const line = await lines.next();
      if (line.done !== true) return JSON.parse(line.value);
      throw new Error(`${emulator} ended before it answered; was its environment made?\n${log(2000)}`);
    },
    tell(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
    },
    log: (characters = 4000) => log(characters),
    async end(grace = 0) {
      const ended = once(child, 'exit');
      child.stdin.end();
      const kill = setTimeout(() => child.kill('SIGKILL'), grace);
      await ended;
      clearTimeout(kill);
    },
  };
}

const LOG_KEPT = 2_000_000;

function logOf(child: ChildProcessWithoutNullStreams): (characters: number) => string {
  let text = '';
  const keep = (more: unknown) => {
    text = `${text}${more}`.slice(-LOG_KEPT);
  };
  child.stderr.on('data', keep);
  child.on('error', keep);
  return (characters) => text.slice(-characters);
}
