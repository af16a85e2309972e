export type { ActingClients, AttemptOptions } from './attempt.ts';
export { type ChangeRequest, type Performed, type Prepared, REVERSE, type ReadBack } from './change.ts';
export { describeChange, performChange, prepareChange, readBackChange, reverseRequest } from './changes.ts';
