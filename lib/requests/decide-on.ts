import { JanitorError } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import type { RequestRules } from '../domain/request-rules.ts';
import { type Clock, type Instant, latest } from '../domain/time.ts';
import type { DynamoDecisionLedger } from '../ledger/index.ts';

/** What every use case of this room works with. */
export interface RequestsContext {
  readonly clock: Clock;
  readonly ledger: DynamoDecisionLedger;
  readonly rules: RequestRules;
  /**
   * Told of every chain that was decided on, recorded or not, with all of its events: keeps lists up to date, and mends
   * what a crash left behind. It must not throw because it could not write: what is recorded stays recorded.
   */
  readonly projected?: (subject: string, events: readonly LedgerEvent[]) => Promise<void>;
}

/**
 * What is to be done about a chain as it is: nothing but answer; record and answer by the chain that comes of it; or
 * record what has become true by the clock and decide again.
 */
export type Decision<T> =
  | { readonly answer: T }
  | { readonly record: EventDraft; readonly answerOf: (events: readonly LedgerEvent[]) => T }
  | { readonly record: EventDraft };

/** How often a decision is taken again after somebody else appended first. */
const ATTEMPTS = 20;

/**
 * Decides on a chain as it is and records the decision at the place right after what it was taken on; whoever lost that
 * race decides anew on what the winner left. `now` is never before the newest event. Throws `ledger-contended`, and
 * `ledger-unavailable` when it stays open whether the decision was recorded: the same call again finds out.
 */
export async function decideOn<T>(
  { ledger, clock, projected }: Omit<RequestsContext, 'rules'>,
  subject: string,
  decide: (events: readonly LedgerEvent[], now: Instant) => Decision<T>,
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const events = await ledger.chain(subject);
    const last = events.at(-1);
    const now = latest(clock.now(), last?.at ?? clock.now());
    const decision = decide(events, now);
    if ('answer' in decision) {
      if (last !== undefined) await projected?.(subject, events);
      return decision.answer;
    }
    const appended = await ledger.append(subject, last ?? null, decision.record);
    if (!appended.ok || !('answerOf' in decision)) continue;
    const after = [...events, appended.event];
    await projected?.(subject, after);
    return decision.answerOf(after);
  }
  throw new JanitorError(`${subject} is being written by others all the time`, {
    code: 'ledger-contended',
    source: 'system',
    hint: 'Send the same request again.',
  });
}
