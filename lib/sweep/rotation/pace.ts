import { rotationsWithinDay } from '../../domain/account-chains.ts';
import { subjects } from '../../domain/subject.ts';
import { type Claim, type Claiming, claim } from '../caps.ts';
import type { ChainContext } from '../context.ts';

/**
 * Claims one of the account's rotations of the day. What is over does not wait for approval: it is the next day's, because
 * the pace is there to notice a bad rotation before the next, not to ask somebody.
 */
export function claimRotation(context: ChainContext, step: Claiming): Promise<Claim> {
  const { perAccountPerDay: limit } = context.policy.document.rotation;
  const { accountId, id } = step.credential;
  return claim(context, subjects.cap(accountId), step, 'rotation-pace', (events, now) => {
    const begun = rotationsWithinDay(events, now).filter((claimed) => claimed !== id).length;
    return begun < limit
      ? undefined
      : `${begun} rotations began in account ${accountId} within 24 hours; the limit is ${limit}`;
  });
}
