import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, listState, readChainsOfAll, useTablesKey, writeState } from './ledger-grants.ts';
import { scheduleEnds } from './lending.ts';
import { assumeMemberRoles } from './member-access.ts';
import { keepDeadLetters, publishToOperators, putEvents, sendMail } from './notice-grants.ts';

/** Ends what is over, gathers what grants did, and records what was used without one. It can lend nothing. */
export function reconcileGrantsGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'break-glass'),
    appendTo(of, 'grant#*', 'credential#*'),
    readChainsOfAll(of),
    writeState(of),
    listState(of, 'listing'),
    useTablesKey(of),
    ...evidence(of, { read: ['break-glass/', 'policies/'], write: ['break-glass/'] }),
    ...scheduleEnds(of),
    ...sendMail(of),
    ...publishToOperators(of),
    putEvents(of),
    keepDeadLetters(of),
  ];
}
