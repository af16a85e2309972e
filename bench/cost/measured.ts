import * as z from 'zod';

const count = z.number().nonnegative();

/** What one run takes: of its own, and for each account. */
const shareSchema = z.strictObject({ ofRun: count, ofAccount: count });

const runSchema = z.strictObject({
  /** Calls of functions that look after one account, and of the others. */
  accountCalls: shareSchema,
  runCalls: shareSchema,
  /** Milliseconds these calls wait for the network, by the latencies assumed. */
  accountWaitMs: shareSchema,
  runWaitMs: shareSchema,
  /** Processor time in milliseconds, of everything and the simulated AWS as well: more than functions take. */
  cpuMs: shareSchema,
  transitions: shareSchema,
  ledgerWriteUnits: shareSchema,
  stateWriteUnits: shareSchema,
  readUnits: shareSchema,
  ledgerBytes: shareSchema,
  s3Puts: shareSchema,
  s3Gets: shareSchema,
  evidenceBytes: shareSchema,
  workBytes: shareSchema,
  secretsManagerCalls: shareSchema,
  otherCalls: shareSchema,
  letters: shareSchema,
});
export type MeasuredRun = z.infer<typeof runSchema>;
export const QUANTITIES = Object.keys(runSchema.shape).filter(isQuantity);
export type Quantity = keyof MeasuredRun;

function isQuantity(name: string): name is Quantity {
  return Object.hasOwn(runSchema.shape, name);
}

/** What `npm run cost -- --measure` found, in bench/cost/measured.json. */
export const measuredSchema = z.strictObject({
  /** Of the accounts measured. */
  account: z.strictObject({
    users: count,
    secrets: count,
    regions: count,
    staleKeys: count,
    staleSecrets: count,
  }),
  latencyMs: z.strictObject({ aws: count, dynamodb: count, s3: count, mail: count }),
  runs: z.strictObject({ first: runSchema, unchanged: runSchema, due: runSchema }),
});
export type Measured = z.infer<typeof measuredSchema>;
export type RunName = keyof Measured['runs'];
