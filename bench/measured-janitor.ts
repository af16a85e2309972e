import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { processTerminal, runJanitor } from '../lib/cli/index.ts';

/** `node bench/measured-janitor.ts FILE ARGS...`: runs one command and writes its time and peak memory to FILE. */
const [file, ...argv] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: measured-janitor.ts FILE ARGS...');
const started = performance.now();
const exit = await runJanitor(argv, processTerminal());
const seconds = (performance.now() - started) / 1000;
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
writeFileSync(file, JSON.stringify({ exit, seconds, peakMegabytes }));
process.exitCode = exit;
