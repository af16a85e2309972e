import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { breakGlassHandler } from '../../lib/api/index.ts';
import { messageOf } from '../../lib/domain/error.ts';
import { logger, once, openBroker, readEnvironment } from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'ACCOUNTS',
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
  'ON_CALL_TOKEN_SECRET_ARN',
  'POLICY_DIR',
  'RECONCILE_FUNCTION_ARN',
  'STATE_TABLE',
);

const service = once(() =>
  openBroker(environment, (what, error) => {
    logger.warn('trouble of nobody who calls', { what, reason: messageOf(error) });
  }),
);

// While Lambda starts the process, before anybody waits; what fails is opened again by the first call.
if (process.env.AWS_LAMBDA_INITIALIZATION_TYPE !== undefined) service().catch(() => {});

const answer = breakGlassHandler({ service, log: logger });

/** The broker, behind the same API as everything else, as the one principal that break-glass roles trust. */
export const handler: typeof answer = (event, context) => {
  logger.addContext(context);
  return answer(event, context);
};
