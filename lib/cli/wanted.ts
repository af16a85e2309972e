import { InvalidArgumentError } from 'commander';
import { JanitorError } from '../domain/error.ts';
import type { Session } from './session.ts';

/** A value that a command cannot do without. */
export interface Wanted {
  /** As it is typed in a script: `--reason <text>`. */
  readonly flag: string;
  /** As a person is asked for it. */
  readonly question: string;
  readonly placeholder?: string;
  readonly options?: readonly string[];
  /** The parser of its flag; throws `InvalidArgumentError`. */
  readonly parse?: (text: string) => string;
}

/**
 * The values a command needs: those that were given, and what a person answers for the others. In a script a missing one
 * is a usage error that names its flag.
 */
export async function completed<K extends string>(
  session: Session,
  command: string,
  wanted: Readonly<Record<K, Wanted>>,
  given: { readonly [Name in NoInfer<K>]?: string | undefined },
): Promise<Readonly<Record<K, string>>> {
  const missing = (Object.keys(wanted) as K[]).filter((name) => given[name] === undefined);
  if (missing.length > 0 && !session.terminal.interactive) {
    throw incomplete(
      command,
      missing.map((name) => wanted[name]),
    );
  }
  const values: Record<string, string | undefined> = { ...given };
  for (const name of missing) values[name] = await answerTo(session, wanted[name]);
  return values as Record<K, string>;
}

async function answerTo({ terminal }: Session, { question, placeholder, options, parse }: Wanted) {
  const answer = await terminal.ask({
    message: question,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(options === undefined ? {} : { options }),
    wrong: (text) => whyNot(text, parse),
  });
  if (answer === undefined) throw cancelled();
  return parse === undefined ? answer.trim() : parse(answer);
}

function whyNot(text: string, parse: Wanted['parse']): string | undefined {
  if (text.trim() === '') return 'Something has to be said here.';
  try {
    parse?.(text);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidArgumentError || error instanceof JanitorError) return error.message;
    throw error;
  }
}

function incomplete(command: string, missing: readonly Wanted[]): JanitorError {
  const names = missing.map(({ flag }) => flag.split(' ')[0] ?? flag);
  const listed = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return new JanitorError(`${command} needs ${listed}, and nobody can be asked here`, {
    code: 'usage',
    source: 'user',
    hint: `Add ${missing.map(({ flag }) => flag).join(' ')}. "janitor ${command} --help" has examples.`,
    details: { missing: names },
  });
}

function cancelled(): JanitorError {
  return new JanitorError('a question was not answered; nothing was done', {
    code: 'cancelled',
    source: 'user',
    hint: 'Run the command again, or give the values by flags.',
  });
}
