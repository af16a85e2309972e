import type { Finding, Verdict } from '../domain/verdict.ts';

/**
 * All findings of a credential in one verdict: the free step that is due first (ties by order of rules), else what is
 * held, else what is unknown, else keep. A hold on one rule does not silence another.
 */
export function verdictOf(findings: readonly Finding[], reasons: string[], statusKnown: boolean): Verdict {
  const steps = findings.filter((finding) => finding.matches === 'yes' && finding.step !== undefined);
  const free = soonest(steps.filter((finding) => finding.held.length === 0));
  if (free !== undefined) return { outcome: 'act', ...named(free), reasons };
  const held = soonest(steps) ?? findings.find((finding) => finding.held.length > 0);
  if (held !== undefined) return { outcome: 'hold', ...named(held), reasons };
  const unknown = findings.find((finding) => finding.matches === 'unknown');
  if (unknown !== undefined) return { outcome: 'unknown', rule: unknown.rule, reasons };
  return { outcome: statusKnown ? 'keep' : 'unknown', reasons };
}

function soonest(findings: readonly Finding[]): Finding | undefined {
  let first: Finding | undefined;
  for (const finding of findings) {
    if (first === undefined || (finding.due ?? '') < (first.due ?? '')) first = finding;
  }
  return first;
}

function named({ rule, step, due }: Finding): Pick<Verdict, 'rule' | 'step' | 'due'> {
  return { rule, ...(step === undefined ? {} : { step }), ...(due === undefined ? {} : { due }) };
}
