import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import type { Page, PageQuery } from '../../api/index.ts';
import { type Actor, actorLabel } from '../../domain/actor.ts';
import type { Instant } from '../../domain/time.ts';
import type { Desk } from '../../wiring/index.ts';
import { atDesk, type Errand } from '../at-desk.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { deskFlags, withDesk } from '../flags.ts';
import { csvLine } from '../render/csv.ts';
import { jsonDocument } from '../render/json-document.ts';
import { type Column, renderTable, type TableRow } from '../render/table.ts';
import { action, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { withExamples } from './examples.ts';

/** How one kind of thing is listed. */
export interface Shown<T> {
  /** As in `janitor request list`. */
  readonly command: string;
  /** Of its array in JSON. */
  readonly plural: string;
  readonly columns: readonly Column[];
  readonly row: (item: T) => TableRow;
  /** Names and values of a line of CSV. */
  readonly csv: (item: T) => Readonly<Record<string, string | number | undefined>>;
  readonly csvColumns: readonly string[];
}

interface Listing<T> extends Omit<Shown<T>, 'command'> {
  readonly noun: string;
  readonly page: (service: Desk['service'], query: PageQuery) => Promise<Page<T>>;
}

/** What every command takes that shows a page. */
export const pageFlags = {
  state: z.enum(['open', 'ended', 'all']),
  limit: z.number(),
  cursor: z.string().optional(),
};

export function withPage(command: Command): Command {
  const state = new Option('--state <state>', 'which of them').choices(['open', 'ended', 'all']);
  const limit = new Option('--limit <count>', 'at most so many, up to 100').argParser(limitArgument);
  return command
    .addOption(state.default('open'))
    .addOption(limit.default(25))
    .option('--cursor <text>', 'go on where the page before ended');
}

/** `list` of requests, exceptions or challenges: a page, newest first, and the command for the next one. */
export function listCommand<T>(run: Run, listing: Listing<T>): Command {
  const { noun, plural } = listing;
  const flagsSchema = z.strictObject({ ...deskFlags, ...pageFlags });
  const command = withPage(new Command('list').description(`Show ${plural}, newest first.`));
  withDesk(command, ['table', 'json', 'csv']);
  return withExamples(command, [
    [`janitor ${noun} list`, 'what is open'],
    [`janitor ${noun} list --state all --format csv`, 'for a spreadsheet'],
  ]).action(
    action(run, flagsSchema, async (session, { state, limit, cursor, ...flags }) => {
      const query = pageQuery({ state, limit, cursor });
      const errand: Errand = { run, session, flags, command: `${noun} list` };
      const page = await atDesk(errand, ({ service }) => listing.page(service, query));
      return showPage(session, { ...listing, command: `${noun} list` }, query, page);
    }),
  );
}

/** The query that flags mean. */
export function pageQuery({ state, limit, cursor }: z.output<z.ZodObject<typeof pageFlags>>): PageQuery {
  return { state, limit, ...(cursor === undefined ? {} : { cursor }) };
}

/** Prints a page in the format that was asked for, with the command for the next one. */
export async function showPage<T>(
  session: Session,
  shown: Shown<T>,
  query: PageQuery,
  { items, nextCursor }: Page<T>,
): Promise<ExitCode> {
  const next = nextCursor === undefined ? undefined : nextPage(shown, query, nextCursor);
  if (session.format === 'json') {
    await session.print(jsonDocument({ [shown.plural]: items, nextCursor }));
  } else if (session.format === 'csv') {
    await session.print(csvOf(shown, items));
    if (next !== undefined) await session.note(`There are more: ${next}`);
  } else {
    await session.print(items.length === 0 ? nothing(shown, query) : tableOf(session, shown, items, next));
  }
  return EXIT.fine;
}

function tableOf<T>(
  session: Session,
  { columns, row }: Shown<T>,
  items: readonly T[],
  next: string | undefined,
): string {
  const table = renderTable({
    columns,
    idTitle: 'ID',
    rows: items.map(row),
    width: session.width,
    title: session.style.dim,
  });
  return next === undefined ? table : `${table}\nThere are more:\n${next}`;
}

/** Nobody takes "none is open" for "there were none". */
function nothing<T>({ command, plural }: Shown<T>, { state }: PageQuery): string {
  if (state === undefined || state === 'all') return `No ${plural}.`;
  return `No ${state} ${plural}. All there ever were: janitor ${command} --state all`;
}

function csvOf<T>({ csv, csvColumns }: Shown<T>, items: readonly T[]): string {
  const lines = items.map((item) => {
    const cells = csv(item);
    return csvLine(csvColumns.map((name) => cells[name]));
  });
  return [csvLine(csvColumns), ...lines].join('');
}

function nextPage<T>({ command }: Shown<T>, { state, limit }: PageQuery, cursor: string): string {
  return `janitor ${command} --state ${state} --limit ${limit} --cursor ${cursor}`;
}

function limitArgument(text: string): number {
  const count = Number(text);
  if (!/^\d{1,3}$/.test(text) || count < 1 || count > 100) {
    throw new InvalidArgumentError('A page holds 1 to 100.');
  }
  return count;
}

/** The texts of a view, which are cells as they are. */
export function scalars(view: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(view).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Who approved, as a cell. */
export function approversOf(approvals: readonly { readonly actor: Actor }[]): string {
  return approvals.map(({ actor }) => actorLabel(actor)).join(' ');
}

interface Ended {
  readonly at: Instant;
  readonly by: Actor;
  readonly reason?: string | undefined;
}

/** When something ended, by whom and why, as cells. */
export function endCells(end: Ended | undefined): Readonly<Record<string, string | undefined>> {
  if (end === undefined) return {};
  return { endedAt: end.at, endedBy: actorLabel(end.by), endReason: end.reason };
}
