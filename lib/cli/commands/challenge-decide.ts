import { type Argument, Command, Option } from 'commander';
import * as z from 'zod';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { deskFlags, reasonArgument, withDesk } from '../flags.ts';
import { challengeText, decidedText } from '../render/challenge.ts';
import { action, type Run } from '../run.ts';
import { widthOf } from '../terminal.ts';
import { completed, type Wanted } from '../wanted.ts';
import { REASON } from '../wanted-values.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...deskFlags,
  uphold: z.boolean().default(false),
  dismiss: z.boolean().default(false),
  reason: z.string().optional(),
});
type DecideFlags = z.output<typeof flagsSchema>;

export function challengeDecideCommand(run: Run, id: Argument): Command {
  const uphold = new Option('--uphold', 'the challenger is right: the step is not taken, the exception ends');
  const reason = new Option('--reason <text>', 'why, for the record and for who challenged');
  const command = new Command('decide')
    .description('Decide a challenge; never its challenger, the owner of the rule or a party.')
    .addArgument(id)
    .addOption(uphold.conflicts('dismiss'))
    .option('--dismiss', 'the step goes on with all its guards, the exception stays')
    .addOption(reason.argParser(reasonArgument));
  withDesk(command);
  return withExamples(command, [
    [
      'janitor challenge decide 5f0c2b7d9e1a4c3f8b6d7e9f0a1b2c3d --dismiss --reason "not used since 2024"',
      'the step goes on',
    ],
    ['janitor challenge decide 5f0c2b7d9e1a4c3f8b6d7e9f0a1b2c3d', 'read it and be asked'],
  ]).action(
    action(run, flagsSchema, (session, flags, [challengeId = '']) =>
      decide({ run, session, flags, command: 'challenge decide' }, flags, challengeId),
    ),
  );
}

const VERDICT: Wanted = {
  flag: '--uphold or --dismiss',
  question: 'Is the challenger right?',
  options: ['upheld', 'dismissed'],
};

async function decide(errand: Errand, flags: DecideFlags, challengeId: string): Promise<ExitCode> {
  const { session, command } = errand;
  const typed = verdictOf(flags);
  if (typed === undefined && session.terminal.interactive) await showBefore(errand, challengeId);
  const given = { verdict: typed, reason: flags.reason };
  const said = await completed(session, command, { verdict: VERDICT, reason: REASON }, given);
  const verdict = said.verdict === 'upheld' ? 'upheld' : 'dismissed';
  const decided = await atDesk(errand, ({ service }) =>
    service.decideChallenge(challengeId, { verdict, reason: said.reason }),
  );
  await session.show({ ...decided }, () => decidedText(decided, session.style, session.width));
  return EXIT.fine;
}

function verdictOf({ uphold, dismiss }: DecideFlags): 'upheld' | 'dismissed' | undefined {
  if (uphold) return 'upheld';
  return dismiss ? 'dismissed' : undefined;
}

/** Nobody decides what he was not shown. */
async function showBefore(errand: Errand, challengeId: string): Promise<void> {
  const { session } = errand;
  const challenge = await atDesk(errand, ({ service }) => service.getChallenge(challengeId));
  await session.aside(challengeText(challenge, session.asideStyle, widthOf(session.terminal.stderr)));
}
