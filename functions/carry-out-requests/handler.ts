import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { messageOf } from '../../lib/domain/error.ts';
import {
  carryOutEventSchema,
  environmentSchema,
  lambda,
  logger,
  once,
  openCarryOut,
  readEnvironment,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  environmentSchema.pick({
    EVENT_BUS_NAME: true,
    EVIDENCE_BUCKET: true,
    HOME_REGION: true,
    LEDGER_TABLE: true,
    MAIL_CONFIGURATION_SET: true,
    MAIL_FROM: true,
    MEMBER_ROLE_PREFIX: true,
    NOTICE_TOPIC_ARN: true,
    POLICY_DIR: true,
    STATE_TABLE: true,
  }),
  process.env,
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
