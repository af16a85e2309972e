import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, listState, projectAsked, readWholeLedger, useTablesKey } from './ledger-grants.ts';
import { listOrganization } from './list-accounts.ts';
import { assumeMemberRoles } from './member-access.ts';
import { putEvents } from './notice-grants.ts';
import { readTicketToken } from './ticket-token.ts';

/** Chains that what people and workloads ask, decide and challenge is recorded on; holds lie on the credential's own. */
const ASKED = [
  'request#*',
  'exception#*',
  'challenge#*',
  'credential#*',
  'plans#*',
  'halt#organisation',
  'policy#activation',
  'rotations#*',
];

/** The API: records what is asked and decided in the name of the authenticated caller, and has others carry it out. */
export function answerRequestsGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read', 'quarantine'),
    appendTo(of, ...ASKED),
    readWholeLedger(of),
    projectAsked(of),
    listState(of, 'listing', 'name'),
    useTablesKey(of),
    {
      sid: 'ClaimProofs',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [of.proofTable],
    },
    ...evidence(of, { read: ['manifests/', 'policies/'], write: ['policies/'] }),
    { ...putEvents(of), sid: 'HaveItCarriedOut' },
    ...listOrganization(of),
    ...readTicketToken(of),
    {
      sid: 'ProveIdentityCenterCaller',
      actions: ['iam:GetRole'],
      resources: [`arn:${of.partition}:iam::${of.account}:role/aws-reserved/sso.amazonaws.com/*`],
      wildcard: 'Roles of permission sets end in a suffix that Identity Center makes up.',
    },
  ];
}
