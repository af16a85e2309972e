import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { messageOf } from '../../lib/domain/error.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import {
  lambda,
  logger,
  metered,
  metrics,
  once,
  openReconciler,
  readEnvironment,
  reconcileEventSchema,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'EVENT_BUS_NAME',
  'EVIDENCE_BUCKET',
  'GRANT_DEAD_LETTER_ARN',
  'GRANT_SCHEDULE_GROUP',
  'GRANT_SCHEDULE_ROLE_ARN',
  'HOME_REGION',
  'HUB_ACCOUNT',
  'LEDGER_TABLE',
  'MAIL_CONFIGURATION_SET',
  'MAIL_FROM',
  'MEMBER_ROLE_PREFIX',
  'NOTICE_TOPIC_ARN',
  'ORGANIZATION_ID',
  'OWN_SECRETS',
  'POLICY_DIR',
  'RECONCILE_FUNCTION_ARN',
  'STACK_NAME',
  'STATE_TABLE',
);

const open = once(() =>
  openReconciler(environment, (what, error) => {
    logger.warn('not done yet', { what, reason: messageOf(error) });
  }),
);

/** Ends grants at their end and whatever is left of them, follows what they did, and records use without one. */
export const handler = lambda(reconcileEventSchema, async (event) => {
  const reconciler = await open();
  if ('end' in event) {
    const grantId = String(event.end);
    logger.info('end', { grantId, outcome: await reconciler.end(grantId) });
    return;
  }
  if ('detail' in event) {
    const found = await reconciler.detected(event);
    const isNew = found.outcome === 'incident' && found.recorded;
    logger.info('CloudTrail tells', { outcome: found.outcome, isNew });
    if (isNew) metrics.addMetric(METRICS.breakGlassIncidents, 'Count', 1);
    return;
  }
  const round = await reconciler.round();
  logger.info('round', { ...round });
  metrics.addMetric(METRICS.breakGlassDrift, 'Count', round.drifted.length);
  metrics.addMetric(METRICS.grantsEnding, 'Count', round.ending.length);
  metrics.addMetric(METRICS.grantsNotReconciled, 'Count', Object.keys(round.failed).length);
}).use(metered);
