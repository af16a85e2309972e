import type { Credential } from '../../domain/credential.ts';
import type { FoundStore, StoreCandidate } from '../../domain/rotation-store.ts';
import type { HoldsOnRequest } from '../../policy/index.ts';
import type { SweepContext } from '../context.ts';
import type { RotateKey } from '../rotation/order.ts';

export interface HoldersByValue {
  readonly holding: readonly StoreCandidate[];
  readonly unread: readonly StoreCandidate[];
}

/** What planning a rotation that somebody asked for needs beyond sweeping. */
export interface PlanningContext extends SweepContext {
  readonly holds: HoldsOnRequest;
  /** The secret that holds a key, found without reading any value. */
  readonly storeOf: (credential: Credential) => Promise<FoundStore>;
  /** Secrets whose values hold a key, and those that could not be read; absent where the policy does not allow to look. */
  readonly holdersOf: ((credential: Credential) => Promise<HoldersByValue>) | undefined;
  /** Principal ARN as which the janitor opens the secret that a key is delivered in. */
  readonly janitor: string;
}

/** What carrying it out needs as well. */
export interface OrderingContext extends PlanningContext {
  readonly rotateKey: RotateKey;
}
