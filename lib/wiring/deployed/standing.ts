import type { Clock, Instant } from '../../domain/time.ts';
import { elapsed, MINUTE_MS } from '../../domain/time.ts';
import type { CallerDirectory } from '../../identity/index.ts';
import type { Environment } from './environment.ts';
import { accountsToSweep } from './members.ts';

type Place = Pick<Environment, 'ACCOUNTS' | 'HOME_REGION' | 'HUB_ACCOUNT'>;

/** Accounts join and leave rarely; a list this old still says who belongs. */
const KEPT_MS = 10 * MINUTE_MS;

/**
 * Whether an account is of the organisation, or of the stack's list. The list is kept for some minutes, also by those who
 * ask at once; one that cannot be read makes everybody but the hub's own account unknown.
 */
export function standingIn(environment: Place, clock: Clock): CallerDirectory['standingOf'] {
  let kept: { readonly at: Instant; readonly ids: Promise<ReadonlySet<string>> } | undefined;
  const members = () => {
    const now = clock.now();
    if (kept === undefined || elapsed(kept.at, now) > KEPT_MS) kept = { at: now, ids: listed(environment) };
    return kept.ids;
  };
  return async (accountId) => {
    if (accountId === environment.HUB_ACCOUNT) return 'member';
    try {
      return (await members()).has(accountId) ? 'member' : 'outside';
    } catch {
      kept = undefined;
      return 'unknown';
    }
  };
}

async function listed(environment: Place): Promise<ReadonlySet<string>> {
  const accounts = await accountsToSweep(environment, undefined);
  return new Set(accounts.map(({ accountId }) => accountId));
}
