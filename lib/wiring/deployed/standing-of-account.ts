import {
  AccountNotFoundException,
  DescribeAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { lazily } from '../../domain/lazily.ts';
import { type Clock, elapsed, type Instant, MINUTE_MS } from '../../domain/time.ts';
import type { CallerDirectory } from '../../identity/index.ts';
import type { Environment } from './environment.ts';

/** Accounts leave rarely. */
const KEPT_MS = 10 * MINUTE_MS;

type Place = Pick<Environment, 'ACCOUNTS' | 'HOME_REGION' | 'HUB_ACCOUNT'>;

/**
 * Whether an account is of the organisation, or of the stack's list, in one call about this account alone: somebody who
 * waits for credentials does not wait for a list of ten thousand. That it is a member is kept for some minutes.
 */
export function standingOfAccount(
  { ACCOUNTS, HOME_REGION: region, HUB_ACCOUNT: hub }: Place,
  clock: Clock,
  client: () => Pick<OrganizationsClient, 'send'> = lazily(() => new OrganizationsClient({ region })),
): CallerDirectory['standingOf'] {
  const listed = new Set(ACCOUNTS === 'organization' ? [hub] : [hub, ...ACCOUNTS]);
  const seen = new Map<string, Instant>();
  return async (accountId) => {
    if (listed.has(accountId)) return 'member';
    if (ACCOUNTS !== 'organization') return 'outside';
    const now = clock.now();
    const at = seen.get(accountId);
    if (at !== undefined && elapsed(at, now) <= KEPT_MS) return 'member';
    try {
      await client().send(new DescribeAccountCommand({ AccountId: accountId }));
      seen.set(accountId, now);
      return 'member';
    } catch (error) {
      return error instanceof AccountNotFoundException ? 'outside' : 'unknown';
    }
  };
}
