import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import * as z from '../../lib/domain/zod.ts';
import {
  finishRun,
  lambda,
  logger,
  metered,
  metrics,
  once,
  openBucket,
  openOwnLedger,
  readEnvironment,
  tellOperators,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'HOME_REGION',
  'LEDGER_TABLE',
  'NOTICE_TOPIC_ARN',
  'WORK_BUCKET',
);

const ledger = once(() => openOwnLedger(environment));

/** Closes a run: counts what came of every account, records it and tells the operators. */
export const handler = lambda(
  z.strictObject({ runId: z.string().check(z.minLength(1)) }),
  async ({ runId }) => {
    const work = openBucket(environment.HOME_REGION, environment.WORK_BUCKET);
    const run = await finishRun({ ...(await ledger()), work }, runId);
    logger.info('finished', { ...run });
    metrics.addMetric(METRICS.accountsNotSwept, 'Count', run.notSwept);
    metrics.addMetric(METRICS.accountsIncomplete, 'Count', run.incomplete);
    const told = await tellOperators(environment, run);
    if (told.outcome !== 'accepted') {
      logger.warn('operators were not told', { runId, reason: told.reason });
      metrics.addMetric(METRICS.operatorsNotTold, 'Count', 1);
    }
    const { accounts, swept, incomplete, notSwept, credentials } = run;
    return { runId, accounts, swept, incomplete, notSwept, credentials };
  },
).use(metered);
