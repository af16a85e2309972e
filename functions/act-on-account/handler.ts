import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { accountIdSchema } from '../../lib/domain/common-schemas.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import * as z from '../../lib/domain/zod.ts';
import {
  accountEnding,
  actingIn,
  actOnAccount,
  contextFor,
  deployedPolicy,
  expectBuckets,
  lambda,
  logger,
  metered,
  metrics,
  once,
  openBucket,
  openDelivery,
  openEverything,
  openHub,
  openMember,
  readEnvironment,
  rotateKeyWith,
  rotatorIn,
  sweepOutcome,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'EVENT_BUS_NAME',
  'EVIDENCE_BUCKET',
  'HOME_REGION',
  'LEDGER_TABLE',
  'MAIL_CONFIGURATION_SET',
  'MAIL_FROM',
  'MANAGEMENT_ACCOUNT',
  'MEMBER_ROLE_PREFIX',
  'MODE',
  'NOTICE_TOPIC_ARN',
  'POLICY_DIR',
  'STATE_TABLE',
  'WORK_BUCKET',
);

const eventSchema = z.strictObject({
  runId: z.string().check(z.minLength(1)),
  accountId: accountIdSchema,
  enforce: z.boolean(),
  allowance: z.int().check(z.nonnegative()),
});

/** Time that is left for notices and the manifest when an invocation stops acting, in milliseconds. */
const MARGIN_MS = 300_000;

const open = once(async () => {
  expectBuckets();
  const [hub, policy] = await Promise.all([openHub(environment), deployedPolicy(environment)]);
  const delivery = openDelivery(environment, (failure) => {
    logger.warn('a copy of a notice was not delivered', { ...failure });
    metrics.addMetric(METRICS.noticeCopiesFailed, 'Count', 1);
  });
  return { hub, everything: openEverything(hub, policy, environment, delivery) };
});

/** Tells owners and does what is due in one account; `continue` asks to be called again with the same event. */
export const handler = lambda(
  eventSchema,
  async ({ runId, accountId, enforce, allowance }, { remaining }) => {
    const { hub, everything } = await open();
    const store = openBucket(environment.HOME_REGION, environment.WORK_BUCKET);
    const ended = accountEnding({ store, runId, phase: 'acted', newId: hub.newId });
    const access = { ...environment, accountId, sessionName: `act-${runId}` };
    const opened = await openMember(hub, access);
    if (!opened.ok) return ended({ accountId, status: 'unreachable', reason: opened.reason });
    const mayAct = environment.MODE === 'enforce' && accountId !== environment.MANAGEMENT_ACCOUNT;
    try {
      const acting = mayAct ? actingIn(hub, access) : undefined;
      const { clients } = opened;
      const rotateKey = mayAct
        ? rotateKeyWith({ ...everything, pause: clients.pause }, rotatorIn(hub, access))
        : undefined;
      const acted = await actOnAccount(contextFor(everything, { accountId, clients, acting, rotateKey }), {
        enforce,
        allowance,
        workspace: { store, runId },
        mayGoOn: () => remaining() > MARGIN_MS,
      });
      if (acted.status === 'continue') return { accountId, status: acted.status };
      if (acted.status === 'undecided') {
        return await ended({
          accountId,
          status: 'skipped',
          reason: 'another policy was deployed since it was decided',
        });
      }
      metrics.addMetric(METRICS.accountsSwept, 'Count', 1);
      return await ended({ accountId, status: acted.status, sweep: sweepOutcome(acted.sweep) });
    } finally {
      opened.clients.close();
    }
  },
).use(metered);
