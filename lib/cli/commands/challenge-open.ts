import { Command, Option } from 'commander';
import * as z from 'zod';
import { STEP_KINDS } from '../../domain/step.ts';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { deskFlags, reasonArgument, withDesk } from '../flags.ts';
import { openedText } from '../render/challenge.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { completed, type Wanted } from '../wanted.ts';
import { CREDENTIAL, REASON, RULE, STEP } from '../wanted-values.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...deskFlags,
  credential: z.string().optional(),
  rule: z.string().optional(),
  step: z.enum(STEP_KINDS).optional(),
  exception: z.string().optional(),
  reason: z.string().optional(),
});
type OpenFlags = z.output<typeof flagsSchema>;

export function challengeOpenCommand(run: Run): Command {
  const exception = new Option('--exception <id>', 'an exception, instead of a step');
  const step = new Option('--step <step>', 'the announced or planned step').choices([...STEP_KINDS]);
  const reason = new Option('--reason <text>', 'why, for the record and for who decides');
  const command = new Command('open')
    .description('Object to a step or an exception: a step waits, for a bounded time, until it is decided.')
    .option('--credential <id>', "an access key id, a secret's name or a whole id")
    .option('--rule <id>', 'the rule that announced the step')
    .addOption(step)
    .addOption(exception.argParser(requestIdArgument).conflicts(['credential', 'rule', 'step']))
    .addOption(reason.argParser(reasonArgument));
  withDesk(command);
  return withExamples(command, [
    [
      'janitor challenge open --credential AKIAIOSFODNN7EXAMPLE --rule access-key-unused --step disable --reason "runs once a year"',
      'against a step that was announced',
    ],
    [
      'janitor challenge open --exception 0198c2f4-7d1e-7c11-a2c3-5e6f70819203 --reason "the vendor has left"',
      'against an exception',
    ],
  ]).action(
    action(run, flagsSchema, (session, flags) =>
      open({ run, session, flags, command: 'challenge open' }, flags),
    ),
  );
}

async function open(errand: Errand, flags: OpenFlags): Promise<ExitCode> {
  const { session, command } = errand;
  const { exception } = flags;
  const wanted: Readonly<Record<string, Wanted>> =
    exception === undefined
      ? { credential: CREDENTIAL, rule: RULE, step: STEP, reason: REASON }
      : { reason: REASON };
  const given = { credential: flags.credential, rule: flags.rule, step: flags.step, reason: flags.reason };
  const said: Readonly<Record<string, string>> = await completed(session, command, wanted, given);
  const { credential = '', rule = '', reason = '' } = said;
  const opened = await atDesk(errand, async ({ service, credentialId }) =>
    service.openChallenge({
      challenged:
        exception === undefined
          ? {
              kind: 'step',
              credentialId: await credentialId(credential),
              rule,
              step: z.enum(STEP_KINDS).parse(said.step),
            }
          : { kind: 'exception', exceptionId: exception },
      reason,
    }),
  );
  await session.show({ ...opened }, () => openedText(opened, session.style, session.width));
  return EXIT.fine;
}
