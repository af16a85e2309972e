import { Command, Option } from 'commander';
import * as z from 'zod';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { reasonArgument, recordingFlags, withRecording } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import { planDocument, planText } from '../render/plan.ts';
import { action, type Run, type Wiring } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { withExamples } from './examples.ts';

const approveFlags = z.strictObject(recordingFlags);
const rejectFlags = z.strictObject({ ...recordingFlags, reason: z.string() });

export function approveCommand(run: Run): Command {
  const command = new Command('approve')
    .description('Approve a frozen plan as the person AWS says you are; the next sweep runs it.')
    .argument('<plan>', 'the plan, as the sweep that froze it printed it');
  withRecording(command);
  return withExamples(command, [
    ['janitor explain plan/111122223333/4', 'read what it would do, and why'],
    ['janitor approve plan/111122223333/4', 'approve exactly that'],
  ]).action(
    action(run, approveFlags, (session, flags, [planId = '']) =>
      decide(run, session, flags, 'approve', (wiring, context) => wiring.approvePlan(context, planId)),
    ),
  );
}

export function rejectCommand(run: Run): Command {
  const reason = new Option('--reason <text>', 'why, for the record').argParser(reasonArgument);
  const command = new Command('reject')
    .description('Reject a frozen plan: none of its steps will run.')
    .argument('<plan>', 'the plan, as the sweep that froze it printed it')
    .addOption(reason.makeOptionMandatory());
  withRecording(command);
  return withExamples(command, [
    ['janitor reject plan/111122223333/4 --reason "quarter end, ask again on Monday"', 'nothing of it runs'],
  ]).action(
    action(run, rejectFlags, (session, flags, [planId = '']) =>
      decide(run, session, flags, 'reject', (wiring, context) =>
        wiring.rejectPlan(context, planId, flags.reason),
      ),
    ),
  );
}

type RecordingContext = Parameters<Wiring['approvePlan']>[0];
type PlanDecision = Awaited<ReturnType<Wiring['approvePlan']>>;

async function decide(
  run: Run,
  session: Session,
  flags: z.output<typeof approveFlags>,
  verb: string,
  decision: (wiring: Wiring, context: RecordingContext) => Promise<PlanDecision>,
): Promise<ExitCode> {
  const wiring = await run.wiring();
  const opened = await wiring.openRecording(flags, surroundings(session, verb));
  try {
    const made = await decision(wiring, opened.context);
    const asJson = session.format === 'json';
    await session.print(
      asJson ? jsonDocument(planDocument(made)) : planText(made, session.style, session.width),
    );
    return EXIT.fine;
  } finally {
    await opened.close();
  }
}
