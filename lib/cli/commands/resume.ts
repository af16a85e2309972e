import { Command, Option } from 'commander';
import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { withDesk } from '../flags.ts';
import { printable, shortInstant } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';
import { changeHalt, targetFlags, withTarget } from './halt-target.ts';

const flagsSchema = z.strictObject({ ...targetFlags, rotations: z.boolean().default(false) });
type ResumeFlags = z.output<typeof flagsSchema>;

export function resumeCommand(run: Run): Command {
  const command = new Command('resume').description(
    'Lift a halt; it takes another person than the one who placed it. Or let rotations begin again after a failed one.',
  );
  const rotations = new Option('--rotations', 'with --account: rotations begin again there');
  withDesk(withTarget(command).addOption(rotations.conflicts(['all', 'rule'])));
  return withExamples(command, [
    ['janitor resume --all --reason "incident closed"', 'the next sweep acts again'],
    [
      'janitor resume --rotations --account 111122223333 --reason "second key deleted"',
      'after a failed rotation was looked at',
    ],
  ]).action(
    action(run, flagsSchema, (session, { rotations, ...flags }) => {
      const errand = { run, session, flags, command: 'resume' };
      return rotations ? allowRotations(errand, flags) : changeHalt(errand, flags, 'resume');
    }),
  );
}

async function allowRotations(errand: Errand, flags: Omit<ResumeFlags, 'rotations'>): Promise<ExitCode> {
  const { session } = errand;
  const { account: accountId, reason } = flags;
  if (accountId === undefined || reason === undefined) throw incomplete(accountId, reason);
  const stopped = await atDesk(errand, ({ service }) => service.allowRotations({ accountId, reason }));
  const why = `${printable(stopped.reason)} (${stopped.code}, ${shortInstant(stopped.at)})`;
  await session.show({ allowed: true, stopped }, () =>
    [
      `Rotations may begin again in account ${session.style.bold(accountId)}.`,
      `They were stopped by rotation ${stopped.rotationId} of ${stopped.credentialId}: ${why}.`,
    ].join('\n'),
  );
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
