import { evidence, workFiles } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, projectState, readWholeLedger, useTablesKey } from './ledger-grants.ts';
import { assumeMemberRoles } from './member-access.ts';
import { publishToOperators, putEvents, sendMail } from './notice-grants.ts';

/** Tells owners and does what is due in one account: the only function with every acting role. */
export function actOnAccountGrants(of: GrantResources): Grant[] {
  return [
    ...assumeMemberRoles(of, 'read', 'tag', 'rotate', 'quarantine', 'delete'),
    appendTo(of, 'credential#*', 'plans#*', 'notices#*', 'lease#*', 'sweep#*', 'cap#*', 'rotations#*'),
    readWholeLedger(of),
    projectState(of),
    useTablesKey(of),
    ...evidence(of, {
      read: ['manifests/', 'policies/', 'notices/'],
      write: ['manifests/', 'policies/', 'notices/'],
    }),
    ...workFiles(of, { read: ['runs/', 'sweeps/'], write: ['runs/', 'sweeps/'], list: ['runs/', 'sweeps/'] }),
    ...sendMail(of),
    ...publishToOperators(of),
    putEvents(of),
  ];
}
