import type { ApiCaller, Page, planDecisionView, planView } from '../../api/index.ts';
import { type Plan, planState } from '../../domain/account-chains.ts';
import type { Actor } from '../../domain/actor.ts';
import { JanitorError } from '../../domain/error.ts';
import { accountOfPlan } from '../../domain/subject.ts';
import type * as z from '../../domain/zod.ts';
import type { Policy } from '../../policy/index.ts';
import { approvePlan, type PlanDecision, readPlans, rejectPlan } from '../../sweep/index.ts';
import { answeringFor } from './answering-for.ts';
import { decider, insider } from './callers.ts';
import type { ServiceDesk } from './desk.ts';
import { recordingContext } from './recording-context.ts';

type PlanView = z.output<typeof planView>;
type PlanDecisionView = z.output<typeof planDecisionView>;

/** Those that wait for approval. */
export async function listPlans(
  desk: ServiceDesk,
  caller: ApiCaller,
  accountId: string,
): Promise<Page<PlanView>> {
  await insider(desk, caller);
  const now = desk.clock.now();
  const pending = (await readPlans(desk, accountId)).filter((plan) => planState(plan, now) === 'pending');
  return { items: pending.toReversed().map(viewOfPlan) };
}

export async function getPlan(
  desk: ServiceDesk,
  caller: ApiCaller,
  planId: string,
): Promise<PlanDecisionView> {
  await insider(desk, caller);
  const plans = await readPlans(desk, accountOfPlan(planId) ?? '');
  const plan = plans.find((each) => each.planId === planId);
  if (plan === undefined) throw noPlan(planId);
  const remaining = Math.max(0, plan.approvalsNeeded - plan.approvals.length);
  return viewOfDecision({ plan, state: planState(plan, desk.clock.now()), remaining });
}

export async function approveShownPlan(
  desk: ServiceDesk,
  caller: ApiCaller,
  planId: string,
  planHash: string,
): Promise<PlanDecisionView> {
  const { policy, caller: person } = await decider(desk, caller);
  await refuseSponsor(desk, policy, person.actor, planId);
  return viewOfDecision(
    await approvePlan(recordingContext(desk, policy, person.actor), planId, { planHash }),
  );
}

/** What an agent asked for, its sponsor asked for: another member of the group approves it (I11, G20). */
async function refuseSponsor(
  desk: ServiceDesk,
  policy: Policy,
  { person = '' }: Actor,
  planId: string,
): Promise<void> {
  const plans = await readPlans(desk, accountOfPlan(planId) ?? '');
  const frozenBy = plans.find((each) => each.planId === planId)?.frozenBy;
  if (frozenBy === undefined || !answeringFor(policy, frozenBy, desk.clock.now()).includes(person)) return;
  throw new JanitorError(`${person} answers for ${frozenBy.arn}, who asked for ${planId}`, {
    code: 'requester-may-not-approve',
    source: 'policy',
    hint: 'Another member of the group has to approve it.',
  });
}

export async function reject(
  desk: ServiceDesk,
  caller: ApiCaller,
  planId: string,
  reason: string,
): Promise<PlanDecisionView> {
  const { policy, caller: person } = await decider(desk, caller);
  return viewOfDecision(await rejectPlan(recordingContext(desk, policy, person.actor), planId, reason));
}

export function viewOfPlan(plan: Plan): PlanView {
  return { ...plan, items: [...plan.items], approvals: [...plan.approvals] };
}

function viewOfDecision({ plan, state, remaining }: PlanDecision): PlanDecisionView {
  return { plan: viewOfPlan(plan), state, remaining };
}

function noPlan(planId: string): JanitorError {
  return new JanitorError(`there is no ${planId}`, {
    code: 'plan-not-found',
    source: 'user',
    hint: 'A plan id looks like plan/111122223333/4; the sweep that froze it printed it.',
  });
}
