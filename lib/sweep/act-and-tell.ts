import { actOnCandidates, dropUndue, type PassOutcome } from './acting-pass.ts';
import { isGone } from './after-step.ts';
import { candidatesOf } from './candidates.ts';
import { capsFor } from './caps.ts';
import type { SweepContext } from './context.ts';
import { notifyOwners } from './notices.ts';
import type { Judged } from './read-account.ts';
import type { ReadingOptions, SweepResult } from './result.ts';
import { abandonedRotations } from './rotation/resume.ts';
import type { Underway } from './underway.ts';

export interface ActingOptions {
  readonly onProgress?: ReadingOptions['onProgress'] | undefined;
  /** Asked between two steps; false stops there. */
  readonly mayGoOn?: (() => boolean) | undefined;
  /** Destructive steps that the organisation leaves to this account in this run. */
  readonly allowance?: number | undefined;
}

/** Acts on what is due; `stopped`: between two steps, and what is left waits for whoever takes the sweep up again. */
export async function actOnDue(
  context: SweepContext,
  { run, reading, gathering }: Underway,
  options: ActingOptions,
): Promise<PassOutcome> {
  const work = gathering.work.items;
  const current = await dropUndue(context, gathering.plans, work);
  return actOnCandidates(context, run, {
    candidates: candidatesOf(work.values(), current, gathering.keys.complete(), context.clock.now()),
    caps: capsFor(context.policy.document.limits, gathering.tally.ofKind, options.allowance),
    abandoned: abandonedRotations(reading.histories, context.clock.now()),
    stores: gathering.stores,
    work,
    mayGoOn: options.mayGoOn,
    onProgress: options.onProgress,
  });
}

/** Tells owners what was found and done: one digest each. */
export function tellOwners(
  context: SweepContext,
  { run, gathering }: Underway,
): Promise<SweepResult['notices']> {
  rejudge(context, gathering.work.items);
  return notifyOwners(context, run, gathering.work.items);
}

/** After the acts: what is next for each credential now, so that owners hear of it in the same digest. */
function rejudge(context: SweepContext, work: Map<string, Judged>): void {
  const now = context.clock.now();
  for (const [id, judged] of work) {
    const { credential, history } = judged;
    const judgement = context.judge({ credential, history, now });
    work.set(id, { ...judged, judgement: isGone(judged) ? { ...judgement, findings: [] } : judgement });
  }
}
