import { Argument, Command } from 'commander';
import * as z from 'zod';
import type { AskedBroker } from '../../wiring/broker-client/index.ts';
import { atBroker, type BrokerErrand } from '../at-broker.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { brokerFlags, reasonArgument, withBroker, withOutput } from '../flags.ts';
import type { Style } from '../render/style.ts';
import { requestIdArgument } from '../request-flags.ts';
import { action, type Run } from '../run.ts';
import { withExamples } from './examples.ts';

/** A command of the broker about one grant, which it then shows. */
interface AboutGrant<T extends object> {
  /** As in `janitor break-glass show`. */
  readonly verb: string;
  readonly description: string;
  readonly examples: Parameters<typeof withExamples>[1];
  /** Whether it may be given a reason. */
  readonly reason?: true;
  readonly does: (service: AskedBroker, grantId: string, reason: string | undefined) => Promise<T>;
  readonly text: (done: T, style: Style, width: number) => string;
  /** What else has to happen on this machine, and how it went. */
  readonly afterwards?: (errand: BrokerErrand, done: T) => Promise<ExitCode>;
}

const flagsSchema = z.strictObject({ ...brokerFlags, reason: z.string().optional() });

export function grantCommand<T extends object>(run: Run, words: AboutGrant<T>): Command {
  const { verb, description, examples } = words;
  const command = new Command(verb)
    .description(description)
    .addArgument(new Argument('<id>', 'the grant').argParser(requestIdArgument));
  if (words.reason === true) command.option('--reason <text>', 'why, for the record', reasonArgument);
  withBroker(withOutput(command));
  return withExamples(command, examples).action(
    action(run, flagsSchema, (session, { reason, ...flags }, [id = '']) =>
      about({ run, session, flags, command: `break-glass ${verb}` }, words, id, reason),
    ),
  );
}

async function about<T extends object>(
  errand: BrokerErrand,
  { does, text, afterwards }: AboutGrant<T>,
  grantId: string,
  reason: string | undefined,
): Promise<ExitCode> {
  const { session } = errand;
  const done = await atBroker(errand, ({ service }) => does(service, grantId, reason));
  await session.show(Object.fromEntries(Object.entries(done)), () =>
    text(done, session.style, session.width),
  );
  return afterwards === undefined ? EXIT.fine : afterwards(errand, done);
}
