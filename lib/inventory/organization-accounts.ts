import { ListAccountsCommand, type OrganizationsClient } from '@aws-sdk/client-organizations';
import { awsError } from '../aws/index.ts';
import { compare } from './problem.ts';

export interface OrganizationAccount {
  readonly accountId: string;
  /** ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED, PENDING_ACTIVATION, or a word that AWS adds one day. */
  readonly state: string;
}

const OPERATION = 'organizations:ListAccounts';

/**
 * All accounts of the organisation by id, through empty pages to the last one. `State` replaced `Status` in September
 * 2026; an account with neither counts as `UNKNOWN`. Throws the `aws-` errors: half an organisation is none.
 */
export async function listOrganizationAccounts(client: OrganizationsClient): Promise<OrganizationAccount[]> {
  const accounts = new Map<string, OrganizationAccount>();
  let NextToken: string | undefined;
  try {
    do {
      const page = await client.send(new ListAccountsCommand(NextToken === undefined ? {} : { NextToken }));
      for (const { Id, State, Status } of page.Accounts ?? []) {
        if (Id !== undefined) accounts.set(Id, { accountId: Id, state: State ?? Status ?? 'UNKNOWN' });
      }
      NextToken = page.NextToken === '' ? undefined : page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    throw awsError(error, OPERATION);
  }
  return [...accounts.values()].sort((a, b) => compare(a.accountId, b.accountId));
}
