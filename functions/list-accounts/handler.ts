import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { accountIdSchema } from '../../lib/domain/common-schemas.ts';
import { parseInstant } from '../../lib/domain/time.ts';
import * as z from '../../lib/domain/zod.ts';
import {
  accountsToSweep,
  expectBuckets,
  lambda,
  logger,
  once,
  openBucket,
  openOwnLedger,
  readEnvironment,
  startRun,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'ACCOUNTS',
  'HOME_REGION',
  'LEDGER_TABLE',
  'MODE',
  'WORK_BUCKET',
);

const run = {
  /** The name of the execution, under which a run keeps its files: more characters are allowed there than in these. */
  runId: z
    .string()
    .check(
      z.regex(/^\w[\w.-]{0,79}$/, 'is no name of a run: letters, digits, dots, hyphens and underscores only'),
    ),
  enforce: z.boolean(),
};

/** The run of an instant of the schedule sweeps everything, since it takes the place of any other for that instant. */
const eventSchema = z.discriminatedUnion('trigger', [
  z.strictObject({
    ...run,
    trigger: z.literal('schedule'),
    /** As EventBridge Scheduler writes it, without milliseconds. */
    scheduledAt: z.iso.datetime(),
  }),
  z.strictObject({
    ...run,
    trigger: z.literal('person'),
    accounts: z.optional(z.array(accountIdSchema).check(z.minLength(1))),
  }),
]);

const ledger = once(() => openOwnLedger(environment));

/** Opens a run and lists its accounts for the map that decides. */
export const handler = lambda(eventSchema, async (event) => {
  const { runId, trigger, enforce } = event;
  expectBuckets();
  const members = await accountsToSweep(environment, event.trigger === 'person' ? event.accounts : undefined);
  const work = openBucket(environment.HOME_REGION, environment.WORK_BUCKET);
  const started = await startRun(
    { ...(await ledger()), work },
    {
      runId,
      trigger,
      ...(event.trigger === 'schedule' ? { scheduledAt: parseInstant(event.scheduledAt) } : {}),
      enforce: enforce && environment.MODE === 'enforce',
      accounts: members,
    },
  );
  logger.info('run', { runId, trigger, ...started });
  if (started.status === 'duplicate') return { status: started.status, runId, of: started.of };
  const { key, count } = started;
  return { status: started.status, runId, accounts: { bucket: environment.WORK_BUCKET, key, count } };
});
