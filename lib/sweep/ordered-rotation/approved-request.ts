import { foldPlans, type Plan } from '../../domain/account-chains.ts';
import { type Actor, sameActor } from '../../domain/actor.ts';
import type { Approval } from '../../domain/event.ts';
import type { Tier } from '../../domain/step.ts';
import { subjects } from '../../domain/subject.ts';
import { appendDeciding } from '../append.ts';
import type { RecordingContext } from '../context.ts';
import { plainFields } from '../draft.ts';

/** A request that was approved, or pre-approved, with what the policy demanded of it. */
export interface ApprovedRequest {
  readonly requestId: string;
  /** Who asked first. */
  readonly by: Actor;
  readonly tier: Tier;
  readonly approvalsNeeded: number;
  readonly approverGroup?: string;
  readonly approvals: readonly Approval[];
}

/** Puts each approval of a request on its plan, in the name of who gave it; once, however often. */
export async function carryApprovalsOver(
  context: RecordingContext,
  { planId, accountId, planHash }: Pick<Plan, 'planId' | 'accountId' | 'planHash'>,
  { requestId, approvals }: Pick<ApprovedRequest, 'requestId' | 'approvals'>,
): Promise<void> {
  for (const { actor, at } of approvals) {
    await appendDeciding(context.ledger, subjects.plans(accountId), (events) => {
      const plan = foldPlans(events).find((each) => each.planId === planId);
      if (plan?.approvals.some((approval) => sameActor(approval.actor, actor)) !== false) return undefined;
      return {
        ...plainFields(context),
        actor,
        type: 'plan.approved',
        reason: `by approving request ${requestId} on ${at}`,
        data: { planId, planHash },
      };
    });
  }
}
