import { perAccount } from './growing.ts';
import type { RunFigures } from './measure.ts';

const HEADINGS = [
  'accounts',
  'run',
  'wall time',
  'at once',
  'calls per account',
  'throttled',
  'write units per account',
  'read units per account',
  'S3 requests per account',
  'transitions per account',
  'ledger events in the busiest second',
  'steps asked / allotted',
];

/** A table in Markdown of runs over organisations of several sizes. */
export function organisationTable(lives: ReadonlyMap<number, readonly RunFigures[]>): string {
  const rows = [...lives].flatMap(([accounts, runs]) => runs.map((figures) => rowOf(accounts, figures)));
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(HEADINGS), line(HEADINGS.map(() => '---:')), ...rows.map(line)].join('\n');
}

function rowOf(accounts: number, figures: RunFigures): (string | number)[] {
  const { name, ran, throttled, dynamo } = figures;
  const each = perAccount(figures, accounts);
  return [
    accounts.toLocaleString('en'),
    name,
    `${(ran.wallMs / 1000).toFixed(1)} s`,
    ran.peak,
    each.calls.toFixed(1),
    throttled.toLocaleString('en'),
    each.writes.toFixed(1),
    each.reads.toFixed(1),
    (each.puts + each.gets).toFixed(1),
    each.transitions.toFixed(1),
    dynamo.eventsInBusiestSecond,
    `${ran.demanded.toLocaleString('en')} / ${ran.allotted}`,
  ];
}
