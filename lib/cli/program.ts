import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { approveCommand } from './commands/approve.ts';
import { breakGlassCommand } from './commands/break-glass.ts';
import { challengeCommand } from './commands/challenge.ts';
import { delegationCommand } from './commands/delegation.ts';
import { demoCommand } from './commands/demo.ts';
import { embeddedAwsCommand } from './commands/embedded-aws.ts';
import { exceptionCommand } from './commands/exception.ts';
import { explainCommand } from './commands/explain.ts';
import { haltCommand } from './commands/halt.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { policyCommand } from './commands/policy.ts';
import { rejectCommand } from './commands/reject.ts';
import { requestCommand } from './commands/request.ts';
import { restoreCommand } from './commands/restore.ts';
import { resumeCommand } from './commands/resume.ts';
import { rotateCommand } from './commands/rotate.ts';
import { scanCommand } from './commands/scan.ts';
import { serveCommand } from './commands/serve.ts';
import { sweepCommand } from './commands/sweep.ts';
import { typedAs } from './invocation.ts';
import type { Run } from './run.ts';
import { widthOf } from './terminal.ts';

/** In the order of a first day with the program. */
const COMMANDS: readonly ((run: Run) => Command)[] = [
  scanCommand,
  sweepCommand,
  explainCommand,
  restoreCommand,
  rotateCommand,
  requestCommand,
  approveCommand,
  rejectCommand,
  exceptionCommand,
  challengeCommand,
  delegationCommand,
  breakGlassCommand,
  haltCommand,
  resumeCommand,
  policyCommand,
  ledgerCommand,
  serveCommand,
  embeddedAwsCommand,
  demoCommand,
];

const ABOUT =
  'Finds the long-lived AWS credentials of an account, judges each by your policy, warns owners, and disables and deletes what is stale, within limits that people approved. Every decision is recorded and can be explained.';

const FIRST_STEPS = `
Start here:
  janitor demo                       watch it work on an embedded AWS, in a minute
  janitor scan --profile prod        read an account of yours and judge it; changes and records nothing
  janitor explain AKIA...            why a credential was kept, warned about or disabled
  janitor request create             ask for an exception, a restore or a rotation
  janitor break-glass roles          what people on call may take in an emergency
  janitor sweep --stack NAME         run the janitor deployed as that stack, and follow it

Exit codes: 0 fine, 1 failed, 2 wrong usage or invalid policy, 3 findings (with --fail-on-findings),
4 incomplete (something could not be read), 5 refused by policy.
`;

/** The whole command line. `written` resolves when help and usage texts have been taken by the terminal. */
export function janitorProgram(run: Run): {
  readonly program: Command;
  readonly written: () => Promise<void>;
} {
  const pending: Promise<void>[] = [];
  const { stdout, stderr, invocation } = run.terminal;
  const program = new Command('janitor')
    .description(ABOUT)
    .version(manifest.version, '-V, --version')
    .configureOutput({
      writeOut: (text) => pending.push(stdout.write(typedAs(invocation, text))),
      writeErr: (text) => pending.push(stderr.write(typedAs(invocation, text))),
      outputError: () => {},
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
    })
    .showSuggestionAfterError(true)
    .addHelpText('after', FIRST_STEPS);
  for (const command of COMMANDS) program.addCommand(command(run));
  settle(program, program);
  return {
    program,
    written: async () => {
      await Promise.all(pending.splice(0));
    },
  };
}

/** Makes every command throw instead of ending the process, and say which help to read. */
function settle(command: Command, root: Command): void {
  if (command !== root) command.copyInheritedSettings(root);
  command.exitOverride((error) => {
    throw withUsage(error, command);
  });
  for (const child of command.commands) settle(child, root);
}

function withUsage(error: CommanderError, command: Command): CommanderError {
  if (error.exitCode === 0 || error.code === 'commander.help') return error;
  const name = fullName(command);
  const usage = `Usage: ${name} ${command.usage()}. Run "${name} --help" for examples.`;
  return new CommanderError(error.exitCode, error.code, `${error.message}\n${usage}`);
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
