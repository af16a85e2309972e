import { Command, Option } from 'commander';
import * as z from 'zod';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { reasonArgument, recordingFlags, withRecording } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import { orderedRotationDocument, orderedRotationText } from '../render/ordered-rotation.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...recordingFlags, reason: z.string() });

const AFTER = `
The first call freezes a plan and changes nothing: it says where the new key goes and who can read it there. People
approve the plan; then the same command makes the new key, tries it, and puts it into that secret. The old key stays
active until it has shown disuse. Running the command again is always safe: it goes on where it stopped.
`;

export function rotateCommand(run: Run): Command {
  const reason = new Option('--reason <text>', 'why it is needed, for the record').argParser(reasonArgument);
  const command = new Command('rotate')
    .description(
      'Replace an access key by a new one, in the secret that holds it or one that its reader can open.',
    )
    .argument('<id>', 'the access key: its id, or the credential id')
    .addOption(reason.makeOptionMandatory());
  withRecording(command);
  return withExamples(command, [
    ['janitor rotate AKIAIOSFODNN7EXAMPLE --reason "older than 90 days"', 'first: freeze a plan'],
    ['janitor approve plan/111122223333/4', 'somebody else approves it'],
    ['janitor rotate AKIAIOSFODNN7EXAMPLE --reason "older than 90 days"', 'then: the same again rotates'],
  ])
    .addHelpText('after', AFTER)
    .action(action(run, flagsSchema, (session, flags, [id = '']) => rotate(run, session, flags, id)));
}

async function rotate(
  run: Run,
  session: Session,
  flags: z.output<typeof flagsSchema>,
  id: string,
): Promise<ExitCode> {
  const { openDesk } = await run.wiring();
  const ordered = await openDesk(flags, surroundings(session, 'rotate')).rotate(id, flags.reason);
  await session.print(
    session.format === 'json'
      ? jsonDocument(orderedRotationDocument(ordered))
      : orderedRotationText(ordered, session.style, session.width),
  );
  return ordered.state === 'rejected' ? EXIT.refused : EXIT.fine;
}
