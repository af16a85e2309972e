import { processTerminal, runJanitor } from '../lib/cli/index.ts';

process.exitCode = await runJanitor(process.argv.slice(2), processTerminal());
