import { durationMs, humanDuration, type Instant } from '../domain/time.ts';
import {
  authorisationMatrix,
  MATRIX_WHO,
  type MatrixCell,
  type MatrixLine,
  type MatrixWho,
} from './authorisation-matrix.ts';
import { approvalFor } from './directory.ts';
import type { Policy } from './policy.ts';
import { requestRules } from './request-rules.ts';

type Entry = Policy['document']['requests']['approvers' | 'eligible'][number];

const WHO: readonly MatrixWho[] = [
  'approver',
  'requester',
  'sponsor',
  'owning approver',
  'rule owner',
  'owner',
  'person',
  'workload',
  'sponsored agent',
  'agent',
  'outside workload',
  'unresolved',
];

/** The authorisation matrix of a policy as markdown: docs/authorisation-matrix.md is that of the shipped one. */
export function renderAuthorisationMatrix(policy: Policy, now: Instant): string {
  const lines = authorisationMatrix(policy, now);
  return [
    INTRODUCTION,
    table(
      ['who', 'is'],
      WHO.map((who) => [who, MATRIX_WHO[who]]),
    ),
    '## Asking',
    ASKING,
    matrixTable(lines.filter(({ what }) => what === 'submit')),
    '## Deciding',
    DECIDING,
    matrixTable(lines.filter(({ what }) => what !== 'submit')),
    '## Where it differs',
    DIFFERENCES,
    differences(policy),
    '## Limits',
    limits(policy, now),
    '',
  ].join('\n\n');
}

const INTRODUCTION = `# Authorisation matrix

<!-- Generated from policy/: npx vitest run test/policy/matrix-published.test.ts -u -->

Who may do what over the API, by the policy in \`policy/\`. Each cell is tested against what happens
(\`test/requests/matrix.test.ts\`). Refusals are by the code that the answer carries.`;

const ASKING = `\`needs 2 of security\`: the request waits until two different persons of that group have approved it; nobody
who asks, is served, stands in the chain or answers for an agent counts. \`in a or b\`: only for their members, an agent by its
sponsor; everybody else is refused, \`not-eligible\`. Denials are recorded. With a ticket system configured, a request
whose ticket is not known to be open is not pre-approved.`;

const DECIDING = `A decision is never delegated, and never taken by a workload, an agent or from an outside account. Any other
workload may withdraw what it asked for, and revoke an exception that it asked for. An outside party challenges what is its
own.`;

const DIFFERENCES =
  'For requests about these rules, accounts or units the first entry that fits takes the place of what stands above.';

/** Whoever is treated alike in every line shares a column. */
function matrixTable(lines: readonly MatrixLine[]): string {
  const alike = new Map<string, MatrixWho[]>();
  for (const who of WHO) {
    const texts = JSON.stringify(lines.map(({ cells }) => cells[who]));
    alike.set(texts, [...(alike.get(texts) ?? []), who]);
  }
  const columns = [...alike.values()].map((group) => ({
    head: group.join('; '),
    cell: ({ cells }: MatrixLine) => cellText(cells[group[0] ?? 'unresolved']),
  }));
  return table(
    ['what', 'tier', 'by', ...columns.map(({ head }) => head)],
    lines.map((line) => [
      whatText(line),
      'tier' in line ? line.tier : '',
      line.decides === undefined ? '' : `${line.decides.quorum} of ${line.decides.group}`,
      ...columns.map(({ cell }) => cell(line)),
    ]),
  );
}

function whatText(line: MatrixLine): string {
  const kind = 'kind' in line ? ` ${line.kind}` : '';
  const within = 'within' in line && line.within !== undefined ? ` within ${line.within}` : '';
  return `${line.what}${kind}${within}`;
}

function cellText(cell: MatrixCell): string {
  const only = cell.onlyIn === undefined ? '' : `, in ${cell.onlyIn.join(' or ')}`;
  switch (cell.outcome) {
    case 'needs':
      return `needs ${cell.quorum} of ${cell.group}${only}`;
    case 'refused':
      return `\`${cell.code}\``;
    default:
      return `${cell.outcome}${only}`;
  }
}

function differences({ document }: Policy): string {
  const { approvers, eligible } = document.requests;
  const rows = [
    ...eligible
      .filter(isNarrow)
      .map((entry) => [scopeText(entry), 'ask', entry.groups?.join(', ') ?? 'anyone']),
    ...approvers.map((entry) => [
      scopeText(entry),
      entry.tier === undefined ? 'approve' : `approve, ${entry.tier}`,
      `${entry.quorum} of ${entry.group}`,
    ]),
    ...document.rules.flatMap(({ id, requests }) =>
      requests?.routineUpTo === undefined
        ? []
        : [[`rule ${id}`, 'pre-approved exceptions and extensions', limitText(requests.routineUpTo)]],
    ),
  ];
  return rows.length === 0 ? 'There are none.' : table(['about', 'what', 'who or how long'], rows);
}

function limitText(duration: string): string {
  return durationMs(duration) === 0 ? 'none' : `within ${humanDuration(durationMs(duration))}`;
}

function isNarrow({ rules, accounts, ous }: Entry): boolean {
  return (rules ?? accounts ?? ous) !== undefined;
}

function scopeText({ kinds, rules, accounts, ous }: Entry): string {
  const parts = [
    ...(kinds === undefined ? [] : [kinds.join(' or ')]),
    ...(rules === undefined ? [] : [`rule ${rules.join(' or ')}`]),
    ...(accounts === undefined && ous === undefined
      ? []
      : [`in ${[...(accounts ?? []), ...(ous ?? [])].join(' or ')}`]),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

function limits(policy: Policy, now: Instant): string {
  const rules = requestRules(policy, now, { kind: 'exception' });
  const { quorum, group } = approvalFor(policy, 'policy');
  const kinds = Object.entries(rules.kinds).map(([kind, { longestMs }]) => [
    `a request of kind ${kind} ends`,
    `within ${humanDuration(longestMs)}`,
  ]);
  return table(
    ['what', 'limit'],
    [
      ...kinds,
      ['a request nobody answers lapses', `after ${humanDuration(rules.pendingMs)}`],
      ['exceptions that follow each other last in all', `at most ${humanDuration(rules.exemptAtMostMs)}`],
      ['a challenge is decided', `within ${humanDuration(rules.challenges.decideWithinMs)}`],
      ['a version of the policy is approved', `by ${quorum} of ${group}, of the version before it`],
    ],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
