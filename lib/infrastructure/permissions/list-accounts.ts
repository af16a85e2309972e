import { workFiles } from './bucket-grants.ts';
import type { Grant, GrantResources } from './grant.ts';
import { appendTo, readChains, useTablesKey } from './ledger-grants.ts';

/** Opens a run: says in the ledger that it began, and writes down the accounts to sweep. */
export function listAccountsGrants(of: GrantResources): Grant[] {
  return [
    appendTo(of, 'run#*'),
    readChains(of, 'run#*'),
    useTablesKey(of),
    ...workFiles(of, { read: ['runs/'], write: ['runs/'], list: ['runs/'] }),
    ...listOrganization(of),
  ];
}

/** Which accounts the organisation has; nothing where they come from a list. */
export function listOrganization({ organizationId }: GrantResources): Grant[] {
  if (organizationId === undefined) return [];
  return [
    {
      sid: 'ListAccounts',
      actions: ['organizations:ListAccounts'],
      resources: ['*'],
      wildcard: 'AWS Organizations knows no resource for ListAccounts.',
    },
  ];
}

/** Whether one account is of the organisation; nothing where accounts come from a list. */
export function findAccount({ partition, organizationId }: GrantResources): Grant[] {
  if (organizationId === undefined) return [];
  return [
    {
      sid: 'FindAccount',
      actions: ['organizations:DescribeAccount'],
      resources: [`arn:${partition}:organizations::*:account/${organizationId}/*`],
      wildcard: 'The accounts of the one organisation, whose ARNs name its management account.',
    },
  ];
}
