import { Command, Option } from 'commander';
import * as z from 'zod';
import type { Halt } from '../../domain/account-chains.ts';
import { actorLabel } from '../../domain/actor.ts';
import { JanitorError } from '../../domain/error.ts';
import type { HaltTarget } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { accountArgument, reasonArgument, recordingFlags, withRecording } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { printable, shortInstant } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...recordingFlags,
  all: z.boolean().default(false),
  account: z.string().optional(),
  rule: z.string().optional(),
  reason: z.string().optional(),
  list: z.boolean().default(false),
});
type HaltFlags = z.output<typeof flagsSchema>;

export function haltCommand(run: Run): Command {
  const command = targets(
    new Command('halt').description('Stop acting: everything, one account or one rule.'),
  ).option('--list', 'show what is halted and change nothing');
  withRecording(command);
  return withExamples(command, [
    ['janitor halt --all --reason "incident 4711"', 'nothing is disabled or deleted any more'],
    ['janitor halt --rule access-key-unused --reason "wrong owner"', 'one rule only'],
    ['janitor halt --list', 'what is halted'],
  ]).action(
    action(run, flagsSchema, (session, flags) =>
      flags.list ? listHalts(run, session, flags) : change(run, session, flags, 'halt'),
    ),
  );
}

export function resumeCommand(run: Run): Command {
  const command = targets(
    new Command('resume').description('Lift a halt; it takes another person than the one who placed it.'),
  );
  withRecording(command);
  return withExamples(command, [
    ['janitor resume --all --reason "incident closed"', 'the next sweep acts again'],
  ]).action(action(run, flagsSchema, (session, flags) => change(run, session, flags, 'resume')));
}

function targets(command: Command): Command {
  const account = new Option('--account <id>', 'one account').argParser(accountArgument);
  const reason = new Option('--reason <text>', 'why, for the record').argParser(reasonArgument);
  return command
    .option('--all', 'everything')
    .addOption(account.conflicts(['all', 'rule']))
    .addOption(new Option('--rule <id>', 'one rule').conflicts(['all', 'account']))
    .addOption(reason);
}

async function change(
  run: Run,
  session: Session,
  flags: HaltFlags,
  verb: 'halt' | 'resume',
): Promise<ExitCode> {
  const target = targetOf(flags);
  const { reason } = flags;
  if (target === undefined || reason === undefined) throw incomplete(verb);
  const { openRecording, placeHalt, liftHalt } = await run.wiring();
  const opened = await openRecording(flags, surroundings(session, verb));
  try {
    const act = verb === 'halt' ? placeHalt : liftHalt;
    const halt = await act(opened.context, { target, reason });
    const lifted = verb === 'resume';
    await session.print(
      session.format === 'json'
        ? jsonDocument({ halt, lifted })
        : `${lifted ? 'Lifted: ' : ''}${haltText(halt, session.style)}`,
    );
    return EXIT.fine;
  } finally {
    await opened.close();
  }
}

async function listHalts(run: Run, session: Session, flags: HaltFlags): Promise<ExitCode> {
  const { openLedger, readHalts } = await run.wiring();
  const opened = await openLedger(flags, surroundings(session, 'halt --list'));
  try {
    const halts = await readHalts(opened);
    const lines = halts.map((halt) => haltText(halt, session.style));
    await session.print(
      session.format === 'json' ? jsonDocument({ halts }) : lines.join('\n') || 'Nothing is halted.',
    );
    return EXIT.fine;
  } finally {
    await opened.close();
  }
}

function haltText(halt: Halt, style: Style): string {
  const by = `${printable(actorLabel(halt.by))} on ${shortInstant(halt.at)}`;
  return `${style.bold(halt.target)} halted by ${by}: ${printable(halt.reason)}`;
}

function targetOf({ all, account, rule }: HaltFlags): HaltTarget | undefined {
  if (all) return 'all';
  if (account !== undefined) return `account:${account}`;
  return rule === undefined ? undefined : `rule:${rule}`;
}

function incomplete(verb: string): JanitorError {
  return new JanitorError(`${verb} needs to know what, and why`, {
    code: 'usage',
    source: 'user',
    hint: `Write one of --all, --account ID and --rule ID, and --reason TEXT: janitor ${verb} --help.`,
  });
}
