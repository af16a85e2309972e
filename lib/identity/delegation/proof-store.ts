import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { JanitorError } from '../../domain/error.ts';
import { type Instant, toMillis } from '../../domain/time.ts';

/** Remembers which proofs were used, as long as they could be used again. */
export interface ProofStore {
  /** Claims a proof for this use: false when it was claimed before. Throws `proof-store-unavailable`. */
  claim(proofId: string, until: Instant): Promise<boolean>;
}

/** The only clause of a claim. */
const NOT_CLAIMED = 'attribute_not_exists(proof)';

/**
 * One table, partition key `proof`; `until` is the second from which its time to live may remove an item. A claim is ONE
 * conditional Put; when its answer is lost, the item says by its claim id whose it is.
 */
export class DynamoProofStore implements ProofStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor({ client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string }) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async claim(proofId: string, until: Instant): Promise<boolean> {
    const claim = randomUUID();
    const Item = {
      proof: { S: proofId },
      claim: { S: claim },
      until: { N: String(Math.ceil(toMillis(until) / 1000)) },
    };
    try {
      await this.#client.send(
        new PutItemCommand({ TableName: this.#tableName, Item, ConditionExpression: NOT_CLAIMED }),
      );
      return true;
    } catch (error) {
      const claimed = await this.#claimOf(proofId).catch(() => undefined);
      if (claimed === undefined) throw unavailable(error);
      return claimed === claim;
    }
  }

  async #claimOf(proofId: string): Promise<string | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: { proof: { S: proofId } },
        ConsistentRead: true,
      }),
    );
    return Item?.claim?.S;
  }
}

/** Creates the table where it does not exist yet: local folders and tests. The deployed one comes from the stack. */
export async function createProofTable(client: DynamoDBClient, tableName: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'proof', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'proof', KeyType: 'HASH' }],
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceInUseException') throw unavailable(error);
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 60, minDelay: 0.02, maxDelay: 1 },
    { TableName: tableName },
  );
}

function unavailable(cause: unknown): JanitorError {
  return new JanitorError('whether a proof was used before cannot be found out now', {
    code: 'proof-store-unavailable',
    source: 'system',
    hint: 'Nothing was decided. Prove each hop anew and ask again.',
    cause,
  });
}
