import { Command, Option } from 'commander';
import * as z from 'zod';
import type { EmbeddedWorld } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { clockFlags, instantArgument, outputFlags, portArgument, withOutput } from '../flags.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { withExamples } from './examples.ts';

const DEFAULT_PORT = 4580;

const flagsSchema = z.strictObject({
  ...outputFlags,
  ...clockFlags,
  port: z.number(),
  seed: z.string().optional(),
  scenario: z.enum(['messy-company']).optional(),
});

export function embeddedAwsCommand(run: Run): Command {
  const port = new Option('--port <port>', 'TCP port on 127.0.0.1; 0 for any free one').argParser(
    portArgument,
  );
  const scenario = new Option('--scenario <name>', 'fill it with a ready-made company').choices([
    'messy-company',
  ]);
  const now = new Option('--now <instant>', "pin its clock; otherwise it follows the system's");
  const command = new Command('embedded-aws')
    .description('Serve an AWS of your own (IAM, STS, Secrets Manager, DynamoDB) for trying things out.')
    .addOption(port.default(DEFAULT_PORT))
    .option('--seed <file>', 'fill it from a JSON document')
    .addOption(scenario)
    .addOption(now.argParser(instantArgument));
  withOutput(command);
  return withExamples(command, [
    ['janitor embedded-aws --scenario messy-company', 'some hundred credentials to look at'],
    ['janitor embedded-aws --port 4580 --seed account.json', 'an account of your own making'],
  ]).action(action(run, flagsSchema, (session, flags) => serve(run, session, flags)));
}

/** Serves until it is interrupted. */
async function serve(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { openEmbeddedWorld } = await run.wiring();
  const world = await openEmbeddedWorld(flags, session.terminal.cwd);
  try {
    const { url, exports, people } = world;
    const asJson = session.format === 'json';
    await session.print(asJson ? jsonDocument({ url, exports, people }) : worldText(world, session.style));
    await session.note('It serves until you press Ctrl-C; its state is gone then.');
    await session.flushNotes();
    await session.terminal.interrupted();
    return EXIT.fine;
  } finally {
    await world.close();
  }
}

function worldText({ exports, people, policy }: EmbeddedWorld, style: Style): string {
  const lines = [
    style.dim('# Paste this into another terminal:'),
    'unset AWS_PROFILE AWS_SESSION_TOKEN',
    ...Object.entries(exports).map(([name, value]) => `export ${name}=${value}`),
  ];
  for (const { name, exports: own } of people) {
    const words = Object.entries(own).map(([key, value]) => `${key}=${value}`);
    lines.push('', style.dim(`# To be ${name}, put this before a command:`), words.join(' '));
  }
  if (policy !== undefined)
    lines.push('', style.dim('# The policy of this company:'), `janitor scan --policy ${policy}`);
  return lines.join('\n');
}
