import { Command } from 'commander';
import * as z from 'zod';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { withDesk } from '../flags.ts';
import { action, type Run } from '../run.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';
import { changeHalt, haltText, targetFlags, withTarget } from './halt-target.ts';

const flagsSchema = z.strictObject({ ...targetFlags, list: z.boolean().default(false) });

export function haltCommand(run: Run): Command {
  const command = new Command('halt').description('Stop acting: everything, one account or one rule.');
  withDesk(withTarget(command).option('--list', 'show what is halted and change nothing'));
  return withExamples(command, [
    ['janitor halt --all --reason "incident 4711"', 'nothing is disabled or deleted any more'],
    ['janitor halt --rule access-key-unused --reason "wrong owner"', 'one rule only'],
    ['janitor halt --list', 'what is halted'],
    ['janitor halt --stack CredentialJanitor --all --reason "incident 4711"', 'the deployed janitor stops'],
  ]).action(
    action(run, flagsSchema, (session, flags) =>
      flags.list
        ? listHalts({ run, session, flags, command: 'halt --list' })
        : changeHalt({ run, session, flags, command: 'halt' }, flags, 'halt'),
    ),
  );
}

async function listHalts(errand: Errand): Promise<ExitCode> {
  const { session } = errand;
  const halts = await haltsOf(errand);
  const lines = halts.map((halt) => haltText(halt, session.style));
  await session.show({ halts }, () => (lines.length === 0 ? 'Nothing is halted.' : lines.join('\n')));
  return EXIT.fine;
}

/** From the record, where the caller reads it himself; else from the API. */
async function haltsOf(errand: Errand) {
  const { run, session, flags, command } = errand;
  if (flags.api !== undefined) return (await atDesk(errand, ({ service }) => service.listHalts())).items;
  const { openLedger, readHalts } = await run.wiring();
  const opened = await openLedger(flags, surroundings(session, command));
  try {
    return await readHalts(opened);
  } finally {
    await opened.close();
  }
}
