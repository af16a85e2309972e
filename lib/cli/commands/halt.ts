import { Command } from 'commander';
import * as z from 'zod';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { withRecording } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';
import { changeHalt, haltText, targetFlags, withTarget } from './halt-target.ts';

const flagsSchema = z.strictObject({ ...targetFlags, list: z.boolean().default(false) });

export function haltCommand(run: Run): Command {
  const command = new Command('halt').description('Stop acting: everything, one account or one rule.');
  withRecording(withTarget(command).option('--list', 'show what is halted and change nothing'));
  return withExamples(command, [
    ['janitor halt --all --reason "incident 4711"', 'nothing is disabled or deleted any more'],
    ['janitor halt --rule access-key-unused --reason "wrong owner"', 'one rule only'],
    ['janitor halt --list', 'what is halted'],
    ['janitor halt --stack CredentialJanitor --all --reason "incident 4711"', 'the deployed janitor stops'],
  ]).action(
    action(run, flagsSchema, (session, flags) =>
      flags.list ? listHalts(run, session, flags) : changeHalt(run, session, flags, 'halt'),
    ),
  );
}

async function listHalts(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { openLedger, readHalts } = await run.wiring();
  const opened = await openLedger(flags, surroundings(session, 'halt --list'));
  try {
    const halts = await readHalts(opened);
    const lines = halts.map((halt) => haltText(halt, session.style));
    const text = lines.length === 0 ? 'Nothing is halted.' : lines.join('\n');
    await session.print(session.format === 'json' ? jsonDocument({ halts }) : text);
    return EXIT.fine;
  } finally {
    await opened.close();
  }
}
