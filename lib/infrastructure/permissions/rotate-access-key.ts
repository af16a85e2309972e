import { keyRotationGrants } from '../rotation/rotation-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, readChains, useTablesKey, writeState } from './ledger-grants.ts';

/**
 * Secrets Manager's function for secrets of the hub that hold a user's key: the only one with rights over keys itself. It
 * is told which secret it is for, so it never looks for one.
 */
export function rotateAccessKeyGrants(of: GrantResources): Grant[] {
  const { partition, account, region, reach } = of;
  return [
    ...keyRotationGrants({ partition, account, region }, { ...reach, comparesIds: false }),
    appendTo(of, 'credential#*'),
    readChains(of, 'credential#*'),
    writeState(of),
    useTablesKey(of),
  ];
}
