import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, projectState, readWholeLedger, useTablesKey } from './ledger-grants.ts';
import { assumeMemberRoles } from './member-access.ts';

/** What people decide (halt, approve, restore, activate): recorded in the name of the authenticated caller. */
export function operateGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read', 'quarantine'),
    appendTo(of, 'halt#organisation', 'plans#*', 'policy#activation', 'credential#*', 'notices#*'),
    readWholeLedger(of),
    projectState(of),
    useTablesKey(of),
    ...evidence(of, { read: ['policies/', 'manifests/'], write: ['policies/'] }),
    {
      sid: 'ProveIdentityCenterCaller',
      actions: ['iam:GetRole'],
      resources: [`arn:${of.partition}:iam::${of.account}:role/aws-reserved/sso.amazonaws.com/*`],
      wildcard: 'Roles of permission sets end in a suffix that Identity Center makes up.',
    },
  ];
}
