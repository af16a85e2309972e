import { Command } from 'commander';
import * as z from 'zod';
import type { Replay } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { recordFlags, withRecord } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { counted, shortHash, shortInstant } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject(recordFlags);

export function ledgerReplayCommand(run: Run): Command {
  const command = new Command('replay')
    .description(
      'Judge a past sweep again from its manifest and archived policy; the bytes must be the same.',
    )
    .argument('<sweep>', 'the sweep id');
  withRecord(command);
  return withExamples(command, [
    ['janitor ledger replay 0199d3c2-7f00-7cc3-9d2e-000000000000', 'exit 1 when a verdict differs'],
    [
      'janitor ledger replay --stack CredentialJanitor 0199d3c2-7f00-7cc3-9d2e-000000000000',
      'a deployed one',
    ],
  ]).action(action(run, flagsSchema, (session, flags, [id = '']) => replay(run, session, flags, id)));
}

async function replay(
  run: Run,
  session: Session,
  flags: z.output<typeof flagsSchema>,
  sweepId: string,
): Promise<ExitCode> {
  const { judgeFromArchive, openLedger, replaySweep } = await run.wiring();
  const opened = await openLedger(flags, surroundings(session, 'ledger replay'));
  try {
    const replayed = await replaySweep(opened, sweepId, judgeFromArchive);
    const asJson = session.format === 'json';
    await session.print(asJson ? jsonDocument({ ...replayed }) : replayText(replayed, session.style));
    return replayed.differing === 0 ? EXIT.fine : EXIT.failed;
  } finally {
    await opened.close();
  }
}

export function replayText(replay: Replay, style: Style): string {
  const { sweepId, at, policyHash, replayed, differing, differences } = replay;
  const what = `${counted(replayed, 'verdict')} of sweep ${sweepId} (${shortInstant(at)}, policy ${shortHash(policyHash)})`;
  if (differing === 0) return `${style.green('The same again:')} ${what}.`;
  return [
    `${style.red(style.bold(`${differing} differ`))} of ${what}:`,
    ...differences.map(
      ({ credentialId, stored, replayed: again }) =>
        `  ${credentialId}\n    stored ${stored.verdict.outcome}, now ${again.verdict.outcome}`,
    ),
  ].join('\n');
}
