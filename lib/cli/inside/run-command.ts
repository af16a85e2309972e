import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { JanitorError, messageOf } from '../../domain/error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The file that a command's first word means. Throws `command-not-found`, before any role is taken for nothing. */
export async function programOf(word: string, env: Environment, cwd: string): Promise<string> {
  const folders = word.includes('/') ? [cwd] : (env.PATH ?? '').split(path.delimiter);
  for (const folder of folders) {
    const file = path.resolve(cwd, folder, word);
    if (await isProgram(file)) return file;
  }
  throw new JanitorError(`there is no command ${word}; no role was taken`, {
    code: 'command-not-found',
    source: 'user',
    hint: 'Correct what stands after --, for example: -- aws sts get-caller-identity',
    details: { command: word },
  });
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** Sent to this process alone, they are meant for the command. Those of a terminal reach it by themselves. */
const FORWARDED = ['SIGTERM', 'SIGHUP'] as const;
const OF_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a command to its end with our input and outputs, and answers its status: 128 and the signal's number if one ended
 * it, as shells say it. Signals are for the command; we end when it has.
 */
export async function ranInside(
  words: readonly [string, ...string[]],
  { env, cwd, isAtTerminal }: { env: Record<string, string>; cwd: string; isAtTerminal: boolean },
): Promise<number> {
  const [program, ...rest] = words;
  const child = spawn(program, rest, { env, cwd, stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  // Twice would be "at once" to some commands, which then leave things half done.
  const ofTerminal = isAtTerminal ? () => {} : forward;
  for (const signal of FORWARDED) process.on(signal, forward);
  for (const signal of OF_TERMINAL) process.on(signal, ofTerminal);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(unstarted(program, error)));
      child.once('exit', (code, signal) => resolve(code ?? 128 + numberOf(signal)));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
    for (const signal of OF_TERMINAL) process.off(signal, ofTerminal);
  }
}

function numberOf(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : os.constants.signals[signal];
}

function unstarted(program: string, cause: unknown): JanitorError {
  return new JanitorError(`${program} could not be started: ${messageOf(cause)}`, {
    code: 'command-not-started',
    source: 'user',
    hint: 'Correct what stands after --.',
    cause,
  });
}
