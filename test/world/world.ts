import type { LedgerEvent } from '../../lib/domain/event.ts';
import { parseEvent } from '../../lib/domain/event.ts';
import { fromMillis, type Instant } from '../../lib/domain/time.ts';
import type { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { createLedgerTables } from '../../lib/ledger/index.ts';
import { Nights } from './break-glass/nights.ts';
import {
  type Bounced,
  type Call,
  type Change,
  type Chronicle,
  type Errand,
  isJanitor,
  type OwnerAct,
  type Stamp,
  type SweepRun,
  type TicketNews,
  type Use,
  type Write,
} from './chronicle.ts';
import { directClient } from './dynamo/direct-client.ts';
import type { Item } from './dynamo/expression.ts';
import { MemoryDynamo, type OnWrite } from './dynamo/memory-dynamo.ts';
import type { Execution } from './execution.ts';
import { JanitorProcess, type Surroundings, TABLES } from './janitor-process.ts';
import type { EvidenceObjects } from './memory-evidence.ts';
import { Network, type RequestSeen } from './network.ts';
import { Outbox } from './outbox.ts';
import { START } from './places.ts';
import { policiesByHash, policyOf, type VariantName, type WorldPolicy } from './policies.ts';
import { ReplayableAws } from './replayable-aws.ts';
import { furnish, type WorldCredential } from './scenery.ts';

/** What differs between worlds. */
export interface WorldOptions {
  readonly consistencyDelayMs?: number;
  readonly lastUsedLagMs?: number;
  /** The most any list operation puts on one page. */
  readonly pageSize?: number;
  /** Puts the credentials in place; always the same ones. */
  readonly scenery?: (aws: EmbeddedAws) => WorldCredential[];
}

/**
 * One world: an AWS with two accounts, the ledger's tables, evidence and mail, processes of the janitor, and people,
 * on one clock. Everything that happens is written into one record, in order, for the invariants to judge.
 */
export class World implements Surroundings {
  readonly aws: ReplayableAws;
  readonly dynamo: MemoryDynamo;
  readonly network: Network;
  readonly evidence: EvidenceObjects = new Map();
  /** The work bucket of runs over accounts. */
  readonly work: EvidenceObjects = new Map();
  /** By run, what its workflow knows; it outlives every process. */
  readonly executions = new Map<string, Execution>();
  readonly outbox: Outbox;
  readonly credentials: WorldCredential[];
  readonly options: WorldOptions;
  /** The version in the policy folder, active or not. */
  atHand: WorldPolicy = policyOf('base');

  readonly changes: Change[] = [];
  readonly writes: Write[] = [];
  readonly calls: Call[] = [];
  readonly bounces: Bounced[] = [];
  readonly uses: Use[] = [];
  readonly ownerActs: OwnerAct[] = [];
  readonly errands: Errand[] = [];
  readonly tickets: TicketNews[] = [];
  readonly sweeps: SweepRun[] = [];
  readonly strangers: string[] = [];
  readonly nights = new Nights();
  checkedTo = 0;

  #tick = 0;
  #ids = 0;
  #processes = new Map<string, JanitorProcess>();
  #incarnations = 0;
  #changesSeen = 0;

  private constructor(options: WorldOptions, dynamo?: MemoryDynamo) {
    this.options = options;
    this.aws = new ReplayableAws({ now: START, report: { polls: 1 }, ...options });
    const onWrite: OnWrite = (table, item) => this.#wrote(table, item);
    this.dynamo = dynamo?.copy(onWrite) ?? new MemoryDynamo(onWrite);
    this.network = new Network(this.aws, {
      sent: () => this.stamp(),
      applied: (process, request, sent) => this.#applied(process, request, sent),
    });
    this.outbox = new Outbox(() => this.stamp());
    this.credentials = (options.scenery ?? furnish)(this.aws);
  }

  static async create(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    await createLedgerTables(
      directClient(async (operation, input) => world.dynamo.run(operation, input)),
      TABLES,
    );
    return world;
  }

  /**
   * Another world in the same state, with a life of its own from now on. Nothing may be on its way; its processes are new
   * ones, as after a restart.
   */
  async fork(): Promise<World> {
    const forked = new World(this.options, this.dynamo);
    await this.aws.replayInto(forked.aws);
    forked.aws.clock.set(this.now());
    forked.credentials.splice(0, Infinity, ...this.credentials);
    forked.atHand = this.atHand;
    for (const [key, bytes] of this.evidence) forked.evidence.set(key, bytes);
    for (const [key, bytes] of this.work) forked.work.set(key, bytes);
    for (const [runId, execution] of this.executions) forked.executions.set(runId, execution);
    forked.outbox.letters.push(...this.outbox.letters.map((letter) => ({ ...letter })));
    for (const recipient of this.outbox.refusing) forked.outbox.refusing.add(recipient);
    forked.changes.push(...this.changes);
    forked.writes.push(...this.writes);
    forked.calls.push(...this.calls);
    forked.bounces.push(...this.bounces);
    forked.uses.push(...this.uses);
    forked.ownerActs.push(...this.ownerActs);
    forked.errands.push(...this.errands);
    forked.tickets.push(...this.tickets);
    forked.sweeps.push(...this.sweeps);
    forked.strangers.push(...this.strangers);
    forked.checkedTo = this.checkedTo;
    forked.#tick = this.#tick;
    forked.#ids = this.#ids;
    forked.#incarnations = this.#incarnations;
    forked.#changesSeen = this.#changesSeen;
    return forked;
  }

  now(): Instant {
    return fromMillis(this.aws.clock.millis());
  }

  /** The next place in the order of things. */
  stamp(): Stamp {
    this.#tick += 1;
    return { tick: this.#tick, at: this.now() };
  }

  get tick(): number {
    return this.#tick;
  }

  nextId = (): string => {
    this.#ids += 1;
    return `sweep-${String(this.#ids).padStart(6, '0')}`;
  };

  /** The running process of a role (`janitor-a`, `desk-dave`); after a crash a new one. */
  process(role: string): JanitorProcess {
    const running = this.#processes.get(role);
    if (running !== undefined && !this.aws.faults.isDead(running.name)) return running;
    this.#incarnations += 1;
    const started = new JanitorProcess(this, `${role}.${this.#incarnations}`);
    this.#processes.set(role, started);
    return started;
  }

  takeUp(version: VariantName): void {
    this.atHand = policyOf(version);
  }

  /** The nth credential, those the janitor changed last coming first: people care about what was done to them. */
  pick(nth: number): WorldCredential | undefined {
    const touched = this.changes
      .filter((change) => isJanitor(change.process) && !change.record.operation.startsWith('Tag'))
      .flatMap(({ credential }) => (credential === undefined ? [] : [credential]))
      .toReversed();
    return [...new Set([...touched, ...this.credentials])][nth];
  }

  credentialOf(target: string): WorldCredential | undefined {
    return this.credentials.find((credential) => credential.target === target);
  }

  chronicle(): Chronicle {
    return {
      now: this.now(),
      consistencyDelayMs: this.options.consistencyDelayMs ?? 0,
      lastUsedLagMs: this.options.lastUsedLagMs ?? 0,
      policies: policiesByHash(),
      credentials: this.credentials,
      changes: this.changes,
      writes: this.writes,
      calls: this.calls,
      outbox: this.outbox.letters,
      bounces: this.bounces,
      uses: this.uses,
      ownerActs: this.ownerActs,
      errands: this.errands,
      tickets: this.tickets,
      sweeps: this.sweeps,
      strangers: this.strangers,
      nights: this.nights,
      checkedTo: this.checkedTo,
    };
  }

  #wrote(table: string, item: Item): void {
    if (table !== TABLES.ledger) return;
    this.writes.push({ ...this.stamp(), event: eventOf(item) });
  }

  #applied(process: string, request: RequestSeen, sent: Stamp): void {
    const stamp = this.stamp();
    if (request.service !== 'iam' && request.service !== 'secretsmanager') return;
    this.calls.push({ ...stamp, process, ...request });
    const { all } = this.aws.changes;
    for (const record of all.slice(this.#changesSeen)) {
      const credential = this.credentialOf(record.target);
      const by = record.principalArn.endsWith('.amazonaws.com') ? 'aws' : process;
      this.changes.push({
        ...this.stamp(),
        process: by,
        sentAt: sent.at,
        sentTick: sent.tick,
        record,
        credential,
      });
    }
    this.#changesSeen = all.length;
  }
}

function eventOf(item: Item): LedgerEvent {
  const text = item.event;
  const parsed = parseEvent(JSON.parse(text !== undefined && 'S' in text ? text.S : 'null'));
  if (!parsed.ok) throw new TypeError(`an event was stored that cannot be read: ${parsed.reason}`);
  return parsed.event;
}
