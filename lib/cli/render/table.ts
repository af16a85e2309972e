import Table from 'cli-table3';
import { printable, textWidth, wrapped } from './text.ts';

export interface Column {
  readonly title: string;
  /** `fit` keeps its natural width; `flex` shares what is left and wraps. */
  readonly size: 'fit' | 'flex';
}

export interface TableRow {
  readonly cells: readonly string[];
  /** Something to copy, such as an id: the last column where it fits, else a line of its own. Never broken. */
  readonly id: string;
  /** A sentence about the row, on lines of its own below it. */
  readonly note?: string | undefined;
}

export interface TableOptions {
  readonly columns: readonly Column[];
  readonly idTitle: string;
  readonly rows: readonly TableRow[];
  /** Columns of the terminal. */
  readonly width: number;
  readonly indent?: string;
  /** Styles a title. */
  readonly title: (text: string) => string;
}

const GAP = 2;
const NARROWEST_FLEX = 18;

/** A table without borders whose ids can always be copied. Lines are at most `width` wide, ids excepted. */
export function renderTable(options: TableOptions): string {
  const indent = options.indent ?? '  ';
  const rows = options.rows.map(({ id, cells, note }) => ({
    id: printable(id),
    cells: cells.map(printable),
    note: note === undefined ? undefined : printable(note),
  }));
  const idWidth = Math.max(textWidth(options.idTitle), ...rows.map((row) => textWidth(row.id)));
  const space = options.width - textWidth(indent);
  const inline = columnWidths(options.columns, rows, space - idWidth - GAP);
  const widths = inline ?? columnWidths(options.columns, rows, space);
  const shape: Shape = {
    widths: widths ?? options.columns.map(() => NARROWEST_FLEX),
    idWidth: inline === undefined ? undefined : idWidth,
    noteWidth: space,
  };
  const titles = options.columns.map((column) => options.title(column.title));
  const head = rowText(
    { cells: titles, id: options.idTitle === '' ? '' : options.title(options.idTitle) },
    shape,
  );
  const lines = [
    inline === undefined ? (head.split('\n')[0] ?? '') : head,
    ...rows.map((row) => rowText(row, shape)),
  ];
  return indented(lines.join('\n'), indent);
}

interface Shape {
  readonly widths: readonly number[];
  /** Undefined: the id stands on a line of its own. */
  readonly idWidth: number | undefined;
  readonly noteWidth: number;
}

function rowText({ cells, id, note }: TableRow, { widths, idWidth, noteWidth }: Shape): string {
  const row =
    idWidth === undefined
      ? `${layout([cells], widths)}\n  ${id}`
      : layout([[...cells, id]], [...widths, idWidth + GAP]);
  return note === undefined ? row : `${row}\n${wrapped(note, noteWidth, '    ')}`;
}

/** Widths with their gaps, or undefined when the columns do not fit into `space`. */
function columnWidths(
  columns: readonly Column[],
  rows: readonly TableRow[],
  space: number,
): number[] | undefined {
  const natural = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...rows.map((row) => textWidth(row.cells[index] ?? ''))),
  );
  const fixed = natural.reduce((sum, width, i) => sum + GAP + (columns[i]?.size === 'fit' ? width : 0), 0);
  const flexible = natural.filter((_width, index) => columns[index]?.size === 'flex');
  if (flexible.length === 0) return fixed <= space ? natural.map((width) => width + GAP) : undefined;
  const share = Math.floor((space - fixed) / flexible.length);
  const needed = Math.min(NARROWEST_FLEX, Math.max(...flexible));
  if (share < needed) return undefined;
  return natural.map((width, i) => (columns[i]?.size === 'fit' ? width : Math.min(width, share)) + GAP);
}

function layout(lines: readonly (readonly string[])[], widths: readonly number[]): string {
  const table = new Table({
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
    colWidths: [...widths],
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
  });
  for (const line of lines) table.push(line.map((cell, index) => folded(cell, (widths[index] ?? GAP) - GAP)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Breaks a cell at spaces, and a longer word at the width: only ids must stay whole, and those are no cells. */
function folded(cell: string, width: number): string {
  return wrapped(cell, width)
    .split('\n')
    .flatMap((line) => (textWidth(line) <= width ? [line] : chopped(line, width)))
    .join('\n');
}

function chopped(line: string, width: number): string[] {
  const parts: string[] = [];
  for (let rest = line; rest !== ''; rest = rest.slice(width)) parts.push(rest.slice(0, width));
  return parts;
}

function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');
}
