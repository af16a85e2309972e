import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDecisionLedger } from '../../../lib/ledger/index.ts';
import { TABLES } from '../janitor-process.ts';
import type { World } from '../world.ts';

/**
 * The ledger, whose index of intervals is asked in one call where the real one asks for each of two days' intervals, and
 * shows what was written last only after a while, as a real index may. test/ledger tests the real one.
 */
export class IndexedLedger extends DynamoDecisionLedger {
  readonly #world: World;

  constructor(client: DynamoDBClient, world: World) {
    super({ client, tableName: TABLES.ledger });
    this.#world = world;
  }

  override async *subjectsIn(buckets: Iterable<string>): AsyncGenerator<string> {
    const wanted = new Set(buckets);
    await this.eventAt('index', 1);
    const { writes, options } = this.#world;
    const shown = this.#world.aws.clock.millis() - (options.consistencyDelayMs ?? 0);
    const found = writes.filter(({ at, event }) => wanted.has(event.bucket) && Date.parse(at) <= shown);
    yield* new Set(found.map(({ event }) => event.subject));
  }
}
