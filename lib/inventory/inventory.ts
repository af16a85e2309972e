import type { Credential, CredentialKind } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { Instant } from '../domain/time.ts';
import { readAccountWide } from './account-wide.ts';
import { Brake } from './brake.ts';
import type { InventoryOptions } from './options.ts';
import type { IamRead, ReadingPosition, RegionPlace } from './position.ts';
import { type Note, type Problem, ReadingLog } from './problem.ts';
import { regionsToRead } from './regions.ts';
import { readSecrets, type SecretsReading, unread } from './secret-reader.ts';
import { readUsers } from './users-reader.ts';

export interface InventorySummary {
  /** false: something could not be read; `problems` says what. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Kinds that this endpoint does not let us read, beside those no reading covers. */
  readonly notCovered: readonly CredentialKind[];
  /** Regions whose secrets were to be read, sorted. */
  readonly regions: readonly string[];
  /** The instant the credential report speaks of; absent without a report. */
  readonly evidenceAt?: Instant;
  readonly usersRead: number;
  /** Every user that has keys had them listed. */
  readonly fullRead: boolean;
}

/** A user's credentials or a page of secrets, and where the reading stands behind it. */
export interface Piece {
  readonly credentials: readonly Credential[];
  readonly position: ReadingPosition;
}

export interface Inventory {
  /**
   * IAM first, by user ARN and id, then secrets by Region; independent of concurrency. Reads while it is
   * iterated, once; throws `inventory-read-twice` the second time. What cannot be read is a problem, no error.
   */
  pieces(): AsyncGenerator<Piece>;
  /** The credentials of all pieces. */
  credentials(): AsyncGenerator<Credential>;
  /**
   * Fetches nothing more: pieces end behind the pages of secrets that were fetched already, so that whoever reads on from
   * the last position fetches none of them again.
   */
  stop(): void;
  /** Whether the reading has come to its end; it has a summary then. */
  readonly isRead: boolean;
  /** Throws `inventory-unread` before the reading has ended. */
  summary(): InventorySummary;
}

/** Reads all credentials of an account at the floor of calls, as a stream of bounded memory. */
export function readInventory(options: InventoryOptions): Inventory {
  const reading = new Reading(options);
  let begun = false;
  async function* pieces(): AsyncGenerator<Piece> {
    if (begun) throw misuse('inventory-read-twice', 'An inventory is read once');
    begun = true;
    yield* reading.pieces();
  }
  return {
    pieces,
    async *credentials() {
      for await (const { credentials } of pieces()) yield* credentials;
    },
    stop: () => reading.brake.pull(),
    get isRead() {
      return reading.isRead;
    },
    summary: () => reading.summary(),
  };
}

/** One reading: what was yielded is in `#log`, what was read ahead is not, so that a position tells the truth. */
class Reading {
  readonly brake = new Brake();
  readonly #options: InventoryOptions;
  readonly #log = new ReadingLog();
  #summary: InventorySummary | undefined;

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  async *pieces(): AsyncGenerator<Piece> {
    const from = this.#options.resume?.position;
    if (from !== undefined) this.#log.absorb(from.log);
    if (from?.next.kind === 'secrets') {
      const { iam, regions } = from.next;
      yield* this.#secrets(iam, readSecrets(this.#secretReading(), regions));
      return;
    }
    const wide = new ReadingLog();
    const regions = regionsToRead(
      this.#options.clients,
      this.#options.partition,
      this.#options.regions,
      wide,
    );
    let secrets: Promise<SecretsReading> | undefined;
    const begin = () => {
      secrets ??= regions.then((names) => readSecrets(this.#secretReading(), unread(names)));
      return secrets;
    };
    const account = await readAccountWide(this.#options, wide);
    const users = readUsers(this.#options, account, this.#log, from?.next, begin);
    for await (const { credentials, after, unlisted } of users.pieces()) {
      yield { credentials, position: this.#position({ kind: 'users', after, unlisted }) };
      if (this.brake.isPulled) return;
    }
    const reading = await begin();
    this.#log.absorb(wide.saved());
    yield* this.#secrets(users.summary(), reading);
  }

  async *#secrets(iam: IamRead, secrets: SecretsReading): AsyncGenerator<Piece> {
    const position = (places: readonly RegionPlace[]) =>
      this.#position({ kind: 'secrets', iam, regions: [...places] });
    for await (const { credentials, regions } of secrets.pages()) {
      yield { credentials, position: position(regions) };
    }
    const regions = secrets.regions();
    if (!regions.every(({ isRead }) => isRead)) return;
    this.#summary = summarise(
      this.#log,
      iam,
      regions.map(({ name }) => name),
    );
    if (!this.#beganAtEnd) yield { credentials: [], position: position(regions) };
  }

  /** Another process has reached the end before. */
  get #beganAtEnd(): boolean {
    const from = this.#options.resume?.position.next;
    return from?.kind === 'secrets' && from.regions.every(({ isRead }) => isRead);
  }

  get isRead(): boolean {
    return this.#summary !== undefined;
  }

  #position(next: ReadingPosition['next']): ReadingPosition {
    return { next, log: this.#log.saved() };
  }

  #secretReading() {
    return { ...this.#options, log: this.#log, brake: this.brake, onPage: secretProgress(this.#options) };
  }

  summary(): InventorySummary {
    if (this.#summary !== undefined) return this.#summary;
    throw misuse('inventory-unread', 'An inventory has a summary once it was read to its end');
  }
}

function summarise(
  log: ReadingLog,
  { evidenceAt, usersRead, fullRead, notCovered }: IamRead,
  regions: readonly string[],
): InventorySummary {
  const problems = log.problems();
  return {
    complete: problems.length === 0,
    problems,
    notes: log.notes(),
    notCovered,
    regions,
    ...(evidenceAt === undefined ? {} : { evidenceAt }),
    usersRead,
    fullRead,
  };
}

function secretProgress({ onProgress }: InventoryOptions) {
  return (region: string, done: number) => onProgress?.({ phase: 'secrets', done, region });
}

function misuse(code: string, message: string): JanitorError {
  return new JanitorError(message, { code, source: 'system' });
}
