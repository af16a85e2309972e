import type { Grant, GrantResources } from './grant.ts';
import { appendTo, readChains, useTablesKey, writeState } from './ledger-grants.ts';
import { keepDeadLetters } from './notice-grants.ts';

/** Records that a notice did not arrive, so that no wait counts from it. */
export function recordBounceGrants(of: GrantResources): Grant[] {
  return [
    appendTo(of, 'credential#*', 'notices#*'),
    readChains(of, 'credential#*', 'notices#*'),
    writeState(of),
    useTablesKey(of),
    keepDeadLetters(of),
  ];
}
