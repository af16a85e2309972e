import type { HeldStep, SweepAction, SweepResult } from '../../wiring/index.ts';
import type { ReportExtra } from './account-report.ts';
import { csvLine } from './csv.ts';
import { handleOfId } from './handle.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { counted, printable, shortInstant, wrapped } from './text.ts';

/** Rows of one kind shown to people; JSON and CSV have them all. */
const SHOWN = 30;

/** What a sweep adds to what a scan says. */
export function sweepExtra(result: SweepResult, style: Style, width: number): ReportExtra {
  const { sweepId, enforce, actions, held, plans, notices, reconciled, refused } = result;
  return {
    json: { sweepId, enforce, actions, held, plans, notices, reconciled, refused },
    table: sweepText(result, style, width),
  };
}

/** What happened in a sweep, what did not and why, and what waits for whom. */
export function sweepText(result: SweepResult, style: Style, width: number, shown = SHOWN): string {
  const look: Look = { style, width, shown };
  const mode = result.enforce ? 'enforcing' : 'observing only';
  const sections = [
    `${style.bold(`Sweep ${result.sweepId}`)}  ${mode}`,
    refusal(result, look),
    actionTable(result.actions, look),
    noticeLines(result, look),
    planLines(result, look),
    heldTable(result.held, look),
    result.reconciled === 0
      ? ''
      : `${counted(result.reconciled, 'intent')} of an earlier run settled by looking at AWS.`,
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** How it is shown. */
interface Look {
  readonly style: Style;
  readonly width: number;
  readonly shown: number;
}

function refusal({ refused }: SweepResult, { style, width }: Look): string {
  if (refused === undefined) return '';
  return style.red(wrapped(`Nothing was acted upon: ${printable(refused.reason)}`, width));
}

const OUTCOMES: Readonly<Record<SweepAction['outcome'], string>> = {
  done: 'done',
  failed: 'failed',
  abandoned: 'abandoned',
  unconfirmed: 'not seen yet',
  notified: 'told',
  'notice-refused': 'notice refused',
};

function actionTable(actions: readonly SweepAction[], { style, width, shown: most }: Look): string {
  const shown = actions.filter((each) => each.outcome !== 'notified');
  const told = actions.length - shown.length;
  if (actions.length === 0) return 'No step was taken.';
  const head = `${style.bold('Done')}  ${counted(shown.length, 'step')}, ${counted(told, 'credential')} announced to owners`;
  if (shown.length === 0) return head;
  const table = renderTable({
    columns: [
      { title: 'STEP', size: 'fit' },
      { title: 'OUTCOME', size: 'fit' },
      { title: 'RULE', size: 'fit' },
      { title: 'USER OR REGION', size: 'fit' },
    ],
    idTitle: 'CREDENTIAL',
    rows: shown.slice(0, most).map(({ credentialId, step, outcome, rule, reason }) => {
      const { handle, place } = handleOfId(credentialId);
      const note = outcome === 'done' ? undefined : reason;
      return { id: handle, cells: [step, OUTCOMES[outcome], rule, place], note };
    }),
    width,
    title: style.dim,
  });
  return [head, table, ...more(shown.length - most, style)].join('\n');
}

function noticeLines({ notices }: SweepResult, { style, shown }: Look): string {
  if (notices.length === 0) return '';
  const lines = notices
    .slice(0, shown)
    .map(
      ({ noticeId, recipient, items, outcome }) =>
        `  ${printable(recipient)}: ${counted(items, 'finding')}, ${outcome}  ${style.dim(noticeId)}`,
    );
  return [
    `${style.bold('Notices')}  ${counted(notices.length, 'digest')}`,
    ...lines,
    ...more(notices.length - shown, style),
  ].join('\n');
}

function planLines({ plans }: SweepResult, { style, width }: Look): string {
  if (plans.length === 0) return '';
  const lines = plans.flatMap((plan) => [
    wrapped(
      `${counted(plan.items, `${plan.tier} step`)}${plan.because === 'cap' ? ' over the daily limit' : ''}: ${counted(plan.approvalsNeeded, 'approval')} of group ${plan.approverGroup} needed by ${shortInstant(plan.lapsesAt)}`,
      width,
      '  ',
    ),
    `    janitor approve ${plan.planId}`,
  ]);
  return [style.yellow(style.bold('Waiting for approval')), ...lines].join('\n');
}

/** Held steps by reason: many credentials share one, and the reason is what somebody can change. */
function heldTable(held: readonly HeldStep[], { style, width, shown }: Look): string {
  if (held.length === 0) return '';
  const byReason = new Map<string, { step: HeldStep; count: number }>();
  for (const step of held) {
    const key = `${step.step} ${step.rule} ${step.code} ${step.reason}`;
    const known = byReason.get(key);
    if (known === undefined) byReason.set(key, { step, count: 1 });
    else known.count += 1;
  }
  const groups = [...byReason.values()].sort((a, b) => b.count - a.count);
  const table = renderTable({
    columns: [
      { title: 'STEP', size: 'fit' },
      { title: 'RULE', size: 'fit' },
    ],
    idTitle: 'CREDENTIAL',
    rows: groups.slice(0, shown).map(({ step, count }) => ({
      id: count === 1 ? handleOfId(step.credentialId).handle : counted(count, 'credential'),
      cells: [step.step, step.rule],
      note: step.reason,
    })),
    width,
    title: style.dim,
  });
  const head = `${style.bold('Held')}  ${counted(held.length, 'step')} not taken`;
  return [head, table, ...more(groups.length - shown, style)].join('\n');
}

function more(hidden: number, style: Style): string[] {
  return hidden <= 0 ? [] : [style.dim(`  and ${hidden} more: --format json lists all of them`)];
}

const CSV_COLUMNS = ['sweepId', 'credentialId', 'step', 'rule', 'outcome', 'eventId', 'reason'] as const;

/** One line per step: those taken, then those held. */
export function sweepCsv({ sweepId, actions, held }: SweepResult): string {
  const taken = actions.map((each) =>
    csvLine([sweepId, each.credentialId, each.step, each.rule, each.outcome, each.eventId, each.reason]),
  );
  const kept = held.map((each) =>
    csvLine([sweepId, each.credentialId, each.step, each.rule, 'held', '', `${each.code}: ${each.reason}`]),
  );
  return [csvLine(CSV_COLUMNS), ...taken, ...kept].join('');
}
