import type { Scope } from '../../domain/event.ts';
import { holdLine } from './credential-hold.ts';
import type { ExplainedFact, ExplainedVerdict, Explanation, TimelineEntry } from './explanation.ts';
import { replacementLines } from './replacement.ts';
import { day } from './say.ts';

/** An explanation as lines of plain text, without colour; sections that have nothing are left out. */
export function renderExplanation(explanation: Explanation): string[] {
  const { subject, at, summary, verdict, facts, timeline, replacement, holds, next, notes } = explanation;
  const { account = [], related = [] } = explanation;
  return [
    subject,
    `As recorded up to ${day(at)}`,
    '',
    summary,
    `Next: ${next}`,
    ...section('Account', columns(account.map(({ question, answer }) => [question, answer]))),
    ...section('Verdict', verdict === undefined ? [] : verdictLines(verdict)),
    ...section('Rotation', replacement === undefined ? [] : replacementLines(replacement)),
    ...section('Evidence', columns(facts.map(factCells))),
    ...section('Holds', holds.map(holdLine)),
    ...section(
      'Asked about it',
      related.map((each) => `${each.subject}: ${each.text}`),
    ),
    ...section('What happened', happened(timeline)),
    ...section('Notes', notes),
    '',
    recordLine(explanation),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function verdictLines(verdict: ExplainedVerdict): string[] {
  const {
    outcome,
    rule,
    judgedAt,
    age,
    sweepId,
    policyHash,
    owner,
    outsideParty,
    expiresAt,
    findings,
    reasons,
  } = verdict;
  const party = outsideParty === undefined ? '' : `, outside party ${outsideParty}`;
  return [
    `${outcome}${rule === undefined ? '' : ` (rule ${rule})`}, judged ${day(judgedAt)} (${age}) by sweep ${sweepId}`,
    `policy ${policyHash}`,
    `owner ${owner.id} (${owner.source})${party}`,
    `expires ${expiresAt === null ? 'never' : day(expiresAt)}`,
    ...reasons.map((reason) => `- ${reason}`),
    ...findings.flatMap((finding) => [
      `rule ${finding.rule}: ${finding.matches === 'yes' ? 'matches' : 'might match'}${finding.step === undefined ? '' : `, next ${finding.step}`}${finding.due === undefined ? '' : ` due ${day(finding.due)}`}`,
      ...finding.held.map((held) => `  held: ${held.reason}`),
    ]),
  ];
}

function factCells(fact: ExplainedFact): string[] {
  if ('unknown' in fact) return [fact.name, 'unknown', fact.unknown];
  return [fact.name, shown(fact.value), `${fact.source}, ${fact.age}`];
}

function shown(value: unknown): string {
  if (value === null) return 'never';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = [0, 1].map((index) => Math.max(0, ...rows.map((row) => (row[index] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Each chain counts its own events: where several are told as one story, a number names its chain. */
function happened(timeline: readonly TimelineEntry[]): string[] {
  const isOne = new Set(timeline.map(({ subject }) => subject)).size < 2;
  return timeline.flatMap((entry) =>
    entryLines(entry, isOne ? `#${entry.seq}` : `${kindOf(entry.subject)} #${entry.seq}`),
  );
}

/** `exception` of `exception#id`, `plan` of `plan/111122223333/4`. */
function kindOf(subject: string): string {
  return subject.split(/[#/]/)[0] ?? subject;
}

function entryLines(entry: TimelineEntry, number: string): string[] {
  const { scope, approvals = [], requestIds = [], policyHash } = entry;
  const details = [
    ...(scope === undefined ? [] : [scopeLine(scope)]),
    ...approvals.map(({ actor, at }) => `approved by ${actor.person ?? actor.arn} on ${day(at)}`),
    ...(requestIds.length === 0 ? [] : [`AWS request ${requestIds.join(', ')}`]),
    ...(policyHash === undefined ? [] : [`policy ${policyHash.slice(0, 12)}`]),
  ];
  return [`${day(entry.at)}  ${number}  ${entry.text}`, ...details.map((detail) => `    ${detail}`)];
}

function scopeLine({ action, resource, before, after }: Scope): string {
  return `${action} on ${resource}: ${JSON.stringify(before)} becomes ${JSON.stringify(after)}`;
}

function recordLine({ chainVerified, events }: Explanation): string {
  const head = events.at(-1);
  const number = `${events.length} event${events.length === 1 ? '' : 's'}`;
  if (!chainVerified) return `Record: NOT VERIFIED (${number}); run \`janitor ledger verify\`.`;
  return head === undefined
    ? 'Record: no events; explained from the manifest, which has the hash the ledger names.'
    : `Record: ${number}, verified; last hash ${head.hash}.`;
}
