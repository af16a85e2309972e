import { Command } from 'commander';
import * as z from 'zod';
import { JanitorError } from '../../domain/error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { recordFlags, withRecord } from '../flags.ts';
import { ProgressBar } from '../progress.ts';
import { jsonDocument } from '../render/json-document.ts';
import { counted } from '../render/text.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject(recordFlags);

export function ledgerRebuildCommand(run: Run): Command {
  const command = new Command('rebuild').description('Write the projection anew from the chains alone.');
  withRecord(command);
  return withExamples(command, [
    ['janitor ledger rebuild', 'after "ledger verify" said that rows are behind'],
  ]).action(action(run, flagsSchema, (session, flags) => rebuild(run, session, flags)));
}

async function rebuild(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  if (flags.stack !== undefined) throw notByHand(flags.stack);
  const { openLedger, rebuildState } = await run.wiring();
  const opened = await openLedger(flags, surroundings(session, 'ledger rebuild'));
  const progress = new ProgressBar(session.terminal.stderr, session.asideStyle);
  try {
    const rebuilt = await rebuildState(opened, (done) => progress.show({ phase: 'chains', done }));
    await progress.clear();
    const { rows, written, removed } = rebuilt;
    await session.print(
      session.format === 'json'
        ? jsonDocument({ ...rebuilt })
        : `The projection has ${counted(rows, 'row')}: ${written} written anew, ${removed} without a chain removed.`,
    );
    return EXIT.fine;
  } finally {
    await progress.clear();
    await opened.close();
  }
}

function notByHand(stack: string): JanitorError {
  return new JanitorError(`people do not write the record of stack ${stack}, its projection included`, {
    code: 'rebuild-refused',
    source: 'policy',
    hint: 'A sweep projects what is behind: "janitor sweep". If "janitor ledger verify" still names rows afterwards, somebody wrote the state table: find out who, in CloudTrail.',
    details: { stack },
  });
}
