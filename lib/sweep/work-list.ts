import type { Plan } from '../domain/account-chains.ts';
import type { Instant } from '../domain/time.ts';
import type { Finding } from '../domain/verdict.ts';
import type { SweepContext } from './context.ts';
import { firstRefusal } from './guards.ts';
import { planOf } from './plans.ts';
import type { Judged } from './read-account.ts';
import type { Run } from './run.ts';
import { situationOf } from './situation.ts';

/** Credentials one sweep takes up; what is over waits for the next sweep, so that memory stays bounded. */
export const WORK_LIMIT = 5_000;

/**
 * The credentials this sweep may do something about, gathered while the account is read. The guards speak here for
 * the first time: what they refuse is noted with the reason and not kept.
 */
export class WorkList {
  readonly items = new Map<string, Judged>();
  readonly #planned: ReadonlySet<string>;
  readonly #plans: readonly Plan[];

  constructor(plans: readonly Plan[]) {
    this.#plans = plans;
    this.#planned = new Set(plans.flatMap((plan) => plan.items.map((item) => item.credentialId)));
  }

  /** Keeps the credential when a step of it may go on, or a plan waits for it; notes what is due but held. */
  take(context: SweepContext, run: Run, judged: Judged): void {
    const { id } = judged.credential;
    const now = context.clock.now();
    const free = judged.judgement.findings.filter(
      (finding) => isDue(finding, now) && this.#mayGoOn(context, run, judged, finding, now),
    );
    if (free.length === 0 && !this.#planned.has(id)) return;
    if (this.items.size < WORK_LIMIT || this.#planned.has(id)) this.items.set(id, judged);
    else
      for (const { rule, step } of free)
        if (step !== undefined) run.held.push({ credentialId: id, rule, step, ...FULL });
  }

  #mayGoOn(context: SweepContext, run: Run, judged: Judged, finding: Finding, now: Instant): boolean {
    const { rule, step } = finding;
    const { id: credentialId, kind } = judged.credential;
    if (step === undefined) return false;
    const plan = planOf(this.#plans, { credentialId, rule, step }, now);
    const place = { credentialId, kind, rule, step, plan };
    const refusal = finding.held[0] ?? firstRefusal(situationOf(context, run, place, { finding }));
    if (refusal === undefined || refusal.code === 'not-approved') return true;
    run.held.push({ credentialId, rule, step, ...refusal });
    return false;
  }
}

const FULL = {
  code: 'next-sweep',
  reason: `one sweep takes up ${WORK_LIMIT} credentials at most; this one is for the next`,
} as const;

/** A step that this finding asks for by now. */
export function isDue(finding: Finding, now: Instant): boolean {
  return (
    finding.matches === 'yes' && finding.step !== undefined && finding.due !== undefined && finding.due <= now
  );
}
