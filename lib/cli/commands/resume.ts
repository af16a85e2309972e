import { Command } from 'commander';
import * as z from 'zod';
import { withRecording } from '../flags.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';
import { changeHalt, targetFlags, withTarget } from './halt-target.ts';

const flagsSchema = z.strictObject(targetFlags);

export function resumeCommand(run: Run): Command {
  const command = new Command('resume').description(
    'Lift a halt; it takes another person than the one who placed it.',
  );
  withRecording(withTarget(command));
  return withExamples(command, [
    ['janitor resume --all --reason "incident closed"', 'the next sweep acts again'],
  ]).action(action(run, flagsSchema, (session, flags) => changeHalt(run, session, flags, 'resume')));
}
