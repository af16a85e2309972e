import type { Plan } from '../../domain/account-chains.ts';
import type { PlanDecision } from '../../wiring/index.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { counted, printable, shortInstant } from './text.ts';

/** A decision about a plan as JSON. */
export function planDocument({ plan, state, remaining }: PlanDecision): Record<string, unknown> {
  const { planId, planHash, accountId, tier, lapsesAt, approvalsNeeded, approverGroup, items, approvals } =
    plan;
  return {
    planId,
    planHash,
    accountId,
    tier,
    state,
    lapsesAt,
    approvalsNeeded,
    approverGroup,
    approvals,
    remaining,
    items,
  };
}

/** What was decided, what it allows, and what comes next. */
export function planText(decision: PlanDecision, style: Style, width: number): string {
  const { plan, state, remaining } = decision;
  const head = `${style.bold(plan.planId)}  ${state}, ${counted(plan.items.length, `${plan.tier} step`)}`;
  return [head, itemTable(plan, style, width), nextOf(plan, state, remaining)].join('\n');
}

function itemTable(plan: Plan, style: Style, width: number): string {
  return renderTable({
    columns: [
      { title: 'STEP', size: 'fit' },
      { title: 'RULE', size: 'fit' },
      { title: 'WHY', size: 'flex' },
    ],
    idTitle: 'CREDENTIAL',
    rows: plan.items.map((item) => ({
      id: item.credentialId,
      cells: [item.step, item.rule, item.reasons.map(printable).join(' ')],
    })),
    width,
    title: style.dim,
  });
}

function nextOf(plan: Plan, state: PlanDecision['state'], remaining: number): string {
  if (state === 'approved')
    return 'The next sweep runs what is still due of it, within the limits, and nothing else.';
  if (state === 'pending')
    return `${counted(remaining, 'more approval')} of group ${plan.approverGroup} needed by ${shortInstant(plan.lapsesAt)}.`;
  return 'None of its steps will run.';
}
