import { compilePolicy } from '../policy/index.ts';
import type { ReadingContext } from '../sweep/index.ts';
import type { OpenAccount } from './account.ts';

/** What deciding about an account needs: its clients and the policy, with their judge. */
export function readingContext({ clock, policy, clients, caller, pause }: OpenAccount): ReadingContext {
  return {
    clock,
    policy,
    judge: compilePolicy(policy),
    accountId: caller.accountId,
    partition: caller.partition,
    clients,
    pause,
  };
}
