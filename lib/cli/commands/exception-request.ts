import { Command } from 'commander';
import * as z from 'zod';
import { askedFor } from '../ask-of.ts';
import { contentFlags, scopeFlags, withContent, withScope } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { submit } from '../submit.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z.strictObject({ ...contentFlags, ...scopeFlags });

export function exceptionRequestCommand(run: Run): Command {
  const command = new Command('request').description(
    'Ask that rules do not apply to a credential for a while, as long as something stays true.',
  );
  withContent(withScope(command));
  return withExamples(command, [
    ['janitor exception request', 'be asked for everything'],
    [
      'janitor exception request --credential AKIAIOSFODNN7EXAMPLE --rule access-key-unused --while ticket --reason "moves to a role in March" --reason-kind migration --ticket OPS-123 --until 30d',
      'from a script',
    ],
  ]).action(
    action(run, flagsSchema, async (session, flags) => {
      const errand = { run, session, flags, command: 'exception request' };
      return submit(errand, flags, await askedFor(session, errand.command, 'exception', flags));
    }),
  );
}
