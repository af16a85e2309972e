import type { SecretListEntry } from '@aws-sdk/client-secrets-manager';
import type { Credential, Facts } from '../domain/credential.ts';
import { type Fact, known, unknown } from '../domain/fact.ts';
import { DAY_MS, fromMillis, type Instant, isBefore, plus } from '../domain/time.ts';
import { tagRecord } from './user-details.ts';

/** What ListSecrets and DescribeSecret both say of a secret; the listing calls the stages SecretVersionsToStages. */
export interface SecretShape
  extends Pick<
    SecretListEntry,
    | 'CreatedDate'
    | 'DeletedDate'
    | 'LastAccessedDate'
    | 'LastChangedDate'
    | 'LastRotatedDate'
    | 'NextRotationDate'
    | 'OwningService'
    | 'PrimaryRegion'
    | 'RotationEnabled'
    | 'Tags'
    | 'Type'
  > {
  readonly stages: Readonly<Record<string, readonly string[]>>;
}

export interface SecretPlace {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
}

/** A rotation normally promotes its AWSPENDING version within minutes; after a day it is stuck. */
const STUCK_AFTER_MS = DAY_MS;

/** A secret as one answer shows it, its own Region's last use included. */
export function secretCredential(
  place: SecretPlace,
  shape: SecretShape,
  asOf: Instant,
  source: string,
): Credential {
  const fact = <T>(value: T): Fact<T> => known(value, asOf, source);
  const date = (value: Date | undefined) => fact(instantOf(value) ?? null);
  const createdAt = instantOf(shape.CreatedDate);
  const facts: Facts = {
    status: fact(shape.DeletedDate === undefined ? 'active' : 'pending-deletion'),
    createdAt: createdAt === undefined ? unknown(`${source} gave no creation date`) : fact(createdAt),
    lastUsedAt: fact(lastUse(shape.LastAccessedDate) ?? null),
    tags: fact(tagRecord(shape.Tags ?? [])),
    lastChangedAt: date(shape.LastChangedDate),
    lastRotatedAt: date(shape.LastRotatedDate),
    nextRotationAt: date(shape.NextRotationDate),
    rotationEnabled: fact(isRotating(shape)),
    rotation: fact(rotationState(shape, asOf)),
    owningService: fact(shape.OwningService ?? null),
    replicaRegions: fact([]),
    primaryRegion: fact(shape.PrimaryRegion ?? place.region),
  };
  return {
    id: place.arn,
    kind: 'secret',
    accountId: place.accountId,
    region: place.region,
    name: place.name,
    facts,
  };
}

/** LastAccessedDate names a day; the END of that day never makes a secret look idler than it is. */
export function lastUse(day: Date | undefined): Instant | undefined {
  if (day === undefined) return undefined;
  const start = Math.floor(day.getTime() / DAY_MS) * DAY_MS;
  return fromMillis(start + DAY_MS - 1);
}

/** Secrets Manager replicates this secret, and this is its original. */
export function isReplicatedPrimary(shape: Pick<SecretShape, 'PrimaryRegion'>, region: string): boolean {
  return shape.PrimaryRegion === region;
}

/** A managed external secret (`Type`) rotates without a Lambda, unless that was switched off. */
function isRotating({ RotationEnabled, Type }: SecretShape): boolean {
  return RotationEnabled ?? Type !== undefined;
}

export function rotationState(shape: SecretShape, asOf: Instant): 'off' | 'ok' | 'overdue' | 'failed' {
  if (!isRotating(shape)) return 'off';
  if (isStuck(shape, asOf)) return 'failed';
  const next = instantOf(shape.NextRotationDate);
  return next !== undefined && isBefore(next, asOf) ? 'overdue' : 'ok';
}

/** AWSPENDING sits on a version that is not AWSCURRENT, and nothing has changed for a day. */
function isStuck({ stages, LastChangedDate, CreatedDate }: SecretShape, asOf: Instant): boolean {
  const isPending = Object.values(stages).some(
    (labels) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'),
  );
  const since = instantOf(LastChangedDate ?? CreatedDate);
  return isPending && since !== undefined && isBefore(plus(since, STUCK_AFTER_MS), asOf);
}

function instantOf(date: Date | undefined): Instant | undefined {
  return date === undefined ? undefined : fromMillis(date.getTime());
}
