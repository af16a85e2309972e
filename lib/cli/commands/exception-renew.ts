import { Command } from 'commander';
import * as z from 'zod';
import { contentFlags, requestIdArgument, withContent } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { submit } from '../submit.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject(contentFlags);

export function exceptionRenewCommand(run: Run): Command {
  const command = new Command('renew')
    .description('Ask for an exception for longer: the same scope and conditions, under a new id.')
    .argument('<id>', 'the exception, which has to be in force', requestIdArgument);
  withContent(command);
  return withExamples(command, [
    ['janitor exception renew 0198c2f4-7d1e-7c11-a2c3-5e6f70819203 --until 30d', 'be asked for the rest'],
  ]).action(
    action(run, flagsSchema, (session, flags, [exceptionId = '']) =>
      submit({ run, session, flags, command: 'exception renew' }, flags, async () => ({
        kind: 'extension',
        exceptionId,
      })),
    ),
  );
}
