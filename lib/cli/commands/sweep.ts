import { Command, Option } from 'commander';
import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import type { OpenSweep, SweepResult } from '../../wiring/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { accountArgument, accountsArgument, recordingFlags, runArgument, withRecording } from '../flags.ts';
import { ProgressBar } from '../progress.ts';
import { accountReport } from '../render/account-report.ts';
import { sweepCsv, sweepExtra } from '../render/sweep-report.ts';
import { counted } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';
import { sweepStack } from './sweep-stack.ts';

const flagsSchema = z.strictObject({
  ...recordingFlags,
  full: z.boolean().default(false),
  enforce: z.boolean().default(false),
  yes: z.boolean().default(false),
  expectAccount: z.string().optional(),
  accounts: z.array(z.string()).optional(),
  follow: z.string().optional(),
});
export type SweepFlags = z.output<typeof flagsSchema>;

export function sweepCommand(run: Run): Command {
  const expect = new Option('--expect-account <id>', 'refuse unless the caller belongs to this account');
  const accounts = new Option('--accounts <ids>', 'with --stack: these accounts only, with commas between');
  const follow = new Option('--follow <run>', 'with --stack: start nothing, follow this run to its end');
  const command = new Command('sweep')
    .description('Scan, record, tell owners, and act where the activated policy enforces.')
    .option('--full', 'read every access key id, not only those of candidates')
    .option('--enforce', 'act; a real account is acted on by the deployed janitor alone (--stack)')
    .option('--yes', 'do not ask before acting')
    .addOption(expect.argParser(accountArgument))
    .addOption(accounts.argParser(accountsArgument))
    .addOption(follow.argParser(runArgument).conflicts(['enforce', 'accounts', 'yes']));
  withRecording(command, ['table', 'json', 'csv']);
  return withExamples(command, [
    ['janitor sweep', 'record what the policy says; change nothing'],
    ['janitor sweep --enforce', 'act, after showing what and asking'],
    ['janitor sweep --enforce --yes --expect-account 111122223333', 'the same from a script'],
    ['janitor sweep --enforce --yes --now 2026-02-01T09:00:00Z', 'let the embedded AWS live at that instant'],
    [
      'janitor sweep --stack CredentialJanitor',
      'start a run of the deployed janitor and follow it to its end',
    ],
  ]).action(action(run, flagsSchema, (session, flags) => sweep(run, session, flags)));
}

async function sweep(run: Run, session: Session, flags: SweepFlags): Promise<ExitCode> {
  if (flags.enforce && !flags.yes && !session.terminal.interactive) throw cannotAsk();
  if (flags.stack !== undefined) return sweepStack(run, session, { ...flags, stack: flags.stack });
  const { openSweep, sweepAccount } = await run.wiring();
  const opened = await openSweep(flags, surroundings(session, 'sweep'));
  const progress = new ProgressBar(session.terminal.stderr, session.asideStyle);
  try {
    if (flags.enforce && !flags.yes && !(await agreed(run, session, opened))) {
      await session.note('Nothing was done.');
      return EXIT.fine;
    }
    const { context } = opened;
    const report = accountReport(session, { policy: context.policy, now: context.clock.now() });
    const result = await sweepAccount(context, {
      enforce: flags.enforce,
      full: flags.full,
      onProgress: progress.show,
      ...(session.format === 'csv' ? {} : { onJudged: report.add }),
    });
    await progress.clear();
    if (session.format === 'csv') await session.print(sweepCsv(result));
    else await report.finish(result, sweepExtra(result, session.style, session.width));
    return exitCodeOfSweep(result);
  } finally {
    await progress.clear();
    await opened.close();
  }
}

/** A step that AWS refused is a failure; one that a guard held back is the policy at work. */
function exitCodeOfSweep(result: SweepResult): ExitCode {
  return exitCodeOf(
    result.actions.some((each) => each.outcome === 'failed') && EXIT.failed,
    !result.complete && EXIT.incomplete,
    result.refused !== undefined && EXIT.refused,
  );
}

/** Shows account, identity and counts, then asks. The counts come from a scan of their own. */
async function agreed(run: Run, session: Session, { context, caller }: OpenSweep): Promise<boolean> {
  const { scanAccount } = await run.wiring();
  const progress = new ProgressBar(session.terminal.stderr, session.asideStyle);
  const summary = await scanAccount(context, { onProgress: progress.show });
  await progress.clear();
  const { act = 0, hold = 0, unknown = 0 } = summary.outcomes;
  await session.note(`Account:  ${context.accountId}`);
  await session.note(`Identity: ${caller.arn}`);
  await session.note(
    `Judged:   ${counted(summary.credentials, 'credential')}, ${act} to act on, ${hold} held, ${unknown} unknown`,
  );
  return session.terminal.confirm(`Act on account ${context.accountId} where the policy enforces?`);
}

function cannotAsk(): JanitorError {
  return new JanitorError('sweep --enforce asks before it acts, and nobody can answer here', {
    code: 'confirmation-needed',
    source: 'user',
    hint: 'Add --yes, and --expect-account with the account you mean.',
  });
}
