import { Command, Option } from 'commander';
import * as z from 'zod';
import type { EmbeddedWorld } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { clockFlags, instantArgument, outputFlags, portArgument, withOutput } from '../flags.ts';
import { environmentText } from '../render/environment.ts';
import { jsonDocument } from '../render/json-document.ts';
import type { Style } from '../render/style.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { withExamples } from './examples.ts';

export const EMBEDDED_AWS_PORT = 4580;

/** What fills an embedded AWS, and its clock. */
export const worldFlags = {
  ...clockFlags,
  seed: z.string().optional(),
  scenario: z.enum(['messy-company']).optional(),
};

const flagsSchema = z.strictObject({ ...outputFlags, ...worldFlags, port: z.number() });

export function withWorld(command: Command): Command {
  const scenario = new Option('--scenario <name>', 'fill it with a ready-made company').choices([
    'messy-company',
  ]);
  const now = new Option('--now <instant>', "pin its clock; otherwise it follows the system's");
  return command
    .option('--seed <file>', 'fill it from a JSON document')
    .addOption(scenario)
    .addOption(now.argParser(instantArgument));
}

export function embeddedAwsCommand(run: Run): Command {
  const port = new Option('--port <port>', 'TCP port on 127.0.0.1; 0 for any free one').argParser(
    portArgument,
  );
  const command = new Command('embedded-aws')
    .description('Serve an AWS of your own (IAM, STS, Secrets Manager, DynamoDB) for trying things out.')
    .addOption(port.default(EMBEDDED_AWS_PORT));
  return withExamples(withOutput(withWorld(command)), [
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

function worldText(world: EmbeddedWorld, style: Style): string {
  const lines = [environmentText(world, style)];
  if (world.policy !== undefined)
    lines.push('', style.dim('# The policy of this company:'), `janitor scan --policy ${world.policy}`);
  return lines.join('\n');
}
