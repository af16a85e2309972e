// Must be refused: infrastructure that imports a use case.
export type { SweepContext } from '../../../../../lib/sweep/index.ts';
