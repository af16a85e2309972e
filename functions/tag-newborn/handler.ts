import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import {
  birthEventSchema,
  deployedPolicy,
  environmentSchema,
  lambda,
  logger,
  lookAfter,
  metered,
  metrics,
  newbornOf,
  once,
  openHub,
  readEnvironment,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  environmentSchema.pick({
    HOME_REGION: true,
    LEDGER_TABLE: true,
    MANAGEMENT_ACCOUNT: true,
    MEMBER_ROLE_PREFIX: true,
    MODE: true,
    POLICY_DIR: true,
    STATE_TABLE: true,
  }),
  process.env,
);

const open = once(async () => {
  const [hub, policy] = await Promise.all([openHub(environment), deployedPolicy(environment)]);
  return { hub, environment, policy };
});

/** Labels a new access key or secret with owner and expiry; delivery is best effort, and the sweep finds the rest. */
export const handler = lambda(birthEventSchema, async ({ detail }) => {
  const { recipientAccountId: accountId, eventName, eventID } = detail;
  const nursery = await open();
  const newborn = await newbornOf(detail, nursery.policy);
  if ('reason' in newborn) {
    logger.info('passed over', { accountId, eventName, eventID, reason: newborn.reason });
    return;
  }
  const outcome = await lookAfter(nursery, accountId, newborn);
  logger.info('newborn', { accountId, eventName, eventID, ...outcome });
  if (outcome.delaySeconds !== undefined) {
    metrics.addMetric(METRICS.birthDelay, 'Seconds', outcome.delaySeconds);
  }
}).use(metered);
