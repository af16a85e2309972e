import type { LedgerEvent } from '../../domain/event.ts';
import { type EvidenceStore, sha256OfBody } from '../evidence-store.ts';
import type { LedgerProblem, ProblemList } from './problem.ts';

export type GrantEvidenceEvent = Extract<LedgerEvent, { type: 'grant.evidence-attached' }>;

export function isGrantEvidence(event: LedgerEvent): event is GrantEvidenceEvent {
  return event.type === 'grant.evidence-attached';
}

/** Checks that what a grant's reviewers were shown is there, and is what was attached. */
export class GrantCheck {
  readonly #evidence: EvidenceStore;
  readonly #problems: ProblemList;

  constructor(evidence: EvidenceStore, problems: ProblemList) {
    this.#evidence = evidence;
    this.#problems = problems;
  }

  async check(event: GrantEvidenceEvent): Promise<void> {
    for (const { key, sha256 } of event.evidence ?? []) {
      const stored = await sha256OfBody(await this.#evidence.get(key));
      if (stored === sha256) continue;
      this.#problems.add(
        stored === undefined
          ? problem(event, 'evidence-missing', `refers to ${key}, which is gone`)
          : problem(event, 'evidence-altered', `refers to ${key}, which is not what was attached`),
      );
    }
  }
}

function problem(event: GrantEvidenceEvent, code: LedgerProblem['code'], what: string): LedgerProblem {
  const { subject, seq, id: eventId } = event;
  return { code, subject, seq, eventId, message: `The evidence of ${subject} ${what}.` };
}
