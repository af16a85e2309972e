// Must be refused: reading that knows the policy.
import type { Policy } from '../../../../../lib/policy/index.ts';

export type Reached = Policy;
