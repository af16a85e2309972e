import type { RunReport } from '../../wiring/index.ts';
import { csvLine } from './csv.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { counted, printable, shortInstant, wrapped } from './text.ts';

/** Rows of one kind shown to people; JSON and CSV have them all. */
const SHOWN = 30;

/** A run as JSON: its two events, one entry for each account that was swept, and what waits for people. */
export function runDocument({ started, finished, sweeps, plans }: RunReport): Record<string, unknown> {
  const { runId, trigger, scheduledAt, enforce } = started.data;
  const { examples, accounts, swept, incomplete, notSwept, credentials, outcomes, actions } = finished.data;
  return {
    runId,
    trigger,
    scheduledAt,
    enforce,
    startedAt: started.at,
    finishedAt: finished.at,
    accounts,
    swept,
    incomplete,
    notSwept,
    notSweptAccounts: examples,
    credentials,
    outcomes,
    actions,
    sweeps: sweeps.map(({ at, policyHash, data }) => ({
      accountId: data.accountId,
      sweepId: data.sweepId,
      at,
      policyHash,
      complete: data.complete,
      problems: data.problems,
      credentials: data.credentials,
      outcomes: data.outcomes,
      actions: data.actions,
    })),
    plans: plans.map((plan) => ({
      planId: plan.planId,
      accountId: plan.accountId,
      tier: plan.tier,
      items: plan.items.length,
      approvalsNeeded: plan.approvalsNeeded,
      approvals: plan.approvals.length,
      approverGroup: plan.approverGroup,
      frozenAt: plan.frozenAt,
      lapsesAt: plan.lapsesAt,
    })),
  };
}

const OUTCOMES = ['keep', 'act', 'hold', 'unknown'] as const;
const CSV_COLUMNS = [
  'runId',
  'accountId',
  'result',
  'sweepId',
  'at',
  'credentials',
  ...OUTCOMES,
  'actions',
  'reason',
] as const;

/** One line per account: those swept, then those that were not (as far as the run names them). */
export function runCsv({ finished, sweeps }: RunReport): string {
  const { runId, examples } = finished.data;
  const swept = sweeps.map(({ at, data }) =>
    csvLine([
      runId,
      data.accountId,
      data.complete ? 'swept' : 'incomplete',
      data.sweepId,
      at,
      data.credentials,
      ...OUTCOMES.map((outcome) => data.outcomes[outcome] ?? 0),
      tally(data.actions),
      '',
    ]),
  );
  const blank = ['sweepId', 'at', 'credentials', ...OUTCOMES, 'actions'].map(() => '');
  const missing = examples.map(({ accountId, status, reason }) =>
    csvLine([runId, accountId, status, ...blank, reason]),
  );
  return [csvLine(CSV_COLUMNS), ...swept, ...missing].join('');
}

/** For people: the counts, what was not swept and why, each account, and what waits for whom. */
export function runText(report: RunReport, style: Style, width: number): string {
  const sections = [
    head(report, style),
    totals(report, style, width),
    unswept(report, style, width),
    accountTable(report, style, width),
    waiting(report, style, width),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function head({ started, finished }: RunReport, style: Style): string {
  const { runId, enforce } = started.data;
  const when = `${shortInstant(started.at)} to ${shortInstant(finished.at)}`;
  return `${style.bold(`Run ${runId}`)}  ${enforce ? 'enforcing' : 'observing only'}, ${when}`;
}

function totals({ finished }: RunReport, style: Style, width: number): string {
  const { accounts, swept, incomplete, notSwept, credentials, outcomes, actions } = finished.data;
  const { keep = 0, act = 0, hold = 0, unknown = 0 } = outcomes;
  const gaps = [
    ...(incomplete === 0 ? [] : [style.red(`${incomplete} incomplete`)]),
    ...(notSwept === 0 ? [] : [style.red(`${notSwept} not swept`)]),
  ];
  const judged = [
    counted(credentials, 'credential'),
    style.green(`${keep} kept`),
    style.yellow(`${act} to act on`),
    style.magenta(`${hold} held`),
    style.red(`${unknown} unknown`),
  ];
  const steps = tally(actions);
  return [
    wrapped(`${style.bold('Accounts')}  ${[`${swept} of ${accounts} swept`, ...gaps].join(', ')}`, width),
    wrapped(`${style.bold('In all')}  ${judged.join(', ')}`, width),
    wrapped(`${style.bold('Steps')}  ${steps === '' ? 'none was taken' : steps}`, width),
  ].join('\n');
}

/** `disable done 3, notify notified 2` */
function tally(actions: Readonly<Record<string, number>>): string {
  return Object.entries(actions)
    .map(([step, count]) => `${step.replace(':', ' ')} ${count}`)
    .join(', ');
}

function unswept({ finished }: RunReport, style: Style, width: number): string {
  const { examples, notSwept } = finished.data;
  if (notSwept === 0) return '';
  const table = renderTable({
    columns: [{ title: 'WHY', size: 'fit' }],
    idTitle: 'ACCOUNT',
    rows: examples
      .slice(0, SHOWN)
      .map(({ accountId, status, reason }) => ({ id: accountId, cells: [status], note: printable(reason) })),
    width,
    title: style.dim,
  });
  const hidden = notSwept - Math.min(SHOWN, examples.length);
  const rest =
    hidden <= 0
      ? []
      : [
          style.dim(
            `  and ${hidden} more: the record names the first ${examples.length}, the log of the run all`,
          ),
        ];
  return [style.red(style.bold('Not swept')), table, ...rest].join('\n');
}

function accountTable({ sweeps }: RunReport, style: Style, width: number): string {
  if (sweeps.length === 0) return '';
  const rows = [...sweeps].sort((a, b) => attention(b) - attention(a));
  const table = renderTable({
    columns: ['CREDENTIALS', 'ACT', 'HELD', 'UNKNOWN', 'STEPS'].map((title) => ({ title, size: 'fit' })),
    idTitle: 'ACCOUNT',
    rows: rows.slice(0, SHOWN).map(({ data }) => {
      const { act = 0, hold = 0, unknown = 0 } = data.outcomes;
      return {
        id: data.accountId,
        cells: [data.credentials, act, hold, unknown, stepsOf(data.actions)].map(String),
        note: data.complete
          ? undefined
          : `Incomplete: janitor explain ${data.accountId} names what could not be read.`,
      };
    }),
    width,
    title: style.dim,
  });
  return [style.bold('Swept'), table, ...more(rows.length - SHOWN, style)].join('\n');
}

/** What is incomplete comes first, then where most is to do. */
function attention({ data }: RunReport['sweeps'][number]): number {
  const { act = 0, hold = 0, unknown = 0 } = data.outcomes;
  return act + hold + unknown + (data.complete ? 0 : 1e9);
}

function stepsOf(actions: Readonly<Record<string, number>>): number {
  return Object.values(actions).reduce((sum, count) => sum + count, 0);
}

function waiting({ plans }: RunReport, style: Style, width: number): string {
  if (plans.length === 0) return '';
  const lines = plans.slice(0, SHOWN).flatMap((plan) => {
    const missing = plan.approvalsNeeded - plan.approvals.length;
    const what = `${counted(plan.items.length, `${plan.tier} step`)} in account ${plan.accountId}`;
    return [
      wrapped(
        `${what}: ${counted(missing, 'approval')} of group ${plan.approverGroup} needed by ${shortInstant(plan.lapsesAt)}`,
        width,
        '  ',
      ),
      `    janitor approve ${plan.planId}`,
    ];
  });
  const title = style.yellow(style.bold('Waiting for approval'));
  return [title, ...lines, ...more(plans.length - SHOWN, style)].join('\n');
}

function more(hidden: number, style: Style): string[] {
  return hidden <= 0 ? [] : [style.dim(`  and ${hidden} more: --format json lists all of them`)];
}
