import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { apiHandler } from '../../lib/api/index.ts';
import { messageOf } from '../../lib/domain/error.ts';
import {
  deployedDocument,
  logger,
  once,
  openService,
  readEnvironment,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'ACCOUNTS',
  'EVENT_BUS_NAME',
  'EVIDENCE_BUCKET',
  'HOME_REGION',
  'HUB_ACCOUNT',
  'LEDGER_TABLE',
  'MEMBER_ROLE_PREFIX',
  'POLICY_DIR',
  'PROOF_TABLE',
  'STATE_TABLE',
  'TICKET_TOKEN_SECRET_ARN',
);

const service = once(() =>
  openService(environment, (what, error) => {
    logger.warn('trouble of nobody who calls', { what, reason: messageOf(error) });
  }),
);

const answer = apiHandler({ service, log: logger, document: deployedDocument });

/** The deployed API, behind API Gateway with IAM authorisation: everything else is the same as `janitor serve`. */
export const handler: typeof answer = (event, context) => {
  logger.addContext(context);
  return answer(event, context);
};
