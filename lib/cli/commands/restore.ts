import { Command, Option } from 'commander';
import * as z from 'zod';
import type { Restored } from '../../wiring/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { reasonArgument, recordingFlags, withRecording } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { printable, shortInstant, wrapped } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...recordingFlags, reason: z.string() });

export function restoreCommand(run: Run): Command {
  const reason = new Option('--reason <text>', 'why it is needed, for the record').argParser(reasonArgument);
  const command = new Command('restore')
    .description('Undo what the janitor did to a credential, and leave it alone for a while.')
    .argument('<id>', 'the credential, or a bare access key id')
    .addOption(reason.makeOptionMandatory());
  withRecording(command);
  return withExamples(command, [
    ['janitor restore AKIAIOSFODNN7EXAMPLE --reason "runs once a quarter"', 'enable the key again'],
  ]).action(action(run, flagsSchema, (session, flags, [id = '']) => restore(run, session, flags, id)));
}

async function restore(
  run: Run,
  session: Session,
  flags: z.output<typeof flagsSchema>,
  id: string,
): Promise<ExitCode> {
  const { openDesk } = await run.wiring();
  const restored = await openDesk(flags, surroundings(session, 'restore')).restore(id, flags.reason);
  await session.print(
    session.format === 'json'
      ? jsonDocument({ ...restored })
      : restoredText(restored.credentialId, restored, session.style, session.width),
  );
  return exitCodeOf(restored.changes.some((change) => change.outcome === 'failed') && EXIT.failed);
}

const DONE: Readonly<Record<string, string>> = {
  enable: 'Enabled again',
  undelete: 'Recovered from deletion',
};

export function restoredText(credentialId: string, restored: Restored, style: Style, width: number): string {
  const changes = restored.changes.map(({ change, outcome, reason }) => {
    const what = DONE[change] ?? change;
    if (outcome === 'done') return style.green(what);
    return style.red(wrapped(`${what}: ${outcome}. ${printable(reason)}`, width));
  });
  const left = restored.left.map(({ reason }) => wrapped(`Left as it is: ${printable(reason)}`, width));
  const hold = `The janitor leaves it alone until ${shortInstant(restored.holdUntil)}.`;
  return [style.bold(credentialId), ...changes, ...left, hold].join('\n');
}
