import { accessKeyCredentialId } from '../../lib/domain/credential.ts';
import { type LedgerEvent, parseEvent } from '../../lib/domain/event.ts';
import type { EventType } from '../../lib/domain/event-data.ts';
import { DAY_MS, fromMillis, type Instant, plus } from '../../lib/domain/time.ts';
import { type ChangeRecord, EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { createLedgerTables } from '../../lib/ledger/index.ts';
import {
  activatePolicy,
  type RecordingContext,
  type SweepContext,
  type SweepResult,
  sweepAccount,
} from '../../lib/sweep/index.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { MemoryDynamo } from '../world/dynamo/memory-dynamo.ts';
import { JanitorProcess, TABLES } from '../world/janitor-process.ts';
import type { EvidenceObjects } from '../world/memory-evidence.ts';
import { Outbox } from '../world/outbox.ts';
import { actorOf, type PersonName } from '../world/people.ts';
import { type AccountId, MAIN, REGION } from '../world/places.ts';
import type { WorldPolicy } from '../world/policies.ts';
import { type PolicyOverrides, policyWith } from './ground-policy.ts';
import { HookedNetwork } from './hooked-network.ts';

export const T0: Instant = '2026-01-05T08:00:00.000Z';

interface KeySetup {
  readonly user: string;
  readonly path?: string;
  /** The user's `owner` tag; null: none. */
  readonly owner?: string | null;
  readonly createdDays?: number;
  /** null: never used. */
  readonly usedDays?: number | null;
  readonly status?: 'Active' | 'Inactive';
  readonly account?: AccountId;
  readonly secretAccessKey?: string;
  /** Tags of the user beside its owner. */
  readonly tags?: Readonly<Record<string, string>>;
}

interface SecretSetup {
  readonly name: string;
  readonly owner?: string | null;
  readonly usedDays?: number;
  readonly value?: string;
  readonly resourcePolicy?: string;
  readonly createdDays?: number;
  /** Days since its last rotation. */
  readonly rotatedDays?: number;
  /** ARN of its rotation function. */
  readonly lambdaArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

interface SweepSetup {
  readonly process?: string;
  readonly by?: PersonName;
  readonly enforce?: boolean;
  readonly policy?: WorldPolicy;
  readonly account?: AccountId;
}

export interface Key {
  readonly id: string;
  readonly user: string;
  readonly keyId: string;
}

/** One embedded AWS with a ledger, evidence and mail in memory; the policy of the test is active from the start. */
export class Ground {
  readonly aws = new EmbeddedAws({ now: T0, report: { polls: 1 } });
  readonly dynamo = new MemoryDynamo((table, item) => {
    if (table === TABLES.ledger) this.written.push(eventOf(item.event));
  });
  /** Every event in the order of writing. */
  readonly written: LedgerEvent[] = [];
  readonly network = new HookedNetwork(this.aws, { sent: () => this.#stamp(), applied() {} });
  readonly evidence: EvidenceObjects = new Map();
  readonly outbox = new Outbox(() => this.#stamp());
  policy: WorldPolicy;
  #tick = 0;
  #ids = 0;
  readonly #users = new Map<string, string>();
  readonly #processes = new Map<string, JanitorProcess>();

  private constructor(policy: WorldPolicy) {
    this.policy = policy;
  }

  static async create(overrides: PolicyOverrides = {}): Promise<Ground> {
    const ground = new Ground(policyWith(overrides));
    const direct = directClient(async (operation, input) => ground.dynamo.run(operation, input));
    await createLedgerTables(direct, TABLES);
    await activatePolicy(ground.desk('alice'));
    return ground;
  }

  nextId = (): string => {
    this.#ids += 1;
    return `sweep-${this.#ids}`;
  };

  now(): Instant {
    return fromMillis(this.aws.clock.millis());
  }

  async wait(days: number): Promise<void> {
    await this.network.advance(days * DAY_MS);
  }

  /** A key of an own user, created 200 days ago and last used 60 days ago unless said otherwise. */
  key(setup: KeySetup): Key {
    const { user, path = '/ci/', owner = 'dave', createdDays = 200, usedDays = 60, status, account } = setup;
    const there = this.aws.account(account ?? MAIN);
    const tags = { tags: { ...(owner === null ? {} : { owner }), ...setup.tags } };
    const createdAt = this.ago(createdDays);
    const arn = this.#users.get(user) ?? there.addUser({ name: user, path, createdAt, ...tags }).arn;
    this.#users.set(user, arn);
    const { id: keyId } = there.addAccessKey(user, {
      createdAt,
      ...(status === undefined ? {} : { status }),
      ...(usedDays === null ? {} : { lastUsed: { at: this.ago(usedDays) } }),
      ...(setup.secretAccessKey === undefined ? {} : { secretAccessKey: setup.secretAccessKey }),
    });
    return { id: accessKeyCredentialId(arn, keyId), user, keyId };
  }

  /** A secret last read 120 days ago unless said otherwise. Returns its ARN, which is its id. */
  secret(setup: SecretSetup): string {
    const { name, owner = 'dave', usedDays = 120, value, resourcePolicy, createdDays = 300 } = setup;
    const { rotatedDays, lambdaArn } = setup;
    return this.aws.account(MAIN).addSecret(REGION, {
      name,
      value: value ?? 'ordinary',
      createdAt: this.ago(createdDays),
      ...(rotatedDays === undefined ? {} : { lastRotatedAt: this.ago(rotatedDays) }),
      ...(lambdaArn === undefined ? {} : { rotation: { lambdaArn } }),
      lastAccessedAt: this.ago(usedDays),
      tags: { ...(owner === null ? {} : { owner }), ...setup.tags },
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    });
  }

  ago(days: number): Instant {
    return plus(this.now(), -days * DAY_MS);
  }

  context({ process = 'sweeper', by = 'robot', policy, account }: SweepSetup = {}): Promise<SweepContext> {
    return this.#process(process).context(account ?? MAIN, policy ?? this.policy, actorOf(by));
  }

  sweep = async (setup: SweepSetup = {}): Promise<SweepResult> =>
    sweepAccount(await this.context(setup), { enforce: setup.enforce ?? true });

  /** What somebody at the janitor's desk works with. */
  desk(by: PersonName, policy = this.policy): RecordingContext {
    return this.#process('desk').recording(policy, actorOf(by));
  }

  /** Lets something happen right before the first call of the sweep after it has recorded an intent. */
  afterIntent(run: () => Promise<unknown>, process = 'sweeper'): void {
    const before = this.of('step.intended').length;
    this.network.meanwhile({ process, before: () => this.of('step.intended').length > before, run });
  }

  of<T extends EventType>(type: T): Extract<LedgerEvent, { type: T }>[] {
    return this.written.filter((event): event is Extract<LedgerEvent, { type: T }> => event.type === type);
  }

  /** Events on the chain of one credential, by type. */
  story(credentialId: string): string[] {
    return this.written.flatMap((event) =>
      event.subject === `credential#${credentialId}` ? [event.type] : [],
    );
  }

  /** What was changed in AWS, by whomever, since `from` changes. */
  changes(from = 0): readonly ChangeRecord[] {
    return this.aws.changes.all.slice(from);
  }

  /** `UpdateAccessKey deployer/AKIA...` and so on, oldest first. */
  deeds(from = 0): string[] {
    return this.changes(from).map(({ operation, target }) => `${operation} ${target}`);
  }

  #process(name: string): JanitorProcess {
    const known = this.#processes.get(name) ?? new JanitorProcess(this, name);
    this.#processes.set(name, known);
    return known;
  }

  #stamp() {
    this.#tick += 1;
    return { tick: this.#tick, at: this.now() };
  }
}

function eventOf(stored: unknown): LedgerEvent {
  const text = typeof stored === 'object' && stored !== null && 'S' in stored ? stored.S : undefined;
  const parsed = parseEvent(JSON.parse(typeof text === 'string' ? text : 'null'));
  if (!parsed.ok) throw new TypeError(`an event was stored that cannot be read: ${parsed.reason}`);
  return parsed.event;
}
