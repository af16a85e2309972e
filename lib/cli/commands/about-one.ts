import { type Argument, Command } from 'commander';
import * as z from 'zod';
import type { Desk } from '../../wiring/index.ts';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT } from '../exit-code.ts';
import { deskFlags, reasonArgument, withDesk } from '../flags.ts';
import type { Style } from '../render/style.ts';
import { action, type Run } from '../run.ts';
import { completed } from '../wanted.ts';
import { REASON } from '../wanted-values.ts';
import { withExamples } from './examples.ts';

/** A command about one thing, which it then shows. */
interface AboutOne<T extends object> {
  /** As in `janitor request show`. */
  readonly command: `${string} ${string}`;
  readonly description: string;
  readonly argument: Argument;
  readonly examples: Parameters<typeof withExamples>[1];
  readonly text: (done: T, style: Style, width: number) => string;
}

export function showCommand<T extends object>(
  run: Run,
  words: AboutOne<T> & { readonly read: (service: Desk['service'], id: string) => Promise<T> },
): Command {
  const flagsSchema = z.strictObject(deskFlags);
  return commandOf(words).action(
    action(run, flagsSchema, async (session, flags, [id = '']) => {
      await done({ run, session, flags, command: words.command }, words, (service) =>
        words.read(service, id),
      );
      return EXIT.fine;
    }),
  );
}

/** One that changes it, for a reason that a person is asked for where it needs one. */
export function reasonedCommand<T extends object>(
  run: Run,
  words: AboutOne<T> & {
    readonly needsReason: boolean;
    readonly change: (service: Desk['service'], id: string, reason: string | undefined) => Promise<T>;
  },
): Command {
  const flagsSchema = z.strictObject({ ...deskFlags, reason: z.string().optional() });
  const command = commandOf(words).option('--reason <text>', 'why, for the record', reasonArgument);
  return command.action(
    action(run, flagsSchema, async (session, flags, [id = '']) => {
      const errand = { run, session, flags, command: words.command };
      const { reason } = words.needsReason
        ? await completed(session, words.command, { reason: REASON }, flags)
        : flags;
      await done(errand, words, (service) => words.change(service, id, reason));
      return EXIT.fine;
    }),
  );
}

function commandOf({ command, description, argument, examples }: AboutOne<never>): Command {
  const name = command.split(' ').at(-1) ?? command;
  return withExamples(withDesk(new Command(name).description(description).addArgument(argument)), examples);
}

async function done<T extends object>(
  errand: Errand,
  { text }: Pick<AboutOne<T>, 'text'>,
  work: (service: Desk['service']) => Promise<T>,
): Promise<void> {
  const { session } = errand;
  const result = await atDesk(errand, ({ service }) => work(service));
  await session.show(Object.fromEntries(Object.entries(result)), () =>
    text(result, session.style, session.width),
  );
}
