import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import { measureAccounts } from './accounts.ts';
import { measureBreakGlass } from './break-glass.ts';
import { reportColdStarts } from './cold-start.ts';
import { measureOrganisations } from './organisation.ts';
import { measureRequests } from './requests.ts';
import { writeSection } from './section.ts';
import { measureVerdicts } from './verdicts.ts';

const PAGE = 'docs/benchmarks.md';
const SECTIONS: Readonly<Record<string, () => Promise<string> | string>> = {
  machine,
  accounts: () => measureAccounts(process.argv.includes('--all') ? 'all' : 'some'),
  organisation: measureOrganisations,
  'cold-start': reportColdStarts,
  requests: measureRequests,
  'break-glass': measureBreakGlass,
  judging,
  demo,
};

/**
 * `npm run bench` measures everything and renews docs/benchmarks.md; with names of its sections only those
 * (`npm run bench -- organisation`). `--all`: every combination of users and secrets (about an hour). `--quick`: prints
 * the smallest account and writes nothing.
 */
if (process.argv.includes('--quick')) console.log(await measureAccounts('smallest'));
else for (const name of asked()) writeSection(PAGE, name, await measured(name));

function asked(): readonly string[] {
  const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  return named.length === 0 ? Object.keys(SECTIONS) : named;
}

function measured(name: string): Promise<string> | string {
  const measure = SECTIONS[name];
  if (measure !== undefined) return measure();
  throw new Error(`there is no section "${name}"; there are ${Object.keys(SECTIONS).join(', ')}`);
}

function machine(): string {
  return `Made by \`npm run bench\` (${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}). The machine is shared and noisy: read ratios, not single times.`;
}

function judging(): string {
  const { credentials, rules, verdictsPerSecond } = measureVerdicts();
  return `${credentials} credentials, ${rules} rules: ${Math.round(verdictsPerSecond).toLocaleString('en')} verdicts a second on one core.`;
}

function demo(): string {
  const started = performance.now();
  execFileSync(process.execPath, ['bin/janitor.js', 'demo'], { stdio: 'ignore' });
  return `\`npm run demo\`: ${((performance.now() - started) / 1000).toFixed(1)} s.`;
}
