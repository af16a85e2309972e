import { workFiles } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, readChains, useTablesKey } from './ledger-grants.ts';
import { publishToOperators } from './notice-grants.ts';

/** Closes a run: counts what came of it, records it and tells the operators. */
export function finishRunGrants(of: GrantResources): Grant[] {
  return [
    appendTo(of, 'run#*'),
    readChains(of, 'run#*'),
    useTablesKey(of),
    ...workFiles(of, { read: ['runs/'], list: ['runs/'] }),
    ...publishToOperators(of),
  ];
}
