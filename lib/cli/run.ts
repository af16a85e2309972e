import { Command } from 'commander';
import type * as z from 'zod';
import { JanitorError } from '../domain/error.ts';
import { EXIT } from './exit-code.ts';
import type { Format } from './flags.ts';
import type { Place } from './invocation.ts';
import { Session } from './session.ts';
import { type MixedFlags, refuseMixedFlags } from './stack-flags.ts';
import type { Terminal } from './terminal.ts';

/** Composition lives in the wiring; it is loaded when a command needs it, so that help and usage errors are instant. */
export type Wiring = typeof import('../wiring/index.ts');
/** The way to the broker alone, which is much less to load. */
export type BrokerWiring = typeof import('../wiring/broker-client/index.ts');

/** One invocation of the program. */
export interface Run {
  /** As it was typed, without the program's own name. */
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  readonly wiring: () => Promise<Wiring>;
  readonly broker: () => Promise<BrokerWiring>;
  /** What the command came to: one of `EXIT`, or the status of a command that was run inside. */
  exit: number;
  /** Set once a command's flags are understood. */
  session: Session | undefined;
}

export function newRun(
  argv: readonly string[],
  terminal: Terminal,
  wiring: Run['wiring'] = () => import('../wiring/index.ts'),
  broker: Run['broker'] = () => import('../wiring/broker-client/index.ts'),
): Run {
  return { argv, terminal, wiring, broker, exit: EXIT.fine, session: undefined };
}

interface OutputFlags extends MixedFlags {
  readonly format: Format;
  readonly color: boolean;
}

/** A commander action: parses the flags, runs the command in a session and keeps its exit code. */
export function action<S extends z.ZodType<OutputFlags>>(
  run: Run,
  flagsSchema: S,
  body: (session: Session, flags: z.output<S>, args: readonly string[]) => Promise<number>,
): (...received: unknown[]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1);
    if (!(command instanceof Command)) {
      throw new JanitorError('a command was called without itself', { code: 'unexpected', source: 'system' });
    }
    const typed: MixedFlags = command.opts();
    const api = apiOfEnvironment(command, typed, run.terminal);
    const flags = flagsSchema.parse(api === undefined ? typed : { ...typed, api });
    const session = new Session(run.terminal, flags.format, !flags.color, placeOf(typed));
    run.session = session;
    refuseMixedFlags(command.name(), flags, api === undefined ? '--api' : 'JANITOR_API');
    if (api !== undefined) await session.note(`The janitor at ${api} is asked, as JANITOR_API says.`);
    run.exit = await body(session, flags, command.args);
    await session.flushNotes();
  };
}

/** `JANITOR_API`, for a command that can ask an API and is not told otherwise. */
function apiOfEnvironment(command: Command, typed: MixedFlags, { env }: Terminal): string | undefined {
  const takesIt = command.options.some(({ long }) => long === '--api');
  const told = typed.api ?? typed.stack ?? typed.stateDir;
  const said = env.JANITOR_API ?? '';
  return takesIt && told === undefined && said !== '' ? said : undefined;
}

/** Where the command works, as the commands it names have to say, too. */
function placeOf({ stack, api }: MixedFlags): Place | undefined {
  if (stack !== undefined) return { flag: '--stack', value: stack };
  return api === undefined ? undefined : { flag: '--api', value: api };
}
