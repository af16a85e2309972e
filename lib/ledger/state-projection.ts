import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { credentialOfSubject, subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import {
  ACCOUNTS,
  accountPartition,
  decodeAccount,
  decodeState,
  encodeAccount,
  encodeState,
} from './state-codec.ts';
import type { StateItem } from './state-item.ts';
import { isConditionFailed, storeCall } from './store-error.ts';
import type { Item } from './stored-event.ts';
import { type AccountItem, accountItemOf, type SweepEvent } from './sweep-record.ts';
import { STATE_INDEXES } from './tables.ts';

/** A row is written only when it is new, or further along its chain than the one there. */
const IS_NEW = 'attribute_not_exists(pk)';
const IS_NEWER = 'seq < :seq';

/**
 * What the ledger says now, for queries: a projection that may be behind and never decides anything by itself.
 * Reads of the table are strongly consistent; those by owner, due date and name use indexes and are not.
 */
export class StateProjection {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor({ client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string }) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async get(accountId: string, credentialId: string): Promise<StateItem | undefined> {
    const item = await this.#get(accountPartition(accountId), subjects.credential(credentialId));
    return item === undefined ? undefined : decodeState(item);
  }

  async *ofAccount(accountId: string): AsyncGenerator<StateItem> {
    for await (const item of this.#partition(accountPartition(accountId))) yield decodeState(item);
  }

  /** The newest finished sweep of an account. */
  async account(accountId: string): Promise<AccountItem | undefined> {
    const item = await this.#get(ACCOUNTS, accountId);
    return item === undefined ? undefined : decodeAccount(item);
  }

  async *accounts(): AsyncGenerator<AccountItem> {
    for await (const item of this.#partition(ACCOUNTS)) yield decodeAccount(item);
  }

  /** Writes a row unless the one there is as new or newer. */
  async project(state: StateItem): Promise<{ readonly written: boolean }> {
    return this.#putNewer(encodeState(state));
  }

  async projectSweep(event: SweepEvent): Promise<{ readonly written: boolean }> {
    return this.#putNewer(encodeAccount(accountItemOf(event)));
  }

  /** Credential ids by bare access key id or secret name. */
  async named(name: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const item of this.#index(STATE_INDEXES.name, '#key = :key', { '#key': 'name' }, name)) {
      const id = credentialOfSubject(item.sk?.S ?? '');
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  async *ofOwner(ownerId: string): AsyncGenerator<StateItem> {
    const found = this.#index(STATE_INDEXES.owner, '#key = :key', { '#key': 'ownerId' }, ownerId);
    for await (const item of found) yield decodeState(item);
  }

  /** Credentials of an account with a destructive step announced for `until` or earlier, the earliest first. */
  async *due(accountId: string, until: Instant): AsyncGenerator<StateItem> {
    const condition = '#key = :key AND dueAt <= :until';
    const partition = accountPartition(accountId);
    const found = this.#index(STATE_INDEXES.due, condition, { '#key': 'pk' }, partition, {
      ':until': { S: until },
    });
    for await (const item of found) yield decodeState(item);
  }

  /** Every row as it is stored; for verify, rebuild and export only. */
  async *items(): AsyncGenerator<Item> {
    const input = { TableName: this.#tableName, ConsistentRead: true };
    let ExclusiveStartKey: Item | undefined;
    do {
      const next = ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey };
      const page = await storeCall('state', 'be read as a whole (dynamodb:Scan)', () =>
        this.#client.send(new ScanCommand({ ...input, ...next })),
      );
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }

  /** The row at the place of `like` as it is stored; for rebuild only. */
  item(like: Item): Promise<Item | undefined> {
    return this.#get(like.pk?.S ?? '', like.sk?.S ?? '');
  }

  /** Puts `item` over exactly the row `seen` (undefined: none); for rebuild only. */
  async replace(item: Item, seen: Item | undefined): Promise<{ readonly written: boolean }> {
    return this.#conditional('replace a row (dynamodb:PutItem)', () =>
      this.#client.send(new PutItemCommand({ TableName: this.#tableName, Item: item, ...unchanged(seen) })),
    );
  }

  /** Removes exactly the row `seen`; for rebuild only. */
  async remove(seen: Item): Promise<{ readonly written: boolean }> {
    const { pk, sk } = seen;
    const Key = { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } };
    return this.#conditional('remove a row (dynamodb:DeleteItem)', () =>
      this.#client.send(new DeleteItemCommand({ TableName: this.#tableName, Key, ...unchanged(seen) })),
    );
  }

  #putNewer(item: Item): Promise<{ readonly written: boolean }> {
    return this.#conditional('project an event (dynamodb:PutItem)', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: item,
          ConditionExpression: `${IS_NEW} OR ${IS_NEWER}`,
          ExpressionAttributeValues: { ':seq': item.seq ?? { N: '0' } },
        }),
      ),
    );
  }

  async #conditional(doing: string, write: () => Promise<unknown>): Promise<{ readonly written: boolean }> {
    return storeCall('state', doing, async () => {
      try {
        await write();
        return { written: true };
      } catch (error) {
        if (isConditionFailed(error)) return { written: false };
        throw error;
      }
    });
  }

  async #get(pk: string, sk: string): Promise<Item | undefined> {
    const Key = { pk: { S: pk }, sk: { S: sk } };
    const { Item: item } = await storeCall('state', `read ${sk} (dynamodb:GetItem)`, () =>
      this.#client.send(new GetItemCommand({ TableName: this.#tableName, Key, ConsistentRead: true })),
    );
    return item;
  }

  #partition(pk: string): AsyncGenerator<Item> {
    return this.#query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ConsistentRead: true,
    });
  }

  #index(
    IndexName: string,
    KeyConditionExpression: string,
    ExpressionAttributeNames: Record<string, string>,
    key: string,
    more: Item = {},
  ): AsyncGenerator<Item> {
    const ExpressionAttributeValues = { ':key': { S: key }, ...more };
    return this.#query({
      IndexName,
      KeyConditionExpression,
      ExpressionAttributeNames,
      ExpressionAttributeValues,
    });
  }

  async *#query(query: Partial<QueryCommandInput>): AsyncGenerator<Item> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const next = ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey };
      const page = await storeCall('state', 'be read (dynamodb:Query)', () =>
        this.#client.send(new QueryCommand({ TableName: this.#tableName, ...query, ...next })),
      );
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
}

/** The row is still the one that was seen. */
function unchanged(seen: Item | undefined) {
  if (seen === undefined) return { ConditionExpression: IS_NEW };
  const { seq, hash } = seen;
  return {
    ConditionExpression: 'seq = :seq AND #hash = :hash',
    ExpressionAttributeNames: { '#hash': 'hash' },
    ExpressionAttributeValues: { ':seq': seq ?? { N: '0' }, ':hash': hash ?? { S: '' } },
  };
}
