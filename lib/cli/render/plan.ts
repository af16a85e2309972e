import type { Plan } from '../../domain/account-chains.ts';
import { ASKED_FOR } from '../../domain/asked-for.ts';
import type { PlanDecision } from '../../wiring/index.ts';
import { handleOfId } from './handle.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { counted, shortInstant } from './text.ts';

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
export function planText(
  decision: PlanDecision,
  style: Style,
  width: number,
  shown = Number.POSITIVE_INFINITY,
): string {
  const { plan, state, remaining } = decision;
  const head = `${style.bold(plan.planId)}  ${state}, ${counted(plan.items.length, `${plan.tier} step`)}`;
  return [head, ...itemTable(plan, shown, style, width), nextOf(plan, state, remaining)].join('\n');
}

/** Each step with the evidence it was frozen on: this is what is approved. */
function itemTable({ items }: Plan, shown: number, style: Style, width: number): string[] {
  const table = renderTable({
    columns: [
      { title: 'STEP', size: 'fit' },
      { title: 'RULE', size: 'fit' },
      { title: 'USER OR REGION', size: 'fit' },
    ],
    idTitle: 'CREDENTIAL',
    rows: items.slice(0, shown).map(({ credentialId, step, rule, reasons }) => {
      const { handle, place } = handleOfId(credentialId);
      return { id: handle, cells: [step, rule, place], note: reasons.join('; ') };
    }),
    width,
    title: style.dim,
  });
  return items.length <= shown
    ? [table]
    : [table, style.dim(`  and ${counted(items.length - shown, 'more step')}`)];
}

/** What somebody asked for is carried out by asking again; everything else is the next sweep's. */
function whoRuns({ items }: Plan): string {
  const asked = items.find(({ rule }) => rule === ASKED_FOR);
  if (asked === undefined) return 'The next sweep runs what is still due of it, within the limits, no more.';
  return `Whoever asked for it carries it out: janitor rotate ${handleOfId(asked.credentialId).handle} --reason ...`;
}

function nextOf(plan: Plan, state: PlanDecision['state'], remaining: number): string {
  if (state === 'approved') return whoRuns(plan);
  if (state === 'pending')
    return `${counted(remaining, 'more approval')} of group ${plan.approverGroup} needed by ${shortInstant(plan.lapsesAt)}.`;
  return 'None of its steps will run.';
}
