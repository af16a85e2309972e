import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, listState, projectAsked, readChainsOfAll, useTablesKey } from './ledger-grants.ts';
import { lendRoles, scheduleEnds } from './lending.ts';
import { findAccount } from './list-accounts.ts';
import { assumeMemberRoles } from './member-access.ts';
import { publishToOperators, putEvents, sendMail } from './notice-grants.ts';
import { readOnCallToken } from './ticket-token.ts';

/** The broker: lends roles to whom the policy lets have them, and ends and reviews what it lent. */
export function grantAccessGrants(of: GrantResources): Grant[] {
  return [
    ...lendRoles(of),
    ...assumeMemberRoles(of, 'break-glass'),
    appendTo(of, 'grant#*'),
    readChainsOfAll(of),
    projectAsked(of),
    listState(of, 'listing'),
    useTablesKey(of),
    ...evidence(of, { read: ['break-glass/', 'policies/'] }),
    ...scheduleEnds(of),
    ...sendMail(of),
    ...publishToOperators(of),
    putEvents(of),
    ...findAccount(of),
    ...readOnCallToken(of),
    {
      sid: 'ProveIdentityCenterCaller',
      actions: ['iam:GetRole'],
      resources: [`arn:${of.partition}:iam::${of.account}:role/aws-reserved/sso.amazonaws.com/*`],
      wildcard: 'Roles of permission sets end in a suffix that Identity Center makes up.',
    },
  ];
}
