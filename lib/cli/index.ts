import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { commandFirst } from './invocation.ts';
import { janitorProgram } from './program.ts';
import { errorDocument, errorText, failureOf } from './render/error.ts';
import { styleFor } from './render/style.ts';
import { type BrokerWiring, newRun, type Run, type Wiring } from './run.ts';
import { type Terminal, widthOf } from './terminal.ts';

export { processTerminal } from './process-terminal.ts';
export type { Output, Terminal } from './terminal.ts';

/** Runs one command line (without the program's own name) and answers the exit code. Throws nothing. */
export async function runJanitor(
  argv: readonly string[],
  terminal: Terminal,
  wiring?: () => Promise<Wiring>,
  broker?: () => Promise<BrokerWiring>,
): Promise<number> {
  const run = newRun(argv, terminal, wiring, broker);
  const { program, written } = janitorProgram(run);
  try {
    await program.parseAsync(commandFirst(argv), { from: 'user' });
    await written();
    return run.exit;
  } catch (error) {
    await written();
    return await reported(error, run, argv);
  }
}

async function reported(error: unknown, run: Run, argv: readonly string[]): Promise<ExitCode> {
  if (isBrokenPipe(error)) return EXIT.failed;
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine;
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
  const { stderr, env, invocation } = run.terminal;
  const failure = failureOf(error, invocation, run.session?.place);
  const style = styleFor(stderr, env, argv.includes('--no-color'));
  const text = wantsJson(run, argv)
    ? errorDocument(failure, run.session?.heldNotes() ?? [])
    : errorText(failure, style, widthOf(stderr), (env.JANITOR_DEBUG ?? '') !== '');
  // Where this cannot be written either, the exit code is all that is left to say.
  await stderr.write(text).catch(() => {});
  return failure.exit;
}

/** Says what nobody caught, for the process to end with: a defect, but one that is told in our words. */
export async function reportDefect(
  error: unknown,
  terminal: Terminal,
  argv: readonly string[],
): Promise<ExitCode> {
  return reported(error, newRun(argv, terminal), argv);
}

/** A usage error comes before the flags are understood, so the words themselves are looked at. */
function wantsJson(run: Run, argv: readonly string[]): boolean {
  if (run.session !== undefined) return run.session.format === 'json';
  return argv.includes('--format=json') || argv[argv.indexOf('--format') + 1] === 'json';
}

/** The reader of our output has gone (`janitor scan | head`): nobody is left to tell. */
function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
