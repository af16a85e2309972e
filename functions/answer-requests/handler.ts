import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { apiHandler } from '../../lib/api/index.ts';
import { messageOf } from '../../lib/domain/error.ts';
import {
  environmentSchema,
  logger,
  once,
  openService,
  readEnvironment,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  environmentSchema.pick({
    ACCOUNTS: true,
    EVENT_BUS_NAME: true,
    EVIDENCE_BUCKET: true,
    HOME_REGION: true,
    HUB_ACCOUNT: true,
    LEDGER_TABLE: true,
    MEMBER_ROLE_PREFIX: true,
    POLICY_DIR: true,
    PROOF_TABLE: true,
    STATE_TABLE: true,
    TICKET_TOKEN_SECRET_ARN: true,
  }),
  process.env,
);

const service = once(() =>
  openService(environment, (what, error) => {
    logger.warn('trouble of nobody who calls', { what, reason: messageOf(error) });
  }),
);

const answer = apiHandler({ service, log: logger });

/** The deployed API, behind API Gateway with IAM authorisation: everything else is the same as `janitor serve`. */
export const handler: typeof answer = (event, context) => {
  logger.addContext(context);
  return answer(event, context);
};
