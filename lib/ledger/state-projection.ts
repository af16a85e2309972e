import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { credentialOfSubject, subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import { RequestProjection } from './asked/request-projection.ts';
import {
  ACCOUNTS,
  accountPartition,
  decodeAccount,
  decodeState,
  encodeAccount,
  encodeState,
} from './state-codec.ts';
import type { StateItem } from './state-item.ts';
import { StateTable, type Written } from './state-table.ts';
import type { Item } from './stored-event.ts';
import { type AccountItem, accountItemOf, type SweepEvent } from './sweep-record.ts';
import { STATE_INDEXES } from './tables.ts';

/**
 * What the ledger says now, for queries: a projection that may be behind and never decides anything by itself.
 * Reads of the table are strongly consistent; those by owner, due date and name use indexes and are not.
 */
export class StateProjection {
  readonly #table: StateTable;
  /** Requests, exceptions, challenges and grants, in the same table. */
  readonly requests: RequestProjection;

  constructor(table: { readonly client: DynamoDBClient; readonly tableName: string }) {
    this.#table = new StateTable(table);
    this.requests = new RequestProjection(this.#table);
  }

  async get(accountId: string, credentialId: string): Promise<StateItem | undefined> {
    const item = await this.#table.get(accountPartition(accountId), subjects.credential(credentialId));
    return item === undefined ? undefined : decodeState(item);
  }

  async *ofAccount(accountId: string): AsyncGenerator<StateItem> {
    for await (const item of this.#partition(accountPartition(accountId))) yield decodeState(item);
  }

  /** The newest finished sweep of an account. */
  async account(accountId: string): Promise<AccountItem | undefined> {
    const item = await this.#table.get(ACCOUNTS, accountId);
    return item === undefined ? undefined : decodeAccount(item);
  }

  async *accounts(): AsyncGenerator<AccountItem> {
    for await (const item of this.#partition(ACCOUNTS)) yield decodeAccount(item);
  }

  /** Writes a row unless the one there is as new or newer. */
  project(state: StateItem): Promise<Written> {
    return this.#table.putNewer(encodeState(state));
  }

  projectSweep(event: SweepEvent): Promise<Written> {
    return this.#table.putNewer(encodeAccount(accountItemOf(event)));
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
  items(): AsyncGenerator<Item> {
    return this.#table.scan();
  }

  /** The row at the place of `like` as it is stored; for rebuild only. */
  item(like: Item): Promise<Item | undefined> {
    return this.#table.get(like.pk?.S ?? '', like.sk?.S ?? '');
  }

  /** Puts `item` over exactly the row `seen` (undefined: none); for rebuild only. */
  replace(item: Item, seen: Item | undefined): Promise<Written> {
    return this.#table.replace(item, seen);
  }

  /** Removes exactly the row `seen`; for rebuild only. */
  remove(seen: Item): Promise<Written> {
    return this.#table.remove(seen);
  }

  #partition(pk: string): AsyncGenerator<Item> {
    return this.#table.query({
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
    return this.#table.query({
      IndexName,
      KeyConditionExpression,
      ExpressionAttributeNames,
      ExpressionAttributeValues,
    });
  }
}
