import { Command } from 'commander';
import * as z from 'zod';
import { recordingFlags, withRecording } from '../flags.ts';
import { action, type Run } from '../run.ts';
import { decidePlan } from './decide-plan.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject(recordingFlags);

export function approveCommand(run: Run): Command {
  const command = new Command('approve')
    .description(
      'Approve a frozen plan as the person AWS says you are; the next sweep runs it, or the same janitor rotate.',
    )
    .argument('<plan>', 'the plan, as the sweep that froze it printed it');
  withRecording(command);
  return withExamples(command, [
    ['janitor explain plan/111122223333/4', 'read what it would do, and why'],
    ['janitor approve plan/111122223333/4', 'approve exactly that'],
    ['janitor approve plan/111122223333/4 --stack CredentialJanitor', 'one of the deployed janitor'],
  ]).action(
    action(run, flagsSchema, (session, flags, [planId = '']) =>
      decidePlan(run, session, flags, 'approve', (desk) => desk.approve(planId)),
    ),
  );
}
