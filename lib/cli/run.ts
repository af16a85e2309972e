import { Command } from 'commander';
import type * as z from 'zod';
import { JanitorError } from '../domain/error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Format } from './flags.ts';
import { Session } from './session.ts';
import { type MixedFlags, refuseMixedFlags } from './stack-flags.ts';
import type { Terminal } from './terminal.ts';

/** Composition lives in the wiring; it is loaded when a command needs it, so that help and usage errors are instant. */
export type Wiring = typeof import('../wiring/index.ts');

/** One invocation of the program. */
export interface Run {
  readonly terminal: Terminal;
  readonly wiring: () => Promise<Wiring>;
  /** What the command came to. */
  exit: ExitCode;
  /** Set once a command's flags are understood. */
  session: Session | undefined;
}

export function newRun(terminal: Terminal, wiring: () => Promise<Wiring>): Run {
  return { terminal, wiring, exit: EXIT.fine, session: undefined };
}

interface OutputFlags extends MixedFlags {
  readonly format: Format;
  readonly color: boolean;
}

/** A commander action: parses the flags, runs the command in a session and keeps its exit code. */
export function action<S extends z.ZodType<OutputFlags>>(
  run: Run,
  flagsSchema: S,
  body: (session: Session, flags: z.output<S>, args: readonly string[]) => Promise<ExitCode>,
): (...received: unknown[]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1);
    if (!(command instanceof Command)) {
      throw new JanitorError('a command was called without itself', { code: 'unexpected', source: 'system' });
    }
    const flags = flagsSchema.parse(command.opts());
    const session = new Session(run.terminal, flags.format, !flags.color, flags.stack);
    run.session = session;
    refuseMixedFlags(command.name(), flags);
    run.exit = await body(session, flags, command.args);
    await session.flushNotes();
  };
}
