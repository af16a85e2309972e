import type { LedgerEvent } from '../../../lib/domain/event.ts';
import { type Chronicle, freshJanitorChanges, type Invariant } from '../chronicle.ts';
import { type Act, actOf, destruction, named } from './acts.ts';

type Opened = Extract<LedgerEvent, { type: 'challenge.opened' }>;

/**
 * I18, for challenges: a step that is challenged is not taken while that is open nor once the challenger was found right;
 * a challenge that nobody decided in time may lead to disable, never to delete. It counts from its hold on the chain.
 */
export const challenged: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const step = destruction(change);
    const act = step === undefined ? undefined : actOf(chronicle, change);
    if (step === undefined || act === undefined) return [];
    return challengesOf(chronicle, act).flatMap((challenge) => {
      const state = stateOf(chronicle, challenge, act);
      const forbids = state === 'undecided' ? step === 'delete' : state !== 'dismissed';
      return forbids ? [`I18: ${named(change)}: ${challenge.subject} is ${state}`] : [];
    });
  });

/** Of this very finding, with their hold on the credential before the intent. */
function challengesOf({ writes }: Chronicle, { intent, credentialId }: Act): Opened[] {
  const chain = writes.filter(
    ({ tick, event }) => event.subject === intent.event.subject && tick < intent.tick,
  );
  const opened = chain.findLast(
    ({ event }) => event.type === 'finding.opened' && event.rule === intent.event.rule,
  )?.event.at;
  return writes.flatMap(({ event }) => {
    if (event.type !== 'challenge.opened' || event.data.target.kind !== 'step') return [];
    const { target } = event.data;
    const isAbout =
      target.credentialId === credentialId &&
      target.rule === intent.event.rule &&
      target.findingOpenedAt === opened;
    const id = event.subject.slice('challenge#'.length);
    const holds = chain.some(({ event: each }) => each.type === 'hold.placed' && each.data.ref?.id === id);
    return isAbout && holds ? [event] : [];
  });
}

function stateOf({ writes }: Chronicle, { subject, data }: Opened, { intent, change }: Act): string {
  const verdict = writes.find(
    ({ tick, event }) =>
      event.subject === subject && tick < intent.tick && /\.(upheld|dismissed)$/.test(event.type),
  );
  if (verdict !== undefined) return verdict.event.type.slice('challenge.'.length);
  return change.sentAt >= data.decideBy ? 'undecided' : 'open';
}
