import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AwsClients, createAwsClients } from '../../lib/aws/index.ts';
import type { Actor } from '../../lib/domain/actor.ts';
import { fromMillis } from '../../lib/domain/time.ts';
import type { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { CredentialRecord, DynamoDecisionLedger, StateProjection } from '../../lib/ledger/index.ts';
import type { RecordingContext, SweepContext } from '../../lib/sweep/index.ts';
import { rotateKeyWith } from '../../lib/wiring/rotate-key.ts';
import { directClient } from './dynamo/direct-client.ts';
import type { MemoryDynamo } from './dynamo/memory-dynamo.ts';
import { type EvidenceObjects, MemoryEvidence } from './memory-evidence.ts';
import type { Network } from './network.ts';
import { type Outbox, WorldDelivery } from './outbox.ts';
import { type AccountId, REGION } from './places.ts';
import type { WorldPolicy } from './policies.ts';
import { unsigned } from './unsigned.ts';

/** What all processes of a world share. */
export interface Surroundings {
  readonly aws: EmbeddedAws;
  readonly dynamo: MemoryDynamo;
  readonly network: Network;
  readonly evidence: EvidenceObjects;
  readonly outbox: Outbox;
  readonly nextId: () => string;
}

export const TABLES = { ledger: 'ledger', state: 'state' } as const;

/** A process of the janitor, or the desk at which people run its commands, until it crashes. */
export class JanitorProcess {
  readonly name: string;
  /** Its way to the tables, under the world's faults. */
  readonly dynamo: DynamoDBClient;
  readonly #world: Surroundings;
  readonly #clients = new Map<string, Promise<AwsClients>>();

  constructor(world: Surroundings, name: string) {
    this.#world = world;
    this.name = name;
    this.dynamo = dynamoClient(world, name);
  }

  /** What recording needs: no account is read. */
  recording({ policy }: WorldPolicy, actor: Actor): RecordingContext {
    const { aws, network, evidence } = this.#world;
    const ledger = new DynamoDecisionLedger({ client: this.dynamo, tableName: TABLES.ledger });
    const state = new StateProjection({ client: this.dynamo, tableName: TABLES.state });
    return {
      clock: { now: () => fromMillis(aws.clock.millis()) },
      policy,
      ledger,
      state,
      record: new CredentialRecord({ ledger, state }),
      evidence: new MemoryEvidence(evidence, network, this.name),
      actor,
    };
  }

  /** Everything a use case needs, built as lib/wiring builds it, on simulated endpoints. */
  async context(accountId: AccountId, version: WorldPolicy, actor: Actor): Promise<SweepContext> {
    const { network, outbox, nextId } = this.#world;
    const clients = await this.#clientsOf(accountId);
    const delivery = new WorldDelivery(outbox, network, this.name);
    const recording = this.recording(version, actor);
    const pause = (millis: number) => network.advance(millis);
    return {
      ...recording,
      rotateKey: rotateKeyWith({ ...recording, pause }, async () => ({ ok: true, clients })),
      judge: version.judge,
      accountId,
      partition: 'aws',
      clients,
      pause,
      acting: async () => ({ ok: true as const, clients: clients.acting }),
      delivery,
      bounces: () => delivery.bounces(),
      holder: this.name,
      newId: nextId,
    };
  }

  #clientsOf(accountId: AccountId): Promise<AwsClients> {
    const known = this.#clients.get(accountId);
    if (known !== undefined) return known;
    const { aws, network } = this.#world;
    const inner = aws.requestHandler({ process: this.name });
    const handler = network.handler(this.name, inner, aws.requestHandler({ process: 'wire' }));
    const credentials = aws.account(accountId).credentials();
    const made = createAwsClients({
      region: REGION,
      credentials,
      requestHandler: () => handler,
      retryDelays: 'none',
    }).then((clients) => unsigned(clients, credentials.accessKeyId));
    this.#clients.set(accountId, made);
    return made;
  }
}

/** Attempts of one call, as the SDK makes them, without sleeping in between. */
const ATTEMPTS = 3;

/** A client under the world's faults that retries as the SDK does: whatever was throttled, lost or a server error. */
function dynamoClient({ dynamo, network }: Surroundings, process: string): DynamoDBClient {
  return directClient(async (operation, input) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await network.call(process, 'dynamodb', operation, () => dynamo.run(operation, input), fail);
      } catch (error) {
        if (!(error instanceof Unanswered) || attempt === ATTEMPTS) throw error;
      }
    }
  });
}

class Unanswered extends Error {
  override readonly name: string;

  constructor(name: string) {
    super('an injected fault');
    this.name = name;
  }
}

function fail(effect: string): never {
  if (effect === 'throttle') throw new Unanswered('ProvisionedThroughputExceededException');
  throw new Unanswered(effect === 'error' ? 'InternalServerError' : 'TimeoutError');
}
