import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { messageOf } from '../../lib/domain/error.ts';
import {
  carryOutEventSchema,
  lambda,
  logger,
  once,
  openCarryOut,
  readEnvironment,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'EVENT_BUS_NAME',
  'EVIDENCE_BUCKET',
  'HOME_REGION',
  'LEDGER_TABLE',
  'MAIL_CONFIGURATION_SET',
  'MAIL_FROM',
  'MEMBER_ROLE_PREFIX',
  'NOTICE_TOPIC_ARN',
  'POLICY_DIR',
  'STATE_TABLE',
);

const open = once(() =>
  openCarryOut(environment, (what, error) => {
    logger.warn('not carried out yet', { what, reason: messageOf(error) });
  }),
);

/** Carries out what was approved when the bus says so, and every few minutes whatever is open. */
export const handler = lambda(carryOutEventSchema, async (event) => {
  const { carryOut, reconcile } = await open();
  if ('reconcile' in event) return reconcile();
  await carryOut(event.detail);
  logger.info('carried out', { ...event.detail });
});
