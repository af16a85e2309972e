// Must be refused: a use case that imports the command line.
export type { runJanitor } from '../../../../../lib/cli/index.ts';
