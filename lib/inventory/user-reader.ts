import type { AwsClients } from '../aws/index.ts';
import type { Credential } from '../domain/credential.ts';
import { type Fact, unknown } from '../domain/fact.ts';
import type { Clock, Instant } from '../domain/time.ts';
import { type ListedKey, listAccessKeys } from './access-keys.ts';
import { listedCredential, rememberedCredential, slotCredential } from './key-credentials.ts';
import { isUnchanged, matchKeys } from './key-matching.ts';
import { laterUse, readLastUse } from './last-used.ts';
import { isShown, reportedCredentials } from './other-credentials.ts';
import { compare, type ReadingLog } from './problem.ts';
import type { KeySlot } from './report-rows.ts';
import { serviceSpecificCredential } from './service-specific.ts';
import type { UserRecord } from './user-record.ts';

/** A key id learnt by an earlier reading, as the caller remembers it. */
export interface RememberedKey {
  readonly accessKeyId: string;
  readonly createdAt: Instant;
  readonly status: string;
}
/** By user ARN. An empty map means that nothing is remembered, not that there were no keys. */
export type RememberedKeys = ReadonlyMap<string, readonly RememberedKey[]>;

/** What reading one user needs to know of the whole reading. */
export interface UserReading {
  readonly clients: AwsClients;
  readonly clock: Clock;
  readonly accountId: string;
  /** The instant the credential report speaks of. */
  readonly reportAsOf: Instant;
  /** Why there is no report; undefined when it was read. */
  readonly reportUnread: string | undefined;
  readonly remembered: RememberedKeys;
  readonly readAllKeyIds: boolean;
  readonly worthReading: (credentialsOfUser: readonly Credential[]) => boolean;
  readonly restsOnDisuse: (credential: Credential) => boolean;
  readonly log: ReadingLog;
  /** Told of each user whose keys could not be listed although they should have been. */
  readonly onUnlisted: () => void;
}

/** All credentials of one user, sorted by id; at most one listing, and one last-use read per key in doubt. */
export async function readUser(reading: UserReading, user: UserRecord): Promise<Credential[]> {
  const { accountId } = reading;
  const others =
    user.row === undefined ? [] : reportedCredentials(accountId, user.principal, user.tags, user.row);
  const services = user.serviceCredentials.map((listed) =>
    serviceSpecificCredential(accountId, user.principal, user.tags, listed),
  );
  const keys = await readKeys(reading, user);
  return [...keys, ...others, ...services].sort((a, b) => compare(a.id, b.id));
}

async function readKeys(reading: UserReading, user: UserRecord): Promise<Credential[]> {
  const slots = user.row?.keys ?? [];
  const unlisted = unlistedKeys(reading, user, slots);
  if (!mustList(reading, user, unlisted)) return unlisted;
  const { clients, clock, log } = reading;
  const { userName } = user.principal;
  const listed = await listAccessKeys(clients, clock, userName);
  if (listed.ok) return Promise.all(keysWithUse(reading, user, listed.keys, slots));
  log.failed({
    code: 'access-keys-unread',
    subject: `access keys of user ${userName}`,
    failure: listed.failure,
    affects: ['access-key'],
  });
  reading.onUnlisted();
  return unlisted;
}

/** The user's keys without a read of their own: with remembered ids where nothing changed, else as slots. */
function unlistedKeys(reading: UserReading, user: UserRecord, slots: readonly KeySlot[]): Credential[] {
  const { accountId, remembered, reportAsOf } = reading;
  const known = remembered.get(user.principal.arn) ?? [];
  const { keys } = matchKeys(known, slots, reportAsOf);
  const idOf = new Map(isUnchanged(known, slots, reportAsOf) ? keys.map(({ key, slot }) => [slot, key]) : []);
  return slots
    .filter((slot) => isShown(slot.present))
    .map((slot) => {
      const key = idOf.get(slot);
      return key === undefined
        ? slotCredential(accountId, user, slot)
        : rememberedCredential(accountId, user, key, slot);
    });
}

/** Every user with keys on a full reading; else whoever changed since it was remembered, or could lead to a step. */
function mustList(reading: UserReading, user: UserRecord, unlisted: readonly Credential[]): boolean {
  const { remembered, readAllKeyIds, reportAsOf, worthReading } = reading;
  if (user.row === undefined || user.row.hasMoreKeys) return true;
  const slots = user.row.keys;
  if (slots.some((slot) => slot.present === 'unknown' || slot.present === 'unread')) return true;
  const known = remembered.get(user.principal.arn) ?? [];
  if (readAllKeyIds) return unlisted.length > 0 || known.length > 0;
  if (remembered.size > 0 && !isUnchanged(known, slots, reportAsOf)) return true;
  return unlisted.length > 0 && worthReading(unlisted);
}

function keysWithUse(
  reading: UserReading,
  user: UserRecord,
  listed: readonly ListedKey[],
  slots: readonly KeySlot[],
): Promise<Credential>[] {
  const { keys } = matchKeys(listed, slots, reading.reportAsOf);
  return keys.map(({ key, slot }) => keyWithUse(reading, user, key, slot));
}

/** The report's last use where it surely speaks of this key, IAM's own word where not or where a step rests on it. */
async function keyWithUse(
  reading: UserReading,
  user: UserRecord,
  key: ListedKey,
  slot: KeySlot | undefined,
): Promise<Credential> {
  const { accountId, reportUnread } = reading;
  const withUse = (use: Fact<Instant | null>) => listedCredential(accountId, user, key, slot, use);
  if (reportUnread !== undefined) return withUse(unknown(reportUnread));
  if (slot === undefined) return withUse(await lastUse(reading, user, key));
  const candidate = withUse(slot.lastUsedAt);
  if (key.status !== 'active' || !reading.restsOnDisuse(candidate)) return candidate;
  return withUse(laterUse(slot.lastUsedAt, await lastUse(reading, user, key)));
}

async function lastUse(
  reading: UserReading,
  user: UserRecord,
  key: ListedKey,
): Promise<Fact<Instant | null>> {
  const { clients, clock, log } = reading;
  const { userName } = user.principal;
  const { fact, failure } = await readLastUse(clients, clock, { accessKeyId: key.accessKeyId, userName });
  if (failure !== undefined) {
    log.failed({
      code: 'last-use-unread',
      subject: `the last use of access key ${key.accessKeyId} of user ${userName}`,
      failure,
      affects: ['access-key'],
    });
  }
  return fact;
}
