import { foldPlans, type Plan, planState } from '../domain/account-chains.ts';
import type { PlanItem } from '../domain/event-data.ts';
import type { StepKind } from '../domain/step.ts';
import { planId, subjects } from '../domain/subject.ts';
import { durationMs, plus } from '../domain/time.ts';
import { approvalFor } from '../policy/index.ts';
import { appendDeciding } from './append.ts';
import type { Candidate } from './candidate.ts';
import type { RecordingContext, SweepContext } from './context.ts';
import { plainFields, recordable } from './draft.ts';
import type { FrozenPlanSummary } from './result.ts';

/** Items of one plan: enough for an approver to read, small enough for one ledger item (400 KB). */
export const PLAN_ITEMS = 100;

interface StepPlace {
  readonly credentialId: string;
  readonly rule: string;
  readonly step: StepKind;
}

function isItem(item: PlanItem, place: StepPlace): boolean {
  return item.credentialId === place.credentialId && item.rule === place.rule && item.step === place.step;
}

/** All plans of an account, read strongly from their chain. */
export async function readPlans(
  context: Pick<RecordingContext, 'ledger'>,
  accountId: string,
): Promise<Plan[]> {
  return foldPlans(await context.ledger.chain(subjects.plans(accountId)));
}

/** The newest plan that contains a step and has not lapsed. A rejected one stands until it would have lapsed. */
export function planOf(plans: readonly Plan[], place: StepPlace, now: string): Plan | undefined {
  return plans.findLast(
    (plan) =>
      now < plan.lapsesAt &&
      planState(plan, now) !== 'lapsed' &&
      plan.items.some((item) => isItem(item, place)),
  );
}

/** Records the lapse of pending plans whose end has come; they are powerless with or without it (I14). */
export async function lapsePlans(context: SweepContext): Promise<void> {
  const now = context.clock.now();
  for (;;) {
    const event = await appendDeciding(context.ledger, subjects.plans(context.accountId), (events) => {
      const over = foldPlans(events).find(
        (p) => !p.lapsed && p.rejectedBy === undefined && now >= p.lapsesAt,
      );
      return over === undefined
        ? undefined
        : { ...plainFields(context), type: 'plan.lapsed', data: { planId: over.planId } };
    });
    if (event === undefined) return;
  }
}

/** Records that an item left a plan because it is no longer what was approved. Nothing is ever added. */
export async function dropItem(
  context: SweepContext,
  plan: Plan,
  place: StepPlace,
  reason: string,
): Promise<void> {
  await appendDeciding(context.ledger, subjects.plans(context.accountId), (events) => {
    const current = foldPlans(events).find((candidate) => candidate.planId === plan.planId);
    if (current?.items.some((item) => isItem(item, place)) !== true) return undefined;
    const { credentialId, rule, step } = place;
    return {
      ...plainFields(context),
      type: 'plan.item-dropped',
      reason: recordable(reason),
      data: { planId: plan.planId, credentialId, rule, step },
    };
  });
}

/** Freezes steps that wait for people into plans, one tier each; returns what was frozen. */
export async function freeze(
  context: SweepContext,
  candidates: readonly Candidate[],
  because: 'tier' | 'cap',
): Promise<FrozenPlanSummary[]> {
  const summaries: FrozenPlanSummary[] = [];
  for (const tier of ['guarded', 'critical'] as const) {
    const ofTier = candidates.filter(
      (c) => (c.finding.tier === 'critical' ? 'critical' : 'guarded') === tier,
    );
    for (let from = 0; from < ofTier.length; from += PLAN_ITEMS) {
      const summary = await freezeOne(context, ofTier.slice(from, from + PLAN_ITEMS), tier, because);
      if (summary !== undefined) summaries.push(summary);
    }
  }
  return summaries;
}

async function freezeOne(
  context: SweepContext,
  candidates: readonly Candidate[],
  tier: 'guarded' | 'critical',
  because: 'tier' | 'cap',
): Promise<FrozenPlanSummary | undefined> {
  const { accountId } = context;
  const approval = approvalFor(context.policy, tier);
  const now = context.clock.now();
  const lapsesAt = plus(now, durationMs(context.policy.document.plans.validFor));
  const items = candidates.map(itemOf);
  const event = await appendDeciding(context.ledger, subjects.plans(accountId), (events) => ({
    ...plainFields(context),
    type: 'plan.frozen',
    expiresAt: lapsesAt,
    reason: because === 'cap' ? 'The daily limit of this account is reached.' : `These steps are ${tier}.`,
    data: {
      planId: planId(accountId, events.length + 1),
      accountId,
      tier,
      frozenBecause: because,
      items,
      approvalsNeeded: approval.quorum,
      approverGroup: approval.group,
    },
  }));
  if (event?.type !== 'plan.frozen') return undefined;
  return {
    planId: event.data.planId,
    tier,
    because,
    items: items.length,
    approvalsNeeded: approval.quorum,
    approverGroup: approval.group,
    lapsesAt,
  };
}

function itemOf({ credential, finding, step }: Candidate): PlanItem {
  return {
    credentialId: credential.id,
    kind: credential.kind,
    rule: finding.rule,
    ruleHash: finding.ruleHash,
    step,
    tier: finding.tier ?? 'guarded',
    reasons: finding.reasons.map(recordable),
  };
}
