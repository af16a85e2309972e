import { foldPlans, type Plan, planState } from '../../domain/account-chains.ts';
import { actorLabel } from '../../domain/actor.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import { accountOfPlan, subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import {
  type ExplainDependencies,
  type ExplainOptions,
  type Explanation,
  timelineOf,
} from './explanation.ts';
import { notFound } from './not-found.ts';
import { count, day } from './say.ts';

/** Who froze, approved or rejected a plan, what is in it and what came of each step (G1, G2, G10). Throws `not-found`. */
export async function explainPlan(
  { ledger }: Pick<ExplainDependencies, 'ledger'>,
  id: string,
  { now, at = now }: ExplainOptions,
): Promise<Explanation> {
  const account = accountOfPlan(id);
  if (account === undefined) throw notFound(id, at);
  const { events, broken } = await ledger.inspect(subjects.plans(account));
  const ofPlan = events.filter(
    (event) => event.at <= at && 'planId' in event.data && event.data.planId === id,
  );
  const plan = foldPlans(ofPlan)[0];
  if (plan === undefined) throw notFound(id, at);
  const steps = await stepsUnder({ ledger }, ofPlan, id, at);
  const all = [...ofPlan, ...steps.events].sort((a, b) =>
    a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1,
  );
  return {
    schemaVersion: 1,
    kind: 'plan',
    subject: id,
    at,
    summary: summaryOf(plan, at),
    facts: [],
    timeline: timelineOf(all),
    holds: [],
    next: nextOf(plan, at),
    notes: plan.items.map(
      (item) => `${item.step} ${item.credentialId} (rule ${item.rule}): ${item.reasons.join('; ')}`,
    ),
    chainVerified: broken === undefined && steps.intact,
    events: all,
  };
}

/** Intents under the plan and their outcomes, from the chains of the credentials it was frozen with. */
async function stepsUnder(
  { ledger }: Pick<ExplainDependencies, 'ledger'>,
  ofPlan: readonly LedgerEvent[],
  id: string,
  at: Instant,
): Promise<{ readonly events: readonly LedgerEvent[]; readonly intact: boolean }> {
  const frozen = ofPlan.flatMap((event) => (event.type === 'plan.frozen' ? event.data.items : []));
  const events: LedgerEvent[] = [];
  let intact = true;
  for (const credentialId of new Set(frozen.map((item) => item.credentialId))) {
    const chain = await ledger.inspect(subjects.credential(credentialId));
    intact &&= chain.broken === undefined;
    const until = chain.events.filter((event) => event.at <= at);
    const intents = new Set(until.filter((event) => isIntentUnder(event, id)).map((event) => event.seq));
    events.push(...until.filter((event) => intents.has(event.seq) || intents.has(intentOf(event) ?? 0)));
  }
  return { events, intact };
}

function isIntentUnder(event: LedgerEvent, planId: string): boolean {
  return event.type === 'step.intended' && event.data.planId === planId;
}

/** The intent an outcome belongs to. */
export function intentOf(event: LedgerEvent): number | undefined {
  return 'intent' in event.data ? event.data.intent : undefined;
}

function summaryOf(plan: Plan, at: Instant): string {
  const { approvals, approvalsNeeded, approverGroup, items, tier } = plan;
  const what = `${count(items.length, 'step')} of tier ${tier}`;
  const approvers = approvals.map((approval) => actorLabel(approval.actor)).join(' and ');
  switch (planState(plan, at)) {
    case 'pending':
      return `It waits with ${what}: ${approvals.length} of ${count(approvalsNeeded, 'approval')} by group ${approverGroup} given.`;
    case 'approved':
      return `It was approved by ${approvers}: ${what} may run.`;
    case 'rejected':
      return `It was rejected by ${plan.rejectedBy === undefined ? 'somebody' : actorLabel(plan.rejectedBy)}: none of its ${what} will run.`;
    case 'lapsed':
      return `It lapsed on ${day(plan.lapsesAt)}: none of its ${what} will run any more.`;
  }
}

function nextOf(plan: Plan, at: Instant): string {
  switch (planState(plan, at)) {
    case 'pending':
      return `\`janitor approve ${plan.planId}\` by a member of group ${plan.approverGroup} before ${day(plan.lapsesAt)}; otherwise it lapses.`;
    case 'approved':
      return `The next enforcing sweep before ${day(plan.lapsesAt)} runs what still holds, and nothing else.`;
    default:
      return 'Nothing: a new plan is frozen if the findings persist.';
  }
}
