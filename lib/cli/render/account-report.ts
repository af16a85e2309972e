import type { JudgedCredential } from '../../domain/verdict.ts';
import type { AccountSummary, Policy } from '../../wiring/index.ts';
import type { Session } from '../session.ts';
import { Attention } from './attention.ts';
import { ChunkedOutput } from './chunked-output.ts';
import { credentialCsvHead, credentialCsvLine, credentialLine } from './credential-line.ts';
import { StreamedDocument } from './json-document.ts';
import type { Style } from './style.ts';
import { counted, printable, shortHash, shortInstant, wrapped } from './text.ts';

/** Shows an account as it is judged: takes each credential as it comes, and the summary at the end. */
export interface AccountReport {
  add(judged: JudgedCredential): Promise<void>;
  /** `extra` are further keys of the JSON document, `after` is printed below the table. */
  finish(summary: AccountSummary, extra?: ReportExtra): Promise<void>;
}

export interface ReportExtra {
  readonly json: Readonly<Record<string, unknown>>;
  readonly table: string;
}

/** What a report shows of the run besides credentials. */
export interface ReportSubject {
  readonly policy: Policy;
  /** Judging instant, as far as it is known before reading. */
  readonly now: string;
  /** Rows of one rule in the table; default 40. */
  readonly shown?: number;
}

export function accountReport(session: Session, subject: ReportSubject): AccountReport {
  if (session.format === 'json') return jsonReport(session);
  if (session.format === 'csv') return csvReport(session);
  return tableReport(session, subject);
}

function jsonReport(session: Session): AccountReport {
  const document = new StreamedDocument(session.terminal.stdout, 'credentials');
  return {
    add: (judged) => document.item(credentialLine(judged)),
    finish: (summary, extra) => document.close({ ...summaryDocument(summary), ...extra?.json }),
  };
}

/** The keys of scan's JSON beside `schemaVersion` and `credentials`. */
function summaryDocument(summary: AccountSummary): Record<string, unknown> {
  const { generatedAt, policyHash, complete, problems, notCovered, calls } = summary;
  const { accountId, regions, notes, outcomes } = summary;
  return {
    generatedAt,
    policy: { hash: policyHash },
    complete,
    problems,
    notCovered,
    calls,
    accountId,
    regions,
    notes,
    outcomes,
  };
}

function csvReport({ terminal }: Session): AccountReport {
  const output = new ChunkedOutput(terminal.stdout);
  let begun = false;
  const begin = async () => {
    if (!begun) await output.write(credentialCsvHead());
    begun = true;
  };
  return {
    add: async (judged) => {
      await begin();
      await output.write(credentialCsvLine(judged));
    },
    finish: async () => {
      await begin();
      await output.flush();
    },
  };
}

function tableReport(session: Session, { policy, now, shown }: ReportSubject): AccountReport {
  const attention = new Attention(now, shown);
  const whyOf = (rule: string) => policy.document.rules.find((candidate) => candidate.id === rule)?.why;
  return {
    add: async (judged) => attention.add(judged),
    finish: async (summary, extra) => {
      const { style, width } = session;
      const account = policy.directory.accounts.find((candidate) => candidate.id === summary.accountId);
      const sections = [
        wrapped(heading(summary, account?.name, policy.document.mode, style), width),
        attention.render(style, width, whyOf),
        totals(summary, attention.findings, style, width),
        unread(summary, style, width),
        notes(summary, style, width),
        extra?.table ?? '',
      ];
      await session.print(sections.filter((section) => section !== '').join('\n\n'));
    },
  };
}

function heading(summary: AccountSummary, name: string | undefined, mode: string, style: Style): string {
  const account = style.bold(`Account ${summary.accountId}${name === undefined ? '' : ` (${name})`}`);
  const policy = `policy ${shortHash(summary.policyHash)}, mode ${mode}`;
  return `${account}  judged at ${shortInstant(summary.generatedAt)} by ${policy}`;
}

function totals(summary: AccountSummary, findings: number, style: Style, width: number): string {
  const { keep = 0, act = 0, hold = 0, unknown = 0 } = summary.outcomes;
  const parts = [
    counted(summary.credentials, 'credential'),
    style.green(`${keep} kept`),
    style.yellow(`${act} to act on`),
    style.magenta(`${hold} held`),
    style.red(`${unknown} unknown`),
    `${counted(findings, 'credential')} with findings`,
  ];
  const calls = Object.values(summary.calls).reduce((sum, count) => sum + count, 0);
  const read = `Read with ${counted(calls, 'AWS call')} in ${counted(summary.regions.length, 'Region')}.`;
  return `${wrapped(`${style.bold('In all')}  ${parts.join(', ')}`, width)}\n${style.dim(read)}`;
}

/** What could not be read, and what no read covers: a result never looks more complete than it is (G21). */
function unread(summary: AccountSummary, style: Style, width: number): string {
  const covered = wrapped(`Not covered: ${summary.notCovered.join('; ')}.`, width, '  ');
  if (summary.complete && summary.problems.length === 0) return style.dim(covered);
  const head = style.red(
    style.bold('Incomplete: something could not be read, and nothing is concluded from that'),
  );
  const problems = summary.problems.map((problem) => {
    const grant = problem.permission === undefined ? '' : `${style.bold(problem.permission)}  `;
    return wrapped(`${grant}${printable(problem.message)}`, width, '  ');
  });
  return [head, ...problems, style.dim(covered)].join('\n');
}

function notes(summary: AccountSummary, style: Style, width: number): string {
  return style.dim(summary.notes.map((note) => wrapped(`Note: ${printable(note)}`, width, '  ')).join('\n'));
}
