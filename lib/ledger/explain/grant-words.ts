import type { EndCause } from '../../domain/grant-events.ts';

/** Why a grant ends, after `since`. */
export const END_CAUSES: Readonly<Record<EndCause, string>> = {
  expired: 'its time is over',
  returned: 'it was returned',
  revoked: 'it was revoked',
  'reason-changed': 'the reason for it has changed',
  'not-recertified': 'it was not certified again',
  'never-active': 'its activation was not completed',
};

/** What an end found that had to mend it first. */
export const MENDED = 'somebody had changed the policy that denies ended grants, and it was written anew';
