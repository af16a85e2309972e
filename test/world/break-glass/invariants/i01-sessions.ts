import type { Change, Chronicle, Invariant } from '../../chronicle.ts';
import { ASK_WITHIN_MS, freshSessions, type Granted, granted, is, issuedIn } from './grants.ts';

/**
 * I1: no session without an earlier durable intent of its grant, fresh enough and recorded before anything ended the grant;
 * it says whose it is and of which grant. Nobody is handed a session that is not on record, or recorded after the end.
 */
export const sessionsIntended: Invariant = (chronicle) => {
  const grants = granted(chronicle);
  return [
    ...freshSessions(chronicle).flatMap(({ change, grantId }) =>
      wrongWith(chronicle, change, grants.get(grantId)).map(
        (what) => `I1: #${change.tick} a session of ${grantId} ${what}`,
      ),
    ),
    ...[...grants.values()].flatMap(({ grantId, intents, over }) =>
      intents
        .filter(({ tick }) => tick > chronicle.checkedTo && over !== undefined && over.tick < tick)
        .map(({ tick, event }) => `I1: #${tick} ${event.type} on ${grantId} after its end`),
    ),
    ...chronicle.nights.handedOut.flatMap(({ tick, grantId, accessKeyId }) => {
      if (tick <= chronicle.checkedTo || isRecorded(grants.get(grantId), accessKeyId, tick)) return [];
      return [`I1: #${tick} a session of ${grantId} was handed out without being on record before its end`];
    }),
  ];
};

function wrongWith(chronicle: Chronicle, change: Change, grant: Granted | undefined): string[] {
  if (grant === undefined) return ['is of no grant on record'];
  const intent = grant.intents.findLast(({ tick }) => tick < change.sentTick);
  if (intent === undefined) return ['has no earlier intent'];
  const { sourceIdentity, tag } = issuedIn(change);
  const waited = Date.parse(change.at) - Date.parse(intent.at);
  return [
    ...(grant.over !== undefined && grant.over.tick < intent.tick ? ['was intended after the end'] : []),
    ...(waited > ASK_WITHIN_MS + chronicle.nights.clockSpreadMs ? [`was asked for ${waited} ms late`] : []),
    ...(sourceIdentity === grant.first.event.actor.person ? [] : [`is of ${String(sourceIdentity)}`]),
    ...(tag === grant.grantId ? [] : [`has the tag ${String(tag)}`]),
  ];
}

function isRecorded(grant: Granted | undefined, accessKeyId: string, until: number): boolean {
  const record = grant?.chain.find(
    (write) =>
      (is(write, 'grant.activated') || is(write, 'grant.issued')) &&
      write.event.data.accessKeyId === accessKeyId &&
      write.tick < until,
  );
  return record !== undefined && (grant?.over === undefined || record.tick < grant.over.tick);
}
