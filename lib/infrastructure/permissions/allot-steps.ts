import { workFiles } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { readChains, useTablesKey } from './ledger-grants.ts';

/** The barrier: shares what the organisation's cap leaves among the accounts that have something due. */
export function allotStepsGrants(of: GrantResources): Grant[] {
  return [
    { ...readChains(of, 'cap#organisation'), actions: ['dynamodb:Query'] },
    useTablesKey(of),
    ...workFiles(of, { read: ['runs/'], write: ['runs/'], list: ['runs/'] }),
  ];
}
