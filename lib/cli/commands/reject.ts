import { Command, Option } from 'commander';
import * as z from 'zod';
import { reasonArgument, recordingFlags, withRecording } from '../flags.ts';
import { action, type Run } from '../run.ts';
import { decidePlan } from './decide-plan.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...recordingFlags, reason: z.string() });

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
    action(run, flagsSchema, (session, flags, [planId = '']) =>
      decidePlan(run, session, flags, 'reject', (desk) => desk.reject(planId, flags.reason)),
    ),
  );
}
