import { Command } from 'commander';
import * as z from 'zod';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import {
  clockFlags,
  outputFlags,
  policyFlags,
  stackFlags,
  withAws,
  withClock,
  withOutput,
  withPolicy,
  withStack,
} from '../flags.ts';
import { ProgressBar } from '../progress.ts';
import { accountReport } from '../render/account-report.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({
  ...outputFlags,
  ...stackFlags,
  ...policyFlags,
  ...clockFlags,
  full: z.boolean().default(false),
  failOnFindings: z.boolean().default(false),
});

export function scanCommand(run: Run): Command {
  const command = new Command('scan')
    .description('Read an account, judge every credential, change and record nothing.')
    .option('--full', 'read every access key id, not only those of candidates')
    .option('--fail-on-findings', 'exit 3 when a rule matches a credential');
  withClock(withStack(withPolicy(withAws(withOutput(command, ['table', 'json', 'csv'])))));
  return withExamples(command, [
    ['janitor scan --profile prod', 'what needs attention, for people'],
    ['janitor scan --format json > scan.json', 'everything, for programs'],
    ['janitor scan --format csv --full', 'one line per credential, every key id read'],
    ['janitor scan --fail-on-findings', 'for a pipeline that should stop at findings'],
    ['janitor scan --stack CredentialJanitor', 'judged by the policy that the stack runs'],
  ]).action(action(run, flagsSchema, (session, flags) => scan(run, session, flags)));
}

async function scan(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { openReading, scanAccount } = await run.wiring();
  const reading = await openReading(flags, surroundings(session, 'scan'));
  const progress = new ProgressBar(session.terminal.stderr, session.asideStyle);
  try {
    const { context } = reading;
    const report = accountReport(session, { policy: context.policy, now: context.clock.now() });
    let findings = 0;
    const summary = await scanAccount(context, {
      full: flags.full,
      onProgress: progress.show,
      onJudged: async (judged) => {
        if (judged.judgement.findings.some((finding) => finding.matches === 'yes')) findings += 1;
        await report.add(judged);
      },
    });
    await progress.clear();
    await report.finish(summary);
    return exitCodeOf(
      !summary.complete && EXIT.incomplete,
      flags.failOnFindings && findings > 0 && EXIT.findings,
    );
  } finally {
    await progress.clear();
    await reading.close();
  }
}
