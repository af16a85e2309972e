import { CREDENTIAL_KINDS, type Credential } from '../domain/credential.ts';
import type { AccountRead } from './account-wide.ts';
import { inOrder } from './in-order.ts';
import type { InventoryOptions } from './options.ts';
import { rootCredentials } from './other-credentials.ts';
import type { IamRead, ReadingPosition } from './position.ts';
import { compare, ReadingLog } from './problem.ts';
import { SOURCE } from './source.ts';
import { readUser, type UserReading } from './user-reader.ts';
import { reportUnread, type UserRecord } from './user-record.ts';

/** The credentials of one principal; `after`: its ARN, or '' for root, who comes first. */
interface UserPiece {
  readonly credentials: readonly Credential[];
  readonly after: string;
  /** Users so far whose keys could not be listed although they should have been. */
  readonly unlisted: number;
}

/**
 * Root, then all users by ARN, each with a log of its own that counts only once the user is yielded. With `from` the
 * users up to there are left out. `onAllBegun`: the last user is being read, and others may begin.
 */
export function readUsers(
  options: InventoryOptions,
  account: AccountRead,
  log: ReadingLog,
  from: ReadingPosition['next'] | undefined,
  onAllBegun: () => void,
): { readonly pieces: () => AsyncGenerator<UserPiece>; readonly summary: () => IamRead } {
  const resumed = from?.kind === 'users' ? from : undefined;
  let unlisted = resumed?.unlisted ?? 0;
  async function* pieces(): AsyncGenerator<UserPiece> {
    if (resumed === undefined) yield { credentials: rootOf(options, account), after: '', unlisted };
    const users = account.users.filter(
      ({ principal }) => resumed === undefined || compare(principal.arn, resumed.after) > 0,
    );
    let done = account.users.length - users.length;
    const window = 2 * options.clients.limiter.most;
    const told = followedBy(users, onAllBegun);
    for await (const read of inOrder(told, window, (user) => readOne(options, account, user))) {
      log.absorb(read.log.saved());
      unlisted += read.unlisted;
      yield { credentials: read.credentials, after: read.user.principal.arn, unlisted };
      done += 1;
      options.onProgress?.({ phase: 'users', done, total: account.users.length });
    }
  }
  return { pieces, summary: () => iamRead(options, account, unlisted) };
}

function* followedBy<T>(items: readonly T[], then: () => void): Generator<T> {
  yield* items;
  then();
}

function rootOf({ accountId }: InventoryOptions, { root, report }: AccountRead): Credential[] {
  if (root === undefined || !report.ok) return [];
  return rootCredentials(accountId, root, report.asOf, SOURCE.report).sort((a, b) => compare(a.id, b.id));
}

async function readOne(options: InventoryOptions, { report }: AccountRead, user: UserRecord) {
  const log = new ReadingLog();
  let unlisted = 0;
  const reading: UserReading = {
    ...options,
    log,
    reportAsOf: report.ok ? report.asOf : options.clock.now(),
    reportUnread: report.ok ? undefined : reportUnread(report.failure),
    onUnlisted: () => {
      unlisted += 1;
    },
  };
  const credentials = await readUser(reading, user);
  return { user, log, unlisted, credentials };
}

/** A full read: every user with keys had them listed, none failed or remained unseen. */
function iamRead(options: InventoryOptions, account: AccountRead, unlisted: number): IamRead {
  const { report, details, notCovered, users } = account;
  return {
    notCovered: CREDENTIAL_KINDS.filter((kind) => notCovered.includes(kind)),
    ...(report.ok ? { evidenceAt: report.asOf } : {}),
    usersRead: users.length,
    fullRead: options.readAllKeyIds && report.ok && details.failure === undefined && unlisted === 0,
  };
}
