import type { RequestKind } from '../../lib/domain/request-events.ts';
import { DAY_MS } from '../../lib/domain/time.ts';

/** What every version of the world's policy says about requests; the janitor never sees this table but in its policy. */
export const QUORUMS = {
  exception: 1,
  extension: 1,
  restore: 1,
  'rotate-now': 1,
  'approve-plan': 1,
  'policy-override': 2,
} as const satisfies Readonly<Record<RequestKind, number>>;

/** Pre-approved within this. */
export const ROUTINE_MS = { exception: DAY_MS } as const;
/** All exceptions of a credential that follow each other. */
export const EXEMPT_AT_MOST_MS = 10 * DAY_MS;

const guarded = { tier: 'guarded', longest: '8d' } as const;

/** The same as the policy file says it. */
export const REQUESTS = {
  kinds: {
    exception: guarded,
    extension: guarded,
    restore: guarded,
    'rotate-now': { tier: 'guarded', longest: '7d' },
    'approve-plan': { tier: 'guarded', longest: '7d' },
    'policy-override': { tier: 'critical', longest: '8d' },
  },
  routine: { exception: '1d' },
  approvers: [{ tier: 'guarded', group: 'security', quorum: 1 }],
  pending: '2d',
  finish: '6h',
  exemptAtMost: '10d',
  challenges: { group: 'security', decideWithin: '2d' },
} as const;
