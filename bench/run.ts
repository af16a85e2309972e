import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import { HEAP_FLAGS, LATENCY_MS, type Measurement, measureSweeps } from './measure-sweep.ts';
import type { Population } from './population.ts';
import { measureVerdicts } from './verdicts.ts';

/**
 * `npm run bench` measures three sizes of account and writes docs/benchmarks.md; `--all` every combination of users
 * and secrets (about an hour); `--quick` only the smallest and writes nothing.
 */
const quick = process.argv.includes('--quick');
const all = process.argv.includes('--all');
const USERS = [100, 1_000, 5_000];
const SECRETS = [100, 10_000, 100_000];
const SHARES = [0.02, 0.44];

const sizes = quick
  ? [{ users: 100, secrets: 100 }]
  : USERS.flatMap((users, i) =>
      SECRETS.filter((_, j) => all || i === j).map((secrets) => ({ users, secrets })),
    );
const measurements: Measurement[] = [];
for (const size of sizes) {
  for (const flagged of SHARES) {
    const population: Population = { ...size, flagged };
    for (const measurement of await measureSweeps(population)) {
      measurements.push(measurement);
      console.log(row(measurement));
    }
  }
}
const verdicts = measureVerdicts();
const demoSeconds = timeOf(() =>
  execFileSync(process.execPath, ['bin/janitor.js', 'demo'], { stdio: 'ignore' }),
);

const page = `# Benchmarks

Made by \`npm run bench${all ? ' -- --all' : ''}\` (${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}). The machine is shared and noisy: read ratios, not single times.

## Reading and recording an account

\`janitor sweep\` in a process of its own, over HTTP, against an embedded AWS in another process that takes ${LATENCY_MS} ms
for each call. Observing, with the shipped policy. The process includes its local ledger (dynalite); a deployed sweep
has DynamoDB for that. Its heap is limited as in a Lambda function of 256 MB (\`${HEAP_FLAGS.join(' ')}\`). The floor is
computed in bench/floor.ts; the budget is 1.1 times the floor and 256 MB.

| users | secrets | flagged | run | AWS calls | floor | ratio | seconds | peak MB |
| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |
${measurements.map(row).join('\n')}

## Judging

${verdicts.credentials} credentials, ${verdicts.rules} rules: ${Math.round(verdicts.verdictsPerSecond).toLocaleString('en')} verdicts a second on one core.

## Demo

\`npm run demo\`: ${demoSeconds.toFixed(1)} s.
`;
if (quick) console.log(page);
else writeFileSync('docs/benchmarks.md', page);

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

function timeOf(run: () => void): number {
  const started = performance.now();
  run();
  return (performance.now() - started) / 1000;
}
