import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, listState, readChainsOfAll, useTablesKey, writeState } from './ledger-grants.ts';
import { assumeMemberRoles } from './member-access.ts';
import { keepDeadLetters, publishToOperators, putEvents, sendMail } from './notice-grants.ts';

/** Chains of what is carried out, and of what carrying out a rotation takes beside: the account to itself, its pace, its notice. */
const CARRIED_OUT = [
  'request#*',
  'exception#*',
  'challenge#*',
  'credential#*',
  'plans#*',
  'rotations#*',
  'lease#*',
  'cap#*',
  'notices#*',
];

/** Carries out what was approved, lets lapse what is overdue, and tells approvers and owners. */
export function carryOutRequestsGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read', 'rotate', 'quarantine'),
    appendTo(of, ...CARRIED_OUT),
    readChainsOfAll(of),
    writeState(of),
    listState(of, 'listing'),
    useTablesKey(of),
    ...evidence(of, { read: ['policies/'], write: ['notices/'] }),
    ...sendMail(of),
    ...publishToOperators(of),
    putEvents(of),
    keepDeadLetters(of),
  ];
}
