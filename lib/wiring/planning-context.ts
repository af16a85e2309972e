import type { Credential } from '../domain/credential.ts';
import {
  type FoundStore,
  findStore,
  type StoreCandidate,
  type StoreRules,
} from '../domain/rotation-store.ts';
import { listStores } from '../inventory/index.ts';
import { compileHolds } from '../policy/index.ts';
import type { PlanningContext, SweepContext } from '../sweep/index.ts';

/**
 * What a rotation that somebody asks for is planned with, by a process that looks into no value of a secret and leaves
 * carrying out to another. `janitor`: principal ARN of the role that rotates.
 */
export function planningContext(context: SweepContext, janitor: string): PlanningContext {
  const { name } = context.policy.document.rotation.stores;
  return {
    ...context,
    janitor,
    holds: compileHolds(context.policy),
    storeOf: (credential) => storeOf(context, credential, { name }),
    holdersOf: undefined,
  };
}

async function storeOf(
  context: SweepContext,
  { principal, name }: Credential,
  rules: StoreRules,
): Promise<FoundStore> {
  if (principal === undefined) return { outcome: 'none' };
  return findStore(principal, name, await secretsOf(context, rules), rules);
}

/** Secrets that may hold the key of a user. */
export function secretsOf(
  { policy, partition, clients }: SweepContext,
  rules: StoreRules,
): Promise<readonly StoreCandidate[]> {
  return listStores(clients, { partition, regions: policy.document.inventory.regions, rules });
}
