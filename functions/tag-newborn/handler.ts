import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import {
  birthEventSchema,
  deployedPolicy,
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
  process.env,
  'HOME_REGION',
  'LEDGER_TABLE',
  'MANAGEMENT_ACCOUNT',
  'MEMBER_ROLE_PREFIX',
  'MODE',
  'POLICY_DIR',
  'STATE_TABLE',
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
