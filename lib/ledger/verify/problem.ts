import type { BrokenLink } from '../chain-error.ts';

/** Something that is not as it was recorded. */
export interface LedgerProblem {
  readonly code:
    | BrokenLink['code']
    | 'state-ahead'
    | 'state-differs'
    | 'state-behind'
    | 'manifest-missing'
    | 'manifest-altered'
    | 'merkle-root'
    | 'head-missing'
    | 'head-differs'
    | 'policy-missing'
    | 'evidence-missing'
    | 'evidence-altered';
  readonly subject: string;
  readonly seq?: number;
  readonly eventId?: string;
  readonly message: string;
}

/** More than this many tell nobody anything new; the rest is counted. */
const KEPT = 1000;

/** Collects problems once each, with bounded memory. */
export class ProblemList {
  readonly #problems = new Map<string, LedgerProblem>();
  #omitted = 0;

  add(problem: LedgerProblem): void {
    const key = `${problem.code} ${problem.seq ?? 0} ${problem.subject}`;
    if (this.#problems.has(key)) return;
    if (this.#problems.size >= KEPT) this.#omitted += 1;
    else this.#problems.set(key, problem);
  }

  get all(): LedgerProblem[] {
    return [...this.#problems.values()];
  }

  get omitted(): number {
    return this.#omitted;
  }
}

export function problemOfLink({ code, subject, seq, eventId, reason }: BrokenLink): LedgerProblem {
  return {
    code,
    subject,
    seq,
    ...(eventId === undefined ? {} : { eventId }),
    message: `The chain of ${subject} is broken at event ${seq}: ${reason}.`,
  };
}
