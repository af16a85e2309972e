import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AwsClients, createAwsClients } from '../../lib/aws/index.ts';
import { accessKeyCredentialId } from '../../lib/domain/credential.ts';
import { type LedgerEvent, parseEvent } from '../../lib/domain/event.ts';
import { DOCUMENT_FIELDS, MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { type EmbeddedAccount, EmbeddedAws, type EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import {
  CredentialRecord,
  createLedgerTables,
  DynamoDecisionLedger,
  StateProjection,
} from '../../lib/ledger/index.ts';
import type { RotationContext } from '../../lib/rotation/index.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { MemoryDynamo } from '../world/dynamo/memory-dynamo.ts';

export const NOW = '2026-03-02T09:00:00.000Z';
export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const USER = 'deployer';
export const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/ci/${USER}`;
export const TOKEN = '0b7d6c1e-5a2f-4e63-9d0a-3c1f2e4b5a69';
export const OTHER_TOKEN = '7f3e2d1c-6b5a-4c4d-8e2f-1a0b9c8d7e6f';
export const ROTATOR = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:rotate-access-key`;

const TABLES = { ledger: 'ledger', state: 'state' };

/** One account of the embedded AWS with a ledger in memory; every process dies by the same faults. */
export class Ground {
  readonly aws: EmbeddedAws;
  readonly account: EmbeddedAccount;
  /** Every event in the order of writing. */
  readonly written: LedgerEvent[] = [];
  /** Every item written to the ledger and to its projection, as it was stored. */
  readonly stored: unknown[] = [];
  readonly #dynamo = new MemoryDynamo((table, item) => {
    this.stored.push(item);
    if (table === TABLES.ledger) this.written.push(eventOf(item.event));
  });

  readonly #clients = new Map<string, Promise<AwsClients>>();

  private constructor(options: EmbeddedAwsOptions) {
    this.aws = new EmbeddedAws({ now: NOW, ...options });
    this.account = this.aws.account(ACCOUNT);
  }

  static async open(options: EmbeddedAwsOptions = {}): Promise<Ground> {
    const ground = new Ground(options);
    const steady = directClient((operation, input) => Promise.resolve(ground.#dynamo.run(operation, input)));
    await createLedgerTables(steady, TABLES);
    return ground;
  }

  /** What a process of this name rotates with. */
  async context(process = 'main', overrides: Partial<RotationContext> = {}): Promise<RotationContext> {
    const ledger = new DynamoDecisionLedger({
      client: this.#ledgerClient(process),
      tableName: TABLES.ledger,
    });
    const state = new StateProjection({ client: this.#ledgerClient(process), tableName: TABLES.state });
    return {
      clock: { now: () => this.aws.clock.now().toISOString() },
      clients: await this.clients(process),
      pause: async (millis) => this.aws.clock.advance(millis),
      record: new CredentialRecord({ ledger, state }),
      actor: { kind: 'workload', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/janitor-rotate/rotation` },
      fields: DOCUMENT_FIELDS,
      stores: {},
      ...overrides,
    };
  }

  clients(process = 'main'): Promise<AwsClients> {
    const known = this.#clients.get(process);
    if (known !== undefined) return known;
    const made = createAwsClients({
      region: REGION,
      credentials: this.account.credentials(),
      requestHandler: () => this.aws.requestHandler({ process }),
      retryDelays: 'none',
    });
    this.#clients.set(process, made);
    return made;
  }

  #ledgerClient(process: string): DynamoDBClient {
    return new DynamoDBClient({
      region: REGION,
      credentials: this.account.credentials(),
      requestHandler: this.aws.faults.wrap(this.#dynamo.handler(), { process, service: 'dynamodb' }),
      maxAttempts: 1,
    });
  }

  /** Types of the events written so far, oldest first. */
  get told(): string[] {
    return this.written.map(({ type }) => type);
  }

  /** The user, with one key in use, and the secret that holds it. */
  seed(setup: Setup = {}): Seeded {
    const { userTags = { [MANAGED_TAG]: MANAGED }, keyStatus = 'Active', ...store } = setup;
    this.account.addUser({ name: USER, path: '/ci/', createdAt: '2025-01-01T00:00:00Z', tags: userTags });
    const key = this.account.addAccessKey(USER, {
      createdAt: '2025-02-01T00:00:00Z',
      status: keyStatus,
      lastUsed: { at: '2026-03-02T08:00:00Z' },
    });
    const secretId = this.seedStore(key, store);
    return { secretId, key, credentialId: accessKeyCredentialId(USER_ARN, key.id) };
  }

  seedStore(key: KeyOfUser, { document = {}, ...seed }: StoreSetup = {}): string {
    const value = JSON.stringify({
      accessKeyId: key.id,
      secretAccessKey: key.secretAccessKey,
      userName: USER,
      ...document,
    });
    return this.account.addSecret(REGION, {
      name: 'ci/deployer-key',
      tags: { [STORE_USER_TAG]: USER },
      value,
      rotation: { lambdaArn: ROTATOR, rules: { AutomaticallyAfterDays: 90 } },
      ...seed,
    });
  }
}

export interface KeyOfUser {
  readonly id: string;
  readonly secretAccessKey: string;
}

type SecretSeed = Parameters<EmbeddedAccount['addSecret']>[1];

export interface StoreSetup extends Partial<SecretSeed> {
  /** Fields of the value beside or instead of those of the key. */
  readonly document?: Readonly<Record<string, unknown>>;
}

export interface Setup extends StoreSetup {
  readonly userTags?: Record<string, string>;
  readonly keyStatus?: 'Active' | 'Inactive';
}

export interface Seeded {
  readonly secretId: string;
  readonly key: KeyOfUser;
  readonly credentialId: string;
}

function eventOf(stored: unknown): LedgerEvent {
  const text = typeof stored === 'object' && stored !== null && 'S' in stored ? stored.S : undefined;
  const parsed = parseEvent(JSON.parse(typeof text === 'string' ? text : 'null'));
  if (!parsed.ok) throw new TypeError(`an event was stored that cannot be read: ${parsed.reason}`);
  return parsed.event;
}
