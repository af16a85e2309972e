import type { Credential } from '../../domain/credential.ts';
import type { FoundStore } from '../../domain/rotation-store.ts';
import type { HoldsOnRequest } from '../../policy/index.ts';
import type { SweepContext } from '../context.ts';
import type { RotateKey } from '../rotation/order.ts';

/** What carrying out a rotation that somebody asked for needs beyond sweeping. */
export interface OrderingContext extends SweepContext {
  readonly holds: HoldsOnRequest;
  /** The secret that holds a key, found without reading any value. */
  readonly storeOf: (credential: Credential) => Promise<FoundStore>;
  readonly rotateKey: RotateKey;
  /** Principal ARN as which the janitor opens the secret that a key is delivered in. */
  readonly janitor: string;
}
