import { evidence, workFiles } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, projectState, readWholeLedger, useTablesKey } from './ledger-grants.ts';
import { assumeMemberRoles } from './member-access.ts';
import { readTicketToken } from './ticket-token.ts';

/** Reads one account and decides; changes nothing in it. */
export function decideAccountGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read'),
    appendTo(of, 'credential#*', 'exception#*', 'plans#*', 'notices#*', 'lease#*', 'sweep#*'),
    readWholeLedger(of),
    projectState(of),
    useTablesKey(of),
    ...readTicketToken(of),
    ...evidence(of, { read: ['manifests/', 'policies/', 'notices/'], write: ['manifests/', 'policies/'] }),
    ...workFiles(of, { read: ['runs/', 'sweeps/'], write: ['runs/', 'sweeps/'], list: ['runs/', 'sweeps/'] }),
  ];
}
