import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type HttpHandler, HttpResponse } from '@smithy/core/protocols';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { type EmbeddedDynamo, embeddedDynamo } from '../../lib/embedded-aws/index.ts';
import {
  CredentialRecord,
  createLedgerTables,
  DynamoDecisionLedger,
  FileEvidenceStore,
  StateProjection,
} from '../../lib/ledger/index.ts';
import type { Item } from '../../lib/ledger/stored-event.ts';

export const TABLES = { ledger: 'ledger', state: 'state' } as const;

/**
 * What happens to one request on its way:
 * lost (applied, the answer never arrives), refused (not applied, connection reset), or an error answer of a status.
 */
export type Mishap = 'lost' | 'refused' | 500 | 503;

/** Decides per request; `operation` is as in `PutItem`. Undefined: all goes well. */
export type Mishaps = (operation: string) => Mishap | undefined | Promise<Mishap | undefined>;

export interface LocalLedger {
  readonly client: DynamoDBClient;
  readonly ledger: DynamoDecisionLedger;
  readonly state: StateProjection;
  readonly record: CredentialRecord;
  readonly evidence: FileEvidenceStore;
  readonly folder: string;
  /** Operations sent so far. */
  readonly sent: string[];
  /** From now on; undefined: nothing goes wrong any more. */
  mishaps(decide: Mishaps | undefined): void;
  /** A second process on the same tables. */
  other(): DynamoDecisionLedger;
  /** Writes an item past the ledger, as an attacker with write access would. */
  tamper(item: Item): Promise<void>;
  close(): Promise<void>;
}

/** A ledger in memory, in this process, whose connection can be made to fail. */
export async function localLedger(options: { readonly attempts?: number } = {}): Promise<LocalLedger> {
  const dynamo = await embeddedDynamo();
  const folder = await mkdtemp(join(tmpdir(), 'janitor-ledger-'));
  const sent: string[] = [];
  let decide: Mishaps | undefined;
  const requestHandler = unreliable(dynamo, sent, (operation) => decide?.(operation));
  const client = clientWith(requestHandler, options.attempts ?? 1);
  const steady = clientWith(dynamo.requestHandler, 1);
  await createLedgerTables(steady, TABLES);
  const ledger = new DynamoDecisionLedger({ client, tableName: TABLES.ledger });
  const state = new StateProjection({ client, tableName: TABLES.state });
  return {
    client,
    ledger,
    state,
    record: new CredentialRecord({ ledger, state }),
    evidence: new FileEvidenceStore(join(folder, 'evidence')),
    folder,
    sent,
    mishaps(next) {
      decide = next;
    },
    other: () => new DynamoDecisionLedger({ client: steady, tableName: TABLES.ledger }),
    async tamper(item) {
      await steady.send(new PutItemCommand({ TableName: TABLES.ledger, Item: item }));
    },
    async close() {
      client.destroy();
      steady.destroy();
      await dynamo.close();
      await rm(folder, { recursive: true });
    },
  };
}

function clientWith(requestHandler: HttpHandler, attempts: number): DynamoDBClient {
  return new DynamoDBClient({
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    requestHandler,
    retryStrategy: new ConfiguredRetryStrategy(attempts, 0),
  });
}

function unreliable(dynamo: EmbeddedDynamo, sent: string[], decide: Mishaps): HttpHandler {
  const inner = dynamo.requestHandler;
  return {
    ...inner,
    async handle(request, options) {
      const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      sent.push(operation);
      const mishap = await decide(operation);
      if (mishap === 'refused') throw connectionReset();
      if (typeof mishap === 'number') return { response: errorAnswer(mishap) };
      const answer = await inner.handle(request, options);
      if (mishap === 'lost') throw connectionReset();
      return answer;
    },
  };
}

function connectionReset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
}

function errorAnswer(statusCode: number): HttpResponse {
  const body = { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'something broke' };
  return new HttpResponse({ statusCode, headers: {}, body: Buffer.from(JSON.stringify(body)) });
}
