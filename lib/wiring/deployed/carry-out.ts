import { requestIdSchema } from '../../domain/request-events.ts';
import { accountOfPlan } from '../../domain/subject.ts';
import * as z from '../../domain/zod.ts';
import { rotateKeyWith } from '../rotate-key.ts';
import { carryOutWith } from '../service/carry-out.ts';
import type { CarryOutOrder } from '../service/desk.ts';
import { reconcile } from '../service/reconcile.ts';
import { tellBy } from '../service/tell-by.ts';
import { openEverything } from './account-work.ts';
import { openDelivery } from './delivery.ts';
import type { Environment } from './environment.ts';
import { openHub } from './hub.ts';
import { deployedPolicy } from './policy.ts';
import { deployedWork } from './service-work.ts';

const order: z.ZodMiniType<CarryOutOrder> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('request'), requestId: requestIdSchema }),
  z.strictObject({
    kind: z.literal('rotation'),
    planId: z.string().check(z.refine((id) => accountOfPlan(id) !== undefined, { error: 'names no plan' })),
  }),
]);

/** What the hub's bus says was approved (other fields of the event do not matter), or the schedule's word. */
export const carryOutEventSchema = z.union([
  z.strictObject({ reconcile: z.literal(true) }),
  z.object({
    source: z.literal('credential-janitor'),
    'detail-type': z.literal('RequestApproved'),
    detail: order,
  }),
]);

type CarryOutVariables = Pick<
  Environment,
  | 'EVENT_BUS_NAME'
  | 'EVIDENCE_BUCKET'
  | 'HOME_REGION'
  | 'LEDGER_TABLE'
  | 'MAIL_CONFIGURATION_SET'
  | 'MAIL_FROM'
  | 'MEMBER_ROLE_PREFIX'
  | 'NOTICE_TOPIC_ARN'
  | 'POLICY_DIR'
  | 'STATE_TABLE'
>;

interface CarryOut {
  /** Throws what keeps it from being carried out now; the schedule tries again. */
  readonly carryOut: (order: CarryOutOrder) => Promise<void>;
  readonly reconcile: () => Promise<void>;
}

/** What carries out in the hub; opened once per process. `report` hears of trouble that keeps nothing else. */
export async function openCarryOut(
  environment: CarryOutVariables,
  report: (what: string, error: unknown) => void,
): Promise<CarryOut> {
  const [hub, policy] = await Promise.all([openHub(environment), deployedPolicy(environment)]);
  const delivery = openDelivery(environment, (failure) => report('a copy of a notice', failure));
  const everything = openEverything(hub, policy, environment, delivery);
  const work = deployedWork(hub, environment, everything, report, rotateKeyWith);
  const desk = { ...work, tell: tellBy(work, delivery) };
  return { carryOut: (given) => carryOutWith(desk, given), reconcile: () => reconcile(desk) };
}
