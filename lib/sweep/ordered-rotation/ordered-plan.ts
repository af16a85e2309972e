import { foldPlans, type Plan } from '../../domain/account-chains.ts';
import { actorLabel } from '../../domain/actor.ts';
import { ASKED_FOR } from '../../domain/asked-for.ts';
import { taggedHash } from '../../domain/canonical.ts';
import { JanitorError } from '../../domain/error.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import type { PlanItem } from '../../domain/event-data.ts';
import { knownValue } from '../../domain/fact.ts';
import { planId, subjects } from '../../domain/subject.ts';
import { durationMs, type Instant, plus } from '../../domain/time.ts';
import { approvalFor } from '../../policy/index.ts';
import { appendDeciding } from '../append.ts';
import { plainFields, recordable } from '../draft.ts';
import { planOf, readPlans } from '../plans.ts';
import { rotationToken } from '../rotation/token.ts';
import { type ApprovedRequest, carryApprovalsOver } from './approved-request.ts';
import { type Destination, describeDestination } from './destination.ts';
import type { KeyToRotate } from './key-to-rotate.ts';
import type { PlanningContext } from './ordering-context.ts';

const TIER = 'guarded';

/** What is wanted: why, and by which approved request or in which plan, where there is one. */
export interface RotationWish {
  readonly reason: string;
  readonly request?: ApprovedRequest;
  /** Only this plan is carried out, and none is frozen. */
  readonly planId?: string;
}

/**
 * The open plan for exactly this rotation; freezes one where there is none. An approval binds to the key and to where
 * the new one goes, reader included: when the policy names another, it takes another approval (G10). A request that was
 * approved has a plan of its own, which its approvers have approved by that.
 */
export async function planFor(
  context: PlanningContext,
  key: KeyToRotate,
  into: Destination,
  wish: RotationWish,
): Promise<Plan> {
  const item = itemFor(context, key, into, wish);
  if (wish.planId === undefined) await freeze(context, key, item, wish);
  const plan = await standingPlan(context, item);
  if (plan === undefined || (wish.planId ?? plan.planId) !== plan.planId) throw lost(key);
  if (wish.request === undefined) return plan;
  await carryApprovalsOver(context, plan, wish.request);
  return (await planAnew(context, plan)) ?? plan;
}

async function freeze(
  context: PlanningContext,
  key: KeyToRotate,
  item: PlanItem,
  { reason, request }: RotationWish,
): Promise<void> {
  const { accountId, clock, policy } = context;
  const { group, quorum } = approvalFor(policy, TIER);
  await appendDeciding(context.ledger, subjects.plans(accountId), (events) => {
    if (standing(events, item, clock.now()) !== undefined) return undefined;
    refuseUnderWay(key);
    return {
      ...plainFields(context),
      ...(request === undefined ? {} : { actor: request.by }),
      type: 'plan.frozen',
      expiresAt: plus(clock.now(), durationMs(policy.document.plans.validFor)),
      reason,
      data: {
        planId: planId(accountId, events.length + 1),
        accountId,
        tier: item.tier,
        frozenBecause: 'asked',
        items: [item],
        approvalsNeeded: request?.approvalsNeeded ?? quorum,
        approverGroup: request?.approverGroup ?? group,
      },
    };
  });
}

async function standingPlan(context: PlanningContext, item: PlanItem): Promise<Plan | undefined> {
  const events = await context.ledger.chain(subjects.plans(context.accountId));
  return standing(events, item, context.clock.now());
}

/** The plan as it stands now: people may have rejected it, or it may have lapsed. */
export async function planAnew(context: PlanningContext, { planId: id }: Plan): Promise<Plan | undefined> {
  return (await readPlans(context, context.accountId)).find((each) => each.planId === id);
}

/** Id of the rotation of a plan: asking again after a crash takes the same one up. */
export function tokenOf({ planHash }: Plan): string {
  return rotationToken(planHash);
}

function standing(events: readonly LedgerEvent[], item: PlanItem, now: string): Plan | undefined {
  const same = foldPlans(events).filter(({ items }) =>
    items.some((each) => each.credentialId === item.credentialId && each.ruleHash === item.ruleHash),
  );
  return planOf(same, item, now);
}

function itemFor(
  { actor }: PlanningContext,
  { credential }: KeyToRotate,
  into: Destination,
  { reason, request }: RotationWish,
): PlanItem {
  const { id, facts } = credential;
  const used = knownValue(facts.lastUsedAt ?? { unknown: 'not read' });
  const use =
    used === null ? 'never used' : `last used on ${used === undefined ? 'an unknown day' : minute(used)}`;
  return {
    credentialId: id,
    kind: 'access-key',
    rule: ASKED_FOR,
    ruleHash: taggedHash('credential-janitor/ordered-rotation/v1', {
      id,
      into,
      ...(request === undefined ? {} : { requestId: request.requestId }),
    }),
    step: 'rotate',
    tier: request?.tier ?? TIER,
    reasons: [
      `${actorLabel(request?.by ?? actor)} asked for it: ${reason.replace(/\.$/, '')}.`,
      `${describeDestination(into)}.`,
      `This one, ${use}, stays active until it has shown disuse.`,
    ].map(recordable),
  };
}

/** `2026-01-31 09:00 UTC` */
function minute(instant: Instant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

function refuseUnderWay({ credential, history: { rotation } }: KeyToRotate): void {
  if (rotation?.state !== 'begun') return;
  throw new JanitorError(
    `rotation ${rotation.rotationId} of ${credential.id}, begun on ${rotation.begunAt}, has not finished`,
    {
      code: 'rotation-under-way',
      source: 'policy',
      hint: `"janitor explain ${credential.id}" shows where it stands; the next sweep looks after it.`,
    },
  );
}

function lost({ credential }: KeyToRotate): JanitorError {
  return new JanitorError(`the plan for ${credential.id} was closed while it was read`, {
    code: 'changed-meanwhile',
    source: 'system',
    hint: 'Run the command again.',
  });
}
