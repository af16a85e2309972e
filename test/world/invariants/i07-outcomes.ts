import { type Chronicle, type Invariant, isJanitor } from '../chronicle.ts';
import { type Intent, intentOf, intents } from './acts.ts';

/**
 * I7, at any time: an intent has at most one outcome, and only one intent of a credential is open at once.
 */
export const oneOutcome: Invariant = (chronicle) => {
  const open = new Map<string, number>();
  const wrong: string[] = [];
  for (const { tick, event } of chronicle.writes) {
    const { subject } = event;
    if (event.type === 'step.intended') {
      if (open.has(subject))
        wrong.push(`I7: #${tick} intends a change of ${subject} while event ${open.get(subject)} is open`);
      open.set(subject, event.seq);
    }
    if (!('intent' in event.data)) continue;
    if (open.get(subject) === event.data.intent) open.delete(subject);
    else
      wrong.push(`I7: #${tick} is an outcome of event ${event.data.intent} of ${subject}, which is not open`);
  }
  return wrong;
};

/**
 * I7, after recovery: every intent has a recorded outcome, and it is the truth: done when AWS's log shows the janitor's
 * change (or that nobody needed to make it), otherwise failed or abandoned, unless others changed the credential since or
 * only the first of two calls was applied.
 */
export const everyIntentSettled: Invariant = (chronicle) =>
  intents(chronicle).flatMap((intent) => {
    const [outcome] = outcomesOf(chronicle, intent);
    if (outcome === undefined)
      return [`I7: the intent #${intent.tick} of ${intent.event.subject} has no outcome`];
    const applied = chronicle.changes.filter(
      (change) => isJanitor(change.process) && intentOf(chronicle, change)?.tick === intent.tick,
    );
    const [change] = applied;
    const ofTwoCalls = intent.event.scope?.action.includes('+') === true;
    if (change === undefined || outcome.type === 'step.done' || ofTwoCalls) return [];
    const others = chronicle.ownerActs.some(
      (act) => intent.event.subject.endsWith(act.credentialId) && act.tick > intent.tick,
    );
    return others
      ? []
      : [`I7: the intent #${intent.tick} was applied (#${change.tick}) but recorded as ${outcome.type}`];
  });

function outcomesOf(chronicle: Chronicle, { event: intent }: Intent) {
  return chronicle.writes.flatMap(({ event }) =>
    event.subject === intent.subject && 'intent' in event.data && event.data.intent === intent.seq
      ? [event]
      : [],
  );
}
