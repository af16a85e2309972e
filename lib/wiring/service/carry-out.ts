import { foldPlans, planState } from '../../domain/account-chains.ts';
import { foldRequest } from '../../domain/request.ts';
import { accountOfPlan, subjects } from '../../domain/subject.ts';
import type { Policy } from '../../policy/index.ts';
import { executeRequest } from '../../requests/index.ts';
import { orderRotation } from '../../sweep/index.ts';
import { orderingContext } from '../ordering-context.ts';
import { aboutAsk, requestsContext } from './about.ts';
import type { CarryOutOrder, WorkDesk } from './desk.ts';
import { effectOf } from './effects.ts';

/**
 * Carries out what was approved, and nothing else: an order is only an id, and what it names is read from its chain. The
 * same order again changes nothing that is done (I6). Throws what keeps it from being carried out now; what was begun is
 * taken up again until its time is over.
 */
export async function carryOutWith(desk: WorkDesk, order: CarryOutOrder): Promise<void> {
  const policy = await desk.policyInForce();
  if (order.kind === 'rotation') return carryOutRotation(desk, policy, order.planId);
  const { requestId } = order;
  const request = foldRequest(await desk.ledger.chain(subjects.request(requestId)));
  if (request === undefined) return;
  const context = requestsContext(desk, policy, await aboutAsk(desk, request.content.ask));
  const effect = effectOf(desk, policy, context);
  await executeRequest(context, { requestId, actor: desk.self, effect });
}

async function carryOutRotation(desk: WorkDesk, policy: Policy, planId: string): Promise<void> {
  const accountId = accountOfPlan(planId);
  if (accountId === undefined) return;
  const events = await desk.ledger.chain(subjects.plans(accountId));
  const frozen = events.find((event) => event.type === 'plan.frozen' && event.data.planId === planId);
  const plan = foldPlans(events).find((each) => each.planId === planId);
  const [item] = plan?.items ?? [];
  if (plan === undefined || item?.step !== 'rotate') return;
  if (frozen?.type !== 'plan.frozen' || frozen.data.frozenBecause !== 'asked') return;
  if (planState(plan, desk.clock.now()) !== 'approved') return;
  const session = { accountId, purpose: 'rotate', policy, actor: desk.self } as const;
  await desk.inAccount(session, (context, rotator) =>
    orderRotation(orderingContext(context, rotator), item.credentialId, {
      reason: frozen.reason ?? '',
      planId,
    }),
  );
}
