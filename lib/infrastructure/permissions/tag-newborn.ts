import type { Grant, GrantResources } from './grant.ts';
import { appendTo, readChains, useTablesKey, writeState } from './ledger-grants.ts';
import { assumeMemberRoles } from './member-access.ts';
import { keepDeadLetters } from './notice-grants.ts';

/** Labels a credential with owner and expiry right after its birth. */
export function tagNewbornGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read', 'tag'),
    appendTo(of, 'credential#*', 'lease#*'),
    readChains(of, 'credential#*', 'lease#*', 'halt#organisation', 'policy#activation', 'rotations#*'),
    writeState(of),
    useTablesKey(of),
    keepDeadLetters(of),
  ];
}
