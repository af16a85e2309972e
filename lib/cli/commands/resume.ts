import { Command, Option } from 'commander';
import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { withRecording } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import { printable, shortInstant } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';
import { changeHalt, targetFlags, withTarget } from './halt-target.ts';

const flagsSchema = z.strictObject({ ...targetFlags, rotations: z.boolean().default(false) });
type ResumeFlags = z.output<typeof flagsSchema>;

export function resumeCommand(run: Run): Command {
  const command = new Command('resume').description(
    'Lift a halt; it takes another person than the one who placed it. Or let rotations begin again after a failed one.',
  );
  const rotations = new Option('--rotations', 'with --account: rotations begin again there');
  withRecording(withTarget(command).addOption(rotations.conflicts(['all', 'rule'])));
  return withExamples(command, [
    ['janitor resume --all --reason "incident closed"', 'the next sweep acts again'],
    [
      'janitor resume --rotations --account 111122223333 --reason "second key deleted"',
      'after a failed rotation was looked at',
    ],
  ]).action(
    action(run, flagsSchema, (session, flags) =>
      flags.rotations ? allowRotations(run, session, flags) : resume(run, session, flags),
    ),
  );
}

function resume(run: Run, session: Session, { rotations: _none, ...flags }: ResumeFlags): Promise<ExitCode> {
  return changeHalt(run, session, flags, 'resume');
}

async function allowRotations(run: Run, session: Session, flags: ResumeFlags): Promise<ExitCode> {
  const { account: accountId, reason } = flags;
  if (accountId === undefined || reason === undefined) throw incomplete(accountId, reason);
  const { openDesk } = await run.wiring();
  const desk = openDesk(flags, surroundings(session, 'resume'));
  const stopped = await desk.allowRotations({ accountId, reason });
  const why = `${printable(stopped.reason)} (${stopped.code}, ${shortInstant(stopped.at)})`;
  const text = [
    `Rotations may begin again in account ${session.style.bold(accountId)}.`,
    `They were stopped by rotation ${stopped.rotationId} of ${stopped.credentialId}: ${why}.`,
  ].join('\n');
  await session.print(session.format === 'json' ? jsonDocument({ allowed: true, stopped }) : text);
  return EXIT.fine;
}

function incomplete(accountId: string | undefined, reason: string | undefined): JanitorError {
  const missing = [
    ...(accountId === undefined ? ['where: --account ID'] : []),
    ...(reason === undefined ? ['why: --reason TEXT, which is recorded'] : []),
  ];
  return new JanitorError(`resume --rotations needs to know ${missing.join(', and ')}`, {
    code: 'usage',
    source: 'user',
    hint: `For example: janitor resume --rotations --account ${accountId ?? '111122223333'} --reason ${JSON.stringify(reason ?? 'second key deleted')}`,
  });
}
