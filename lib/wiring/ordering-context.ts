import type { Credential } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import { type FoundStore, findStore } from '../domain/rotation-store.ts';
import { listStores } from '../inventory/index.ts';
import { compileHolds } from '../policy/index.ts';
import type { OrderingContext, SweepContext } from '../sweep/index.ts';

/** What a rotation that somebody asks for needs beyond a sweep. `janitor`: the principal ARN that rotates. */
export function orderingContext(context: SweepContext, janitor: string): OrderingContext {
  const { rotateKey } = context;
  if (rotateKey === undefined) throw cannotRotate();
  return {
    ...context,
    rotateKey,
    janitor,
    holds: compileHolds(context.policy),
    storeOf: (credential) => storeOf(context, credential),
  };
}

async function storeOf(context: SweepContext, { principal, name }: Credential): Promise<FoundStore> {
  if (principal === undefined) return { outcome: 'none' };
  const { rotation, inventory } = context.policy.document;
  const rules = { name: rotation.stores.name };
  const { partition, clients } = context;
  const candidates = await listStores(clients, { partition, regions: inventory.regions, rules });
  return findStore(principal, name, candidates, rules);
}

function cannotRotate(): JanitorError {
  return new JanitorError('rotating changes the account and is refused from here', {
    code: 'acting-refused',
    source: 'policy',
    hint: 'The command line changes embedded and loopback endpoints only; a real account is changed by the deployed service (--stack).',
  });
}
