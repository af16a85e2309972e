import '../../lib/wiring/deployed/interpreted-schemas.ts';
import { METRICS } from '../../lib/domain/metric.ts';
import {
  accountEnding,
  contextFor,
  decideAccount,
  deployedPolicy,
  expectBuckets,
  lambda,
  memberSchema,
  metered,
  metrics,
  once,
  openBucket,
  openEverything,
  openHub,
  openMember,
  readEnvironment,
  sweepOutcome,
  undeliverable,
} from '../../lib/wiring/deployed/index.ts';

const environment = readEnvironment(
  process.env,
  'EVIDENCE_BUCKET',
  'HOME_REGION',
  'LEDGER_TABLE',
  'MEMBER_ROLE_PREFIX',
  'POLICY_DIR',
  'STATE_TABLE',
  'TICKET_TOKEN_SECRET_ARN',
  'WORK_BUCKET',
);

/** Time that is left to pause in when an invocation stops reading, in milliseconds. */
const MARGIN_MS = 120_000;

const open = once(async () => {
  expectBuckets();
  const [hub, policy] = await Promise.all([openHub(environment), deployedPolicy(environment)]);
  const delivery = undeliverable('unknown', 'the function that acts finishes what was begun');
  return { hub, everything: openEverything(hub, policy, environment, delivery) };
});

/** Reads one account and decides; `continue` asks to be called again with the same event. */
export const handler = lambda(memberSchema, async ({ runId, accountId, enforce, member }, { remaining }) => {
  const { hub, everything } = await open();
  const store = openBucket(environment.HOME_REGION, environment.WORK_BUCKET);
  const ended = accountEnding({ store, runId, phase: 'decided', newId: hub.newId });
  if (member !== 'ACTIVE') {
    return ended({ accountId, status: 'skipped', reason: `its state in the organisation is ${member}` });
  }
  const opened = await openMember(hub, { ...environment, accountId, sessionName: `decide-${runId}` });
  if (!opened.ok) return ended({ accountId, status: 'unreachable', reason: opened.reason });
  try {
    const context = contextFor(everything, { accountId, clients: opened.clients, acting: refuseToAct });
    const decided = await decideAccount(context, {
      enforce,
      workspace: { store, runId },
      mayGoOn: () => remaining() > MARGIN_MS,
    });
    if (decided.status === 'continue') return { accountId, status: decided.status };
    if (decided.status === 'decided') {
      return await ended({ accountId, status: decided.status, demand: decided.demand });
    }
    metrics.addMetric(METRICS.accountsSwept, 'Count', 1);
    return await ended({ accountId, status: decided.status, sweep: sweepOutcome(decided.sweep) });
  } finally {
    opened.clients.close();
  }
}).use(metered);

/** Deciding never acts; what is due is decided as if this process could. */
async function refuseToAct() {
  return { ok: false as const, code: 'observe-only', reason: 'this function decides only' };
}
