import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { breakGlassHandler } from '../../lib/api/index.ts';
import { messageOf } from '../../lib/domain/error.ts';
import {
  environmentSchema,
  logger,
  once,
  openBroker,
  readEnvironment,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  environmentSchema.pick({
    ACCOUNTS: true,
    EVENT_BUS_NAME: true,
    EVIDENCE_BUCKET: true,
    GRANT_DEAD_LETTER_ARN: true,
    GRANT_SCHEDULE_GROUP: true,
    GRANT_SCHEDULE_ROLE_ARN: true,
    HOME_REGION: true,
    HUB_ACCOUNT: true,
    LEDGER_TABLE: true,
    MAIL_CONFIGURATION_SET: true,
    MAIL_FROM: true,
    MEMBER_ROLE_PREFIX: true,
    NOTICE_TOPIC_ARN: true,
    ON_CALL_TOKEN_SECRET_ARN: true,
    POLICY_DIR: true,
    RECONCILE_FUNCTION_ARN: true,
    STATE_TABLE: true,
  }),
  process.env,
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
