import { evidence } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, readChains, useTablesKey, writeState } from './ledger-grants.ts';
import { assumeMemberRoles } from './member-access.ts';

/** Chains that people's decisions are recorded on. */
const DECISIONS = ['halt#organisation', 'plans#*', 'policy#activation', 'credential#*', 'rotations#*'];

/** What carrying out a rotation that somebody asked for takes beside: the account to itself, its pace, and telling its owner. */
const ROTATING = ['lease#*', 'cap#*', 'notices#*'];

/** What people decide (halt, approve, restore, rotate, activate): recorded in the name of the authenticated caller. */
export function operateGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read', 'rotate', 'quarantine'),
    appendTo(of, ...DECISIONS, ...ROTATING),
    readChains(of, ...DECISIONS, ...ROTATING),
    writeState(of),
    useTablesKey(of),
    ...evidence(of, { read: ['policies/'], write: ['policies/', 'notices/'] }),
    {
      sid: 'ProveIdentityCenterCaller',
      actions: ['iam:GetRole'],
      resources: [`arn:${of.partition}:iam::${of.account}:role/aws-reserved/sso.amazonaws.com/*`],
      wildcard: 'Roles of permission sets end in a suffix that Identity Center makes up.',
    },
  ];
}
