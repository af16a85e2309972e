import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { emptyFolder } from '../builders/command-line.ts';

const PROGRAM = path.join(import.meta.dirname, '..', '..', 'bin', 'janitor.js');

export interface Process {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Options {
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Sent when the process has written something to standard output. */
  readonly signal?: NodeJS.Signals;
  readonly cwd?: string;
}

/** Runs the program as a shell would, in a process of its own. */
export async function janitorProcess(argv: readonly string[], options: Options): Promise<Process> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    cwd: options.cwd ?? emptyFolder(),
    env: { PATH, ...options.env },
  });
  child.stdin.end(options.input ?? '');
  if (options.signal !== undefined) child.stdout.once('data', () => child.kill(options.signal));
  const [out, err, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  return { status, out, err };
}
