import { CREDENTIAL_KINDS, type Credential, type CredentialKind } from '../domain/credential.ts';
import { JanitorError } from '../domain/error.ts';
import type { Instant } from '../domain/time.ts';
import { type AccountRead, readAccountWide } from './account-wide.ts';
import { inOrder } from './in-order.ts';
import type { InventoryOptions } from './options.ts';
import { rootCredentials } from './other-credentials.ts';
import { compare, type Note, type Problem, ReadingLog } from './problem.ts';
import { regionsToRead } from './regions.ts';
import { readSecrets } from './secret-reader.ts';
import { SOURCE } from './source.ts';
import { readUser, type UserReading } from './user-reader.ts';
import { reportUnread } from './user-record.ts';

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

export interface Inventory {
  /**
   * IAM first, by user ARN and id, then secrets by Region; independent of concurrency. Reads while it is
   * iterated, once; throws `inventory-read-twice` the second time. What cannot be read is a problem, no error.
   */
  credentials(): AsyncGenerator<Credential>;
  /** Throws `inventory-unread` before `credentials` has ended. */
  summary(): InventorySummary;
}

/** Reads all credentials of an account at the floor of calls, as a stream of bounded memory. */
export function readInventory(options: InventoryOptions): Inventory {
  const log = new ReadingLog();
  let begun = false;
  let summary: InventorySummary | undefined;
  return {
    async *credentials() {
      if (begun) throw misuse('inventory-read-twice', 'An inventory is read once');
      begun = true;
      const regions = regionsToRead(options.clients, options.partition, options.regions, log);
      const secrets = regions.then((names) =>
        readSecrets({ ...options, log, onPage: secretProgress(options) }, names),
      );
      const account = await readAccountWide(options, log);
      const iam = new IamPart(options, account, log);
      yield* iam.credentials();
      yield* await secrets;
      summary = summarise(log, { account, iam, regions: await regions });
    },
    summary() {
      if (summary === undefined)
        throw misuse('inventory-unread', 'An inventory has a summary once it was read to its end');
      return summary;
    },
  };
}

/** Root and users of one reading. */
class IamPart {
  readonly #options: InventoryOptions;
  readonly #account: AccountRead;
  readonly #log: ReadingLog;
  unlisted = 0;

  constructor(options: InventoryOptions, account: AccountRead, log: ReadingLog) {
    this.#options = options;
    this.#account = account;
    this.#log = log;
  }

  async *credentials(): AsyncGenerator<Credential> {
    const { accountId, clients, onProgress } = this.#options;
    const { root, users, report } = this.#account;
    if (root !== undefined && report.ok) {
      yield* rootCredentials(accountId, root, report.asOf, SOURCE.report).sort((a, b) => compare(a.id, b.id));
    }
    const reading = this.#userReading();
    let done = 0;
    for await (const credentials of inOrder(users, 2 * clients.limiter.most, (user) =>
      readUser(reading, user),
    )) {
      yield* credentials;
      done += 1;
      onProgress?.({ phase: 'users', done, total: users.length });
    }
  }

  #userReading(): UserReading {
    const { report } = this.#account;
    return {
      ...this.#options,
      log: this.#log,
      reportAsOf: report.ok ? report.asOf : this.#options.clock.now(),
      reportUnread: report.ok ? undefined : reportUnread(report.failure),
      onUnlisted: () => {
        this.unlisted += 1;
      },
    };
  }

  /** Whether every user with keys had them listed: asked for, and none failed or remained unseen. */
  get isFull(): boolean {
    const { report, details } = this.#account;
    return this.#options.readAllKeyIds && report.ok && details.failure === undefined && this.unlisted === 0;
  }
}

function summarise(
  log: ReadingLog,
  read: { readonly account: AccountRead; readonly iam: IamPart; readonly regions: readonly string[] },
): InventorySummary {
  const { account, iam, regions } = read;
  const problems = log.problems();
  return {
    complete: problems.length === 0,
    problems,
    notes: log.notes(),
    notCovered: CREDENTIAL_KINDS.filter((kind) => account.notCovered.includes(kind)),
    regions,
    ...(account.report.ok ? { evidenceAt: account.report.asOf } : {}),
    usersRead: account.users.length,
    fullRead: iam.isFull,
  };
}

function secretProgress({ onProgress }: InventoryOptions) {
  return (region: string, done: number) => onProgress?.({ phase: 'secrets', done, region });
}

function misuse(code: string, message: string): JanitorError {
  return new JanitorError(message, { code, source: 'system' });
}
