import { Command, Option } from 'commander';
import * as z from 'zod';
import type { ServedJanitor } from '../../wiring/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import {
  outputFlags,
  policyFlags,
  portArgument,
  stateFlags,
  withOutput,
  withPolicy,
  withState,
} from '../flags.ts';
import { environmentText } from '../render/environment.ts';
import { jsonDocument } from '../render/json-document.ts';
import { shellLine } from '../render/shell-words.ts';
import type { Style } from '../render/style.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { surroundings } from '../surroundings.ts';
import { EMBEDDED_AWS_PORT, withWorld, worldFlags } from './embedded-aws.ts';
import { withExamples } from './examples.ts';

const API_PORT = 4590;

const flagsSchema = z.strictObject({
  ...outputFlags,
  ...worldFlags,
  ...policyFlags,
  ...stateFlags,
  port: z.number(),
  awsPort: z.number(),
});

export function serveCommand(run: Run): Command {
  const port = new Option('--port <port>', 'TCP port of the API on 127.0.0.1; 0 for any free one');
  const awsPort = new Option('--aws-port <port>', 'TCP port of the embedded AWS');
  const command = new Command('serve')
    .description(
      'Serve the API of a janitor on this machine, as it answers where it is deployed, beside an AWS of your own: callers sign with keys of that AWS, and the record is a state folder.',
    )
    .addOption(port.argParser(portArgument).default(API_PORT))
    .addOption(awsPort.argParser(portArgument).default(EMBEDDED_AWS_PORT));
  withState(withPolicy(withWorld(withOutput(command))));
  return withExamples(command, [
    ['janitor serve --scenario messy-company', 'a company whose people ask and approve'],
    ['janitor request list', 'in another terminal, with the environment that serve prints'],
  ]).action(action(run, flagsSchema, (session, flags) => serve(run, session, flags)));
}

/** Serves until it is interrupted; what is under way then is finished first. */
async function serve(run: Run, session: Session, flags: z.output<typeof flagsSchema>): Promise<ExitCode> {
  const { openServe } = await run.wiring();
  const served = await openServe(flags, surroundings(session, 'serve'));
  try {
    const exports = { ...served.world.exports, JANITOR_API: served.url };
    const { people } = served.world;
    const document = { url: served.url, aws: served.world.url, exports, people };
    const text = servedText({ exports, people }, sweepLine(served.world, flags), session.style);
    await session.print(session.format === 'json' ? jsonDocument(document) : text);
    await session.note(
      'It serves until you press Ctrl-C. The state of its AWS is gone then; the record stays in its folder.',
    );
    await session.flushNotes();
    await session.terminal.interrupted();
    return EXIT.fine;
  } finally {
    await served.close();
  }
}

function servedText(
  environment: Parameters<typeof environmentText>[0],
  sweep: string | undefined,
  style: Style,
): string {
  const lines = [environmentText(environment, style)];
  if (sweep !== undefined) lines.push('', style.dim('# Sweep into the record that the API works on:'), sweep);
  return lines.join('\n');
}

function sweepLine(
  { policy }: ServedJanitor['world'],
  { stateDir }: { readonly stateDir?: string | undefined },
): string | undefined {
  if (policy === undefined) return undefined;
  const folder = stateDir === undefined ? [] : ['--state-dir', stateDir];
  return shellLine(['janitor', 'sweep', '--policy', policy, ...folder]);
}
