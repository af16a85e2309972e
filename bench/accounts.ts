import { HEAP_FLAGS, LATENCY_MS, type Measurement, measureSweeps } from './measure-sweep.ts';
import type { Population } from './population.ts';

const USERS = [100, 1_000, 5_000];
const SECRETS = [100, 10_000, 100_000];
const SHARES = [0.02, 0.44];

/** Which sizes of account: three, every combination of users and secrets (about an hour), or only the smallest. */
export type Sizes = 'some' | 'all' | 'smallest';

/** Sweeps accounts of several sizes, one after the other; the section of the page. */
export async function measureAccounts(which: Sizes): Promise<string> {
  const rows: string[] = [];
  for (const size of sizesOf(which)) {
    for (const flagged of SHARES) {
      const population: Population = { ...size, flagged };
      for (const measurement of await measureSweeps(population)) {
        rows.push(row(measurement));
        console.log(row(measurement));
      }
    }
  }
  return `\`janitor sweep\` in a process of its own, over HTTP, against an embedded AWS in another process that takes ${LATENCY_MS} ms
for each call. Observing, with the shipped policy. The process includes its local ledger (dynalite); a deployed sweep
has DynamoDB for that. Its heap is limited as in a Lambda function of 256 MB (\`${HEAP_FLAGS.join(' ')}\`). The floor is
computed in bench/floor.ts; the budget is 1.1 times the floor and 256 MB.

| users | secrets | flagged | run | AWS calls | floor | ratio | seconds | peak MB |
| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}`;
}

function sizesOf(which: Sizes): Omit<Population, 'flagged'>[] {
  if (which === 'smallest') return [{ users: 100, secrets: 100 }];
  return USERS.flatMap((users, i) =>
    SECRETS.filter((_, j) => which === 'all' || i === j).map((secrets) => ({ users, secrets })),
  );
}

function row(m: Measurement): string {
  const cells = [
    m.users,
    m.secrets,
    `${m.flagged * 100} %`,
    m.run,
    m.calls,
    m.floor,
    (m.calls / m.floor).toFixed(2),
    m.seconds.toFixed(1),
    Math.round(m.peakMegabytes),
  ];
  return `| ${cells.join(' | ')} |`;
}
