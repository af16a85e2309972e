import { Command, Option } from 'commander';
import * as z from 'zod';
import type { Errand } from '../at-desk.ts';
import type { ExitCode } from '../exit-code.ts';
import { deskFlags, reasonArgument, withDesk } from '../flags.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...deskFlags, reason: z.string() });

interface CredentialCommand {
  readonly name: string;
  readonly description: string;
  /** What its argument may be. */
  readonly id: string;
  readonly examples: Parameters<typeof withExamples>[1];
  readonly after?: string;
  readonly body: (
    errand: Errand,
    asked: { readonly id: string; readonly reason: string },
  ) => Promise<ExitCode>;
}

/** A command that has something done to one credential, for a reason. */
export function credentialCommand(run: Run, words: CredentialCommand): Command {
  const { name, description, id: argument, examples, after = '', body } = words;
  const reason = new Option('--reason <text>', 'why it is needed, for the record').argParser(reasonArgument);
  const command = new Command(name)
    .description(description)
    .argument('<id>', argument)
    .addOption(reason.makeOptionMandatory());
  withDesk(command);
  return withExamples(command, examples)
    .addHelpText('after', after)
    .action(
      action(run, flagsSchema, (session, flags, [id = '']) =>
        body(
          { run, session, flags: { ...flags, enforce: true }, command: name },
          { id, reason: flags.reason },
        ),
      ),
    );
}
