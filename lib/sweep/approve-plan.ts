import { foldPlans, type Plan, type PlanState, planState } from '../domain/account-chains.ts';
import { actorLabel, sameActor } from '../domain/actor.ts';
import { ASKED_FOR } from '../domain/asked-for.ts';
import { JanitorError } from '../domain/error.ts';
import type { EventDraft } from '../domain/event.ts';
import { accountOfPlan, subjects } from '../domain/subject.ts';
import { membersOf } from '../policy/index.ts';
import { appendDeciding } from './append.ts';
import type { RecordingContext } from './context.ts';
import { plainFields } from './draft.ts';
import { readPlans } from './plans.ts';

export interface PlanDecision {
  readonly plan: Plan;
  readonly state: PlanState;
  /** Approvals still missing. */
  readonly remaining: number;
}

/** What somebody approves, as it was shown to them. */
interface Shown {
  /** Absent where the plan itself was shown right before. */
  readonly planHash?: string;
  /** An approval that the same person gave before is given; nothing is recorded again. */
  readonly isRepeatable?: boolean;
}

/**
 * Records one approval of a frozen plan by the caller, as it was shown; the next sweep executes it (G10, I11).
 * @throws JanitorError `plan-not-found`, `plan-changed`, or with source `policy`: `not-an-approver`,
 * `requester-may-not-approve`, `already-approved`, `plan-not-pending`.
 */
export async function approvePlan(
  context: RecordingContext,
  planId: string,
  { planHash: shown, isRepeatable = false }: Shown = {},
): Promise<PlanDecision> {
  return decide(context, planId, (plan) => {
    if (shown !== undefined && shown !== plan.planHash) throw changed(plan);
    refuseRequester(context, plan);
    if (plan.approvals.some((approval) => sameActor(approval.actor, context.actor))) {
      if (isRepeatable) return undefined;
      throw refused(
        'already-approved',
        `${actorLabel(context.actor)} has approved ${planId} before`,
        'Another person has to approve it.',
      );
    }
    return { ...plainFields(context), type: 'plan.approved', data: { planId, planHash: plan.planHash } };
  });
}

/** Records that a plan is rejected: its steps stay undone until the plan would have lapsed. Errors as `approvePlan`. */
export async function rejectPlan(
  context: RecordingContext,
  planId: string,
  reason: string,
): Promise<PlanDecision> {
  return decide(context, planId, () => ({
    ...plainFields(context),
    type: 'plan.rejected',
    reason,
    data: { planId },
  }));
}

async function decide(
  context: RecordingContext,
  planId: string,
  draft: (plan: Plan) => EventDraft | undefined,
): Promise<PlanDecision> {
  const accountId = accountOfPlan(planId);
  if (accountId === undefined) throw notFound(planId);
  await appendDeciding(context.ledger, subjects.plans(accountId), (events) => {
    const plan = foldPlans(events).find((candidate) => candidate.planId === planId);
    if (plan === undefined) throw notFound(planId);
    refuseUnfit(context, plan);
    return draft(plan);
  });
  const plan = (await readPlans(context, accountId)).find((candidate) => candidate.planId === planId);
  if (plan === undefined) throw notFound(planId);
  return {
    plan,
    state: planState(plan, context.clock.now()),
    remaining: Math.max(0, plan.approvalsNeeded - plan.approvals.length),
  };
}

function refuseUnfit(context: RecordingContext, plan: Plan): void {
  const state = planState(plan, context.clock.now());
  if (state === 'rejected' || state === 'lapsed') {
    throw refused(
      'plan-not-pending',
      `${plan.planId} is ${state}`,
      'The next sweep freezes a new plan for what is still due.',
    );
  }
  const { actor, policy } = context;
  if (
    actor.kind !== 'person' ||
    actor.person === undefined ||
    !membersOf(policy, plan.approverGroup, context.clock.now()).includes(actor.person)
  ) {
    throw refused(
      'not-an-approver',
      `${actorLabel(actor)} is not a person of group ${plan.approverGroup}, who decide about ${plan.planId}`,
      'Ask a member of the group; people and their principals are listed in directory.yaml.',
    );
  }
}

function refuseRequester(context: RecordingContext, plan: Plan): void {
  if (!sameActor(plan.frozenBy, context.actor)) return;
  throw refused(
    'requester-may-not-approve',
    `${actorLabel(context.actor)} ${roleIn(plan)} ${plan.planId} and may not approve it`,
    'Another member of the group has to approve it.',
  );
}

function roleIn({ items }: Plan): string {
  return items.some(({ rule }) => rule === ASKED_FOR) ? 'asked for' : 'ran the sweep that froze';
}

function refused(code: string, message: string, hint: string): JanitorError {
  return new JanitorError(message, { code, source: 'policy', hint });
}

function changed({ planId, planHash }: Plan): JanitorError {
  return new JanitorError(`what was shown is not ${planId}, whose hash is ${planHash}`, {
    code: 'plan-changed',
    source: 'user',
    hint: 'Read the plan again, and approve what it says.',
  });
}

function notFound(planId: string): JanitorError {
  return new JanitorError(`there is no ${planId.startsWith('plan/') ? planId : `plan "${planId}"`}`, {
    code: 'plan-not-found',
    source: 'user',
    hint: 'A plan id looks like plan/111122223333/4; the sweep that froze it printed it.',
  });
}
