import { type Fact, isKnown, known, unknown } from '../domain/fact.ts';
import { fromMillis, type Instant } from '../domain/time.ts';
import { SOURCE } from './source.ts';

/** One line of the credential report by column name; a column that the report lacks is absent. */
export type ReportCells = Readonly<Record<string, string>>;

/** Words by which the report says that there is nothing: no such thing, never, or not tracked. */
const NOTHING = ['N/A', 'no_information', 'not_supported', ''];

/** `2026-01-31T09:00:00+00:00`; emulators write `Z` or milliseconds. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/;

export function isNothing(cells: ReportCells, column: string): boolean {
  return NOTHING.includes(cells[column] ?? '?');
}

/** A date; null where the report says that there is none. A missing column or another text is unknown. */
export function dateCell(cells: ReportCells, column: string, asOf: Instant): Fact<Instant | null> {
  const text = cells[column];
  if (text === undefined) return missing(column);
  if (NOTHING.includes(text)) return known(null, asOf, SOURCE.report);
  const millis = DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(millis)) return malformed(column, text);
  return known(fromMillis(millis), asOf, SOURCE.report);
}

/** true or false in any case; everything else is unknown. */
export function booleanCell(cells: ReportCells, column: string, asOf: Instant): Fact<boolean> {
  const text = cells[column];
  if (text === undefined) return missing(column);
  const word = text.toLowerCase();
  if (word !== 'true' && word !== 'false') return malformed(column, text);
  return known(word === 'true', asOf, SOURCE.report);
}

/** A date that must be there: its absence is unknown. */
export function requiredDate(fact: Fact<Instant | null>, column: string): Fact<Instant> {
  if (!isKnown(fact)) return fact;
  if (fact.value === null) return unknown(`the credential report gives no ${column}`);
  return known(fact.value, fact.asOf, fact.source);
}

function missing(column: string) {
  return unknown(`the credential report has no column ${column}`);
}

function malformed(column: string, text: string) {
  return unknown(`the credential report says "${text.slice(0, 40)}" in ${column}`);
}
