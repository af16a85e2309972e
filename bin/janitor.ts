import { processTerminal, reportDefect, runJanitor } from '../lib/cli/index.ts';

const argv = process.argv.slice(2);
const terminal = processTerminal();
process.on('uncaughtException', (error) => {
  void reportDefect(error, terminal, argv).then((code) => process.exit(code));
});
process.exitCode = await runJanitor(argv, terminal);
