import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { listOrganizationAccounts, type OrganizationAccount } from '../../inventory/index.ts';
import type { Environment } from './environment.ts';

const ACTIVE = 'ACTIVE';

/**
 * The accounts of a run: those named, else all of the organisation or of the stack's list. Accounts that are listed are
 * taken for active; whether they let us in shows when they are entered.
 */
export async function accountsToSweep(
  { ACCOUNTS, HOME_REGION }: Pick<Environment, 'ACCOUNTS' | 'HOME_REGION'>,
  named: readonly string[] | undefined,
): Promise<OrganizationAccount[]> {
  const all =
    ACCOUNTS === 'organization'
      ? await listOrganizationAccounts(new OrganizationsClient({ region: HOME_REGION }))
      : ACCOUNTS.map((accountId) => ({ accountId, state: ACTIVE }));
  if (named === undefined) return all;
  const states = new Map(all.map(({ accountId, state }) => [accountId, state]));
  return [...new Set(named)].map((accountId) => ({
    accountId,
    state: states.get(accountId) ?? 'NOT_A_MEMBER',
  }));
}
