import type { Actor } from '../../lib/domain/actor.ts';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { CredentialRecord, type EvidenceStore, StateProjection } from '../../lib/ledger/index.ts';
import type { Policy } from '../../lib/policy/index.ts';
import { noTicketSystem } from '../../lib/requests/index.ts';
import type { RecordingContext } from '../../lib/sweep/index.ts';
import { planningContext } from '../../lib/wiring/planning-context.ts';
import type { ServiceDesk } from '../../lib/wiring/service/index.ts';
import { NOW } from '../builders/credential.ts';
import { MemoryProofStore } from '../identity/delegation/scene.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { type Ground, SERVICE } from './ground.ts';
import { LOOKUPS } from './matrix-stage.ts';

export interface Staged {
  readonly ground: Ground;
  readonly policy: Policy;
  /** Another version of it, which is deployed and for somebody to approve. */
  readonly next: Policy;
  readonly evidence: EvidenceStore;
}

export function recording({ ground, policy, evidence }: Staged, actor: Actor): RecordingContext {
  const { clock, ledger } = ground.context;
  const client = directClient(async (operation, input) => ground.dynamo.run(operation, input));
  const state = new StateProjection({ client, tableName: 'state' });
  return { clock, ledger, state, record: new CredentialRecord({ ledger, state }), evidence, policy, actor };
}

/** The service over this stage. No cell reads or changes an account, and none is carried out. */
export function deskOf(staged: Staged): ServiceDesk {
  const { clock, ledger, state, record, evidence } = recording(staged, SERVICE);
  const nowhere = async (): Promise<never> => Promise.reject(new Error('nobody asked for this'));
  return {
    clock,
    ledger,
    state,
    record,
    evidence,
    policyInForce: async () => staged.policy,
    deployed: staged.next,
    self: SERVICE,
    lookups: LOOKUPS,
    delegations: {
      api: 'matrix/test',
      partition: 'aws',
      regions: ['eu-central-1'],
      sts: new EmbeddedAws({ now: NOW }).requestHandler(),
      proofs: new MemoryProofStore(),
    },
    ticketsOf: () => noTicketSystem,
    inAccount: nowhere,
    planning: (context, { janitor }) => planningContext(context, janitor),
    carryOut: async () => {},
    report: (what, error) => {
      throw new Error(what, { cause: error });
    },
  };
}

export function inMemory(): EvidenceStore {
  const objects = new Map<string, Uint8Array>();
  return {
    put: async (key, body) => {
      if (!(body instanceof Uint8Array)) throw new Error('only whole bodies are kept here');
      objects.set(key, body);
      return { key, sha256: 'a'.repeat(64) };
    },
    get: async (key) => {
      const body = objects.get(key);
      return body === undefined ? undefined : each(body);
    },
    list: () => each(...objects.keys()),
  };
}

async function* each<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}
