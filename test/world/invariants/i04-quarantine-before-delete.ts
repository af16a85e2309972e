import { type Call, type Chronicle, freshJanitorChanges, type Invariant, isJanitor } from '../chronicle.ts';
import { OUR_SID, statementsOf } from '../deeds.ts';
import type { WorldCredential } from '../scenery.ts';
import { truthOf } from '../truth.ts';
import { type Act, actOf, destruction, named, waitOf } from './acts.ts';
import { quarantinedSince } from './quarantine.ts';

/**
 * I4: no deletion without a quarantine that is verified and old enough: recorded as verified at least the rule's wait
 * (never under three days) before, and by AWS's own log the credential was out of use during all that time.
 */
export const quarantineBeforeDelete: Invariant = (chronicle) =>
  freshJanitorChanges(chronicle).flatMap((change) => {
    const act = destruction(change) === 'delete' ? actOf(chronicle, change) : undefined;
    const { credential } = change;
    if (act === undefined || credential === undefined) return [];
    const wait = waitOf(act.rule, 'delete');
    const since = quarantinedSince(chronicle, act);
    if (since === undefined) return [`I4: ${named(change)}: there was no verified quarantine`];
    if (Date.parse(change.sentAt) - Date.parse(since.at) < wait) {
      return [`I4: ${named(change)}: its quarantine began only on ${since.at}`];
    }
    return wasInUse(chronicle, act, credential, since.tick)
      ? [`I4: ${named(change)}: it was in use again during its quarantine`]
      : [];
  });

/** In use, and the janitor was shown it: what an owner switches on and off again between two looks leaves no trace. */
function wasInUse(chronicle: Chronicle, act: Act, credential: WorldCredential, since: number): boolean {
  const inUse = (tick: number): boolean => {
    const { status, policy } = truthOf(chronicle.changes, credential, tick);
    if (credential.kind === 'access-key') return status === 'Active';
    return !statementsOf(policy).some((each) => each.Sid === OUR_SID);
  };
  const looks = chronicle.calls.filter(
    (call) =>
      call.tick > since &&
      call.tick < act.intent.tick &&
      call.answered &&
      isJanitor(call.process) &&
      (call.operation === 'ListAccessKeys' || call.operation === 'GetResourcePolicy') &&
      call.names.split(' ').includes(credential.user ?? credential.id) &&
      isOldNews(chronicle, credential, call),
  );
  return looks.some((look) => inUse(look.tick));
}

/** Nothing changed so shortly before the look that AWS may not have shown it. */
function isOldNews(chronicle: Chronicle, credential: WorldCredential, look: Call): boolean {
  return !chronicle.changes.some(
    (change) =>
      change.credential?.id === credential.id &&
      change.tick < look.tick &&
      Date.parse(look.at) - Date.parse(change.at) <= chronicle.consistencyDelayMs + 1000,
  );
}
