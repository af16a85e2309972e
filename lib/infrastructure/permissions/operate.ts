import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, readChains, useTablesKey, writeState } from './ledger-grants.ts';
import { assumeMemberRoles } from './member-access.ts';

/** Chains that people's decisions are recorded on. */
const DECISIONS = ['halt#organisation', 'plans#*', 'policy#activation', 'credential#*', 'rotations#*'];

/** What people decide (halt, approve, restore, activate): recorded in the name of the authenticated caller. */
export function operateGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read', 'rotate', 'quarantine'),
    appendTo(of, ...DECISIONS),
    readChains(of, ...DECISIONS),
    writeState(of),
    useTablesKey(of),
    ...evidence(of, { read: ['policies/'], write: ['policies/'] }),
    {
      sid: 'ProveIdentityCenterCaller',
      actions: ['iam:GetRole'],
      resources: [`arn:${of.partition}:iam::${of.account}:role/aws-reserved/sso.amazonaws.com/*`],
      wildcard: 'Roles of permission sets end in a suffix that Identity Center makes up.',
    },
  ];
}
