// Must be refused: infrastructure that imports a use case.
export type { RunOptions } from '../../../../../lib/sweep/index.ts';
