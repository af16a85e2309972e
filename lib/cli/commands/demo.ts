import { Command } from 'commander';
import * as z from 'zod';
import { runDemo } from '../demo/index.ts';
import { EXIT } from '../exit-code.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';

const flagsSchema = z
  .strictObject({ color: z.boolean() })
  .transform((flags) => ({ ...flags, format: 'table' as const }));

export function demoCommand(run: Run): Command {
  const command = new Command('demo')
    .description(
      'A company, two months and every kind of decision, in half a minute; touches nothing of yours.',
    )
    .option('--no-color', 'plain text, also with the environment variable NO_COLOR');
  return withExamples(command, [
    ['janitor demo', 'watch it work'],
    ['janitor demo | less -R', 'at your own pace'],
  ]).action(
    action(run, flagsSchema, async (session) => {
      await runDemo(session, await run.wiring());
      return EXIT.fine;
    }),
  );
}
