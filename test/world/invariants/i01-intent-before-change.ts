import { freshJanitorChanges, type Invariant } from '../chronicle.ts';
import { type Intent, intentOf, named } from './acts.ts';

/** How long the one attempt may take, in milliseconds: a second call of it may be sent that much later. */
const ATTEMPT_MS = 20_000;

/**
 * I1: no AWS change without an earlier durable intent. The intent says exactly this change, was in the table before the
 * request was sent, had no outcome yet, was still good (`actBefore`), and no request of it was applied twice.
 */
export const intentBeforeChange: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const intent = intentOf(chronicle, change);
    if (intent === undefined) return [`I1: ${named(change)} has no earlier intent`];
    const wrong: string[] = [];
    const settled = outcomesOf(chronicle, intent).find((tick) => tick < change.sentTick);
    if (settled !== undefined) wrong.push(`its intent #${intent.tick} was settled by #${settled}`);
    const latest = Date.parse(intent.event.data.actBefore) + ATTEMPT_MS;
    if (Date.parse(change.sentAt) >= latest)
      wrong.push(`its intent was good until ${intent.event.data.actBefore}`);
    const twice = chronicle.changes.find(
      (other) =>
        other.tick < change.tick &&
        other.sentTick > intent.tick &&
        other.process === change.process &&
        other.record.operation === change.record.operation &&
        other.record.target === change.record.target &&
        intentOf(chronicle, other)?.tick === intent.tick,
    );
    if (twice !== undefined) wrong.push(`its intent was acted upon before: ${named(twice)}`);
    return wrong.map((what) => `I1: ${named(change)}: ${what}`);
  });

function outcomesOf(chronicle: Parameters<Invariant>[0], intent: Intent): number[] {
  return chronicle.writes.flatMap(({ tick, event }) =>
    event.subject === intent.event.subject && 'intent' in event.data && event.data.intent === intent.event.seq
      ? [tick]
      : [],
  );
}
