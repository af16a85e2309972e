import { readFileSync, writeFileSync } from 'node:fs';
import { measure } from './cost/measure.ts';
import { measuredSchema } from './cost/measured.ts';
import { costPage } from './cost/page.ts';

/** `npm run cost` writes docs/cost.md from bench/cost/measured.json; with `--measure` it measures anew first. */
const MEASURED = 'bench/cost/measured.json';
const PAGE = 'docs/cost.md';

if (process.argv.includes('--measure'))
  writeFileSync(MEASURED, `${JSON.stringify(await measure(), null, 2)}\n`);
writeFileSync(PAGE, costPage(measuredSchema.parse(JSON.parse(readFileSync(MEASURED, 'utf8')))));
