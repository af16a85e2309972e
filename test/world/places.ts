import type { Instant } from '../../lib/domain/time.ts';

/** The account where every rule acts, and the one where only access-key-unused does. */
export const MAIN = '111122223333';
export const SIDE = '444455556666';
export const ACCOUNTS = [MAIN, SIDE] as const;
export type AccountId = (typeof ACCOUNTS)[number];

export const REGION = 'eu-central-1';
/** Monday morning, when every history begins. */
export const START: Instant = '2026-01-05T08:00:00.000Z';

/** Path and name of the break-glass user, an emergency identity that nothing may touch. */
export const EMERGENCY_USER = '/break-glass/emergency';
