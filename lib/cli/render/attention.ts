import { type Fact, isKnown } from '../../domain/fact.ts';
import { elapsed, humanDuration, type Instant, MINUTE_MS } from '../../domain/time.ts';
import type { Finding, JudgedCredential, Outcome, Verdict } from '../../domain/verdict.ts';
import { handleOf } from './handle.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { counted, printable, wrapped } from './text.ts';

/** At most so many rows of one rule are shown; JSON and CSV have them all. */
const SHOWN = 40;

interface AttentionRow {
  readonly handle: string;
  readonly place: string;
  readonly when: string;
  readonly due: Instant;
  readonly owner: string;
  readonly used: string;
  readonly age: string;
  readonly why: string;
}

interface Group {
  readonly rule: string;
  readonly outcome: Outcome;
  count: number;
  rows: AttentionRow[];
}

const ORDER: readonly Outcome[] = ['act', 'hold', 'unknown', 'keep'];
const HEADINGS: Readonly<Record<Outcome, string>> = {
  act: 'to act on',
  hold: 'held: something forbids the next step',
  unknown: 'unknown: a fact is missing',
  keep: 'kept although a rule matches',
};

/**
 * The credentials that need somebody's attention: those with a finding, and those nothing can be said of. Grouped
 * by outcome and rule as they stream by; only the rows that will be shown are remembered.
 */
export class Attention {
  readonly #now: Instant;
  readonly #shown: number;
  readonly #groups = new Map<string, Group>();
  #findings = 0;

  /** `shown`: rows of one rule at most. */
  constructor(now: Instant, shown = SHOWN) {
    this.#now = now;
    this.#shown = shown;
  }

  /** Credentials that a rule matches. */
  get findings(): number {
    return this.#findings;
  }

  add(judged: JudgedCredential): void {
    const { verdict, findings } = judged.judgement;
    const matching = findings.filter((finding) => finding.matches === 'yes');
    if (matching.length > 0) this.#findings += 1;
    if (verdict.outcome === 'keep' && matching.length === 0) return;
    const rule = verdict.rule ?? matching[0]?.rule ?? findings[0]?.rule ?? 'unreadable';
    const group = this.#group(verdict.outcome, rule);
    group.count += 1;
    group.rows.push(rowOf(judged, rule, this.#now));
    if (group.rows.length > 4 * this.#shown) group.rows = soonest(group.rows, this.#shown);
  }

  /** `whyOf` gives a rule's purpose, for the heading. */
  render(style: Style, width: number, whyOf: (rule: string) => string | undefined): string {
    const groups = [...this.#groups.values()].sort(
      (a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || b.count - a.count,
    );
    return groups
      .map((group) => renderGroup(group, this.#shown, style, width, whyOf(group.rule)))
      .join('\n\n');
  }

  #group(outcome: Outcome, rule: string): Group {
    const key = `${outcome} ${rule}`;
    const group = this.#groups.get(key) ?? { rule, outcome, count: 0, rows: [] };
    this.#groups.set(key, group);
    return group;
  }
}

function soonest(rows: readonly AttentionRow[], shown: number): AttentionRow[] {
  const sorted = [...rows].sort(
    (a, b) => compare(a.due, b.due) || compare(a.place, b.place) || compare(a.handle, b.handle),
  );
  return sorted.slice(0, shown);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function rowOf({ credential, judgement }: JudgedCredential, rule: string, now: Instant): AttentionRow {
  const { verdict, owner, findings } = judgement;
  const finding = findings.find((each) => each.rule === rule);
  const { lastUsedAt, createdAt } = credential.facts;
  return {
    ...handleOf(credential),
    when: nextStep(verdict, finding, now),
    due: verdict.due ?? '9999',
    owner: owner.id,
    used: lastUsedAt === undefined ? '' : agoText(lastUsedAt, now, ' ago'),
    age: agoText(createdAt, now, ''),
    why: finding?.held[0]?.reason ?? verdict.reasons[0] ?? '',
  };
}

function agoText(fact: Fact<Instant | null>, now: Instant, suffix: string): string {
  if (!isKnown(fact)) return 'unknown';
  return fact.value === null ? 'never' : humanDuration(elapsed(fact.value, now)) + suffix;
}

function nextStep(verdict: Verdict, finding: Finding | undefined, now: Instant): string {
  if (verdict.outcome === 'unknown') return 'none';
  const step = verdict.step ?? finding?.step;
  if (step === undefined) return 'report';
  if (verdict.outcome === 'hold') return `${step} held`;
  const due = verdict.due ?? finding?.due;
  return due === undefined ? step : `${step} ${whenDue(due, now)}`;
}

/** `now` (within the minute), or `in 3 days`. */
export function whenDue(due: Instant, now: Instant): string {
  const left = elapsed(now, due);
  return left < MINUTE_MS ? 'now' : `in ${humanDuration(left)}`;
}

function renderGroup(
  group: Group,
  shown: number,
  style: Style,
  width: number,
  why: string | undefined,
): string {
  const colour = { act: style.yellow, hold: style.magenta, unknown: style.red, keep: style.green }[
    group.outcome
  ];
  const title = `${style.bold(group.rule)}  ${colour(counted(group.count, 'credential'))} ${HEADINGS[group.outcome]}`;
  const rows = soonest(group.rows, shown);
  const explained = group.outcome === 'hold' || group.outcome === 'unknown';
  const table = renderTable({
    columns: [
      { title: 'NEXT STEP', size: 'fit' },
      { title: 'OWNER', size: 'fit' },
      { title: 'LAST USED', size: 'fit' },
      { title: 'AGE', size: 'fit' },
      { title: 'USER OR REGION', size: 'fit' },
    ],
    idTitle: 'CREDENTIAL',
    rows: rows.map(({ handle, when, owner, used, age, place, why }) => ({
      id: handle,
      cells: [when, owner, used, age, place],
      note: explained ? why : undefined,
    })),
    width,
    title: style.dim,
  });
  const more = group.count - rows.length;
  const rest =
    more === 0 ? [] : [style.dim(`  and ${counted(more, 'more', 'more')}: --format csv lists all of them`)];
  const purpose = why === undefined ? [] : [style.dim(wrapped(printable(why), width, '  '))];
  return [wrapped(title, width), ...purpose, table, ...rest].join('\n');
}
