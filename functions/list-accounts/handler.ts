import * as z from 'zod';
import { parseInstant } from '../../lib/domain/time.ts';
import {
  accountsToSweep,
  environmentSchema,
  lambda,
  logger,
  once,
  openBucket,
  openHub,
  readEnvironment,
  startRun,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  environmentSchema.pick({
    ACCOUNTS: true,
    HOME_REGION: true,
    LEDGER_TABLE: true,
    MODE: true,
    WORK_BUCKET: true,
  }),
  process.env,
);

const eventSchema = z.strictObject({
  runId: z.string().min(1),
  trigger: z.enum(['schedule', 'person']),
  /** As EventBridge Scheduler writes it, without milliseconds. */
  scheduledAt: z.iso.datetime().optional(),
  enforce: z.boolean(),
  accounts: z
    .array(z.string().regex(/^\d{12}$/))
    .min(1)
    .optional(),
});

const hub = once(() => openHub(environment));

/** Opens a run and lists its accounts for the map that decides. */
export const handler = lambda(eventSchema, async ({ runId, trigger, scheduledAt, enforce, accounts }) => {
  const members = await accountsToSweep(environment, accounts);
  const work = openBucket(environment.HOME_REGION, environment.WORK_BUCKET);
  const started = await startRun(
    { ...(await hub()), work },
    {
      runId,
      trigger,
      ...(scheduledAt === undefined ? {} : { scheduledAt: parseInstant(scheduledAt) }),
      enforce: enforce && environment.MODE === 'enforce',
      accounts: members,
    },
  );
  logger.info('run', { runId, trigger, ...started });
  if (started.status === 'duplicate') return { status: started.status, runId, of: started.of };
  const { key, count } = started;
  return { status: started.status, runId, accounts: { bucket: environment.WORK_BUCKET, key, count } };
});
