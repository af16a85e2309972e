import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import * as z from '../../lib/domain/zod.ts';
import {
  allotSteps,
  deployedPolicy,
  lambda,
  logger,
  metered,
  metrics,
  once,
  openBucket,
  openOwnLedger,
  readEnvironment,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(process.env, 'HOME_REGION', 'LEDGER_TABLE', 'POLICY_DIR', 'WORK_BUCKET');

const open = once(async () => {
  const [ledger, policy] = await Promise.all([openOwnLedger(environment), deployedPolicy(environment)]);
  return { ...ledger, policy };
});

/** The barrier: shares what the organisation's cap leaves among the accounts that have something due. */
export const handler = lambda(
  z.strictObject({ runId: z.string().check(z.minLength(1)) }),
  async ({ runId }) => {
    const work = openBucket(environment.HOME_REGION, environment.WORK_BUCKET);
    const { key, count, demanded, allotted } = await allotSteps({ ...(await open()), work }, runId);
    logger.info('allotted', { runId, accounts: count, demanded, allotted });
    metrics.addMetric(METRICS.stepsDemanded, 'Count', demanded);
    metrics.addMetric(METRICS.stepsAllotted, 'Count', allotted);
    return { runId, items: { bucket: environment.WORK_BUCKET, key, count }, demanded, allotted };
  },
).use(metered);
