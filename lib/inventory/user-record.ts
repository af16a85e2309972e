import type { AwsFailure } from '../aws/index.ts';
import type { Facts, Principal } from '../domain/credential.ts';
import { isKnown } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { compare } from './problem.ts';
import { type ReportRow, ROOT_USER } from './report-rows.ts';
import type { ListedServiceCredential, ReadServiceCredentials } from './service-specific.ts';
import { pathOfUserArn, type ReadDetails, tagsUnread, type UserDetails } from './user-details.ts';

/** An IAM user as all account-wide reads together show it, before any read of its own. */
export interface UserRecord {
  readonly principal: Principal;
  readonly tags: Facts['tags'];
  /** Absent: the report does not speak of this user (created since, or no report). */
  readonly row: ReportRow | undefined;
  readonly serviceCredentials: readonly ListedServiceCredential[];
}

/** Joins the account-wide reads by user name, sorted by ARN; root is not among them. */
export function userRecords(
  rows: readonly ReportRow[],
  details: ReadDetails,
  services: ReadServiceCredentials,
): UserRecord[] {
  const names = new Set<string>(details.users.keys());
  const rowOf = new Map<string, ReportRow>();
  for (const row of rows) {
    if (row.userName === ROOT_USER) continue;
    names.add(row.userName);
    rowOf.set(row.userName, row);
  }
  const records: UserRecord[] = [];
  for (const name of names) {
    const user = details.users.get(name);
    const row = rowOf.get(name);
    const arn = user?.arn ?? row?.arn;
    if (arn === undefined) continue;
    records.push({
      principal: principalOf(name, arn, user),
      tags: user?.tags ?? tagsUnread(details.failure),
      row: row !== undefined && isSameUser(row, user) ? row : undefined,
      serviceCredentials: services.byUser.get(name) ?? [],
    });
  }
  return records.sort((a, b) => compare(a.principal.arn, b.principal.arn));
}

/** Groups are empty when the details were not read: `tags` is unknown then. */
function principalOf(userName: string, arn: string, user: UserDetails | undefined): Principal {
  return {
    arn,
    userName,
    ...(user?.userId === undefined ? {} : { userId: user.userId }),
    path: user?.path ?? pathOfUserArn(arn),
    groups: [...(user?.groups ?? [])],
  };
}

/** A user deleted and created again since the report has the name but not the past of the one reported. */
function isSameUser(row: ReportRow, user: UserDetails | undefined): boolean {
  if (user?.createdAt === undefined || !isKnown(row.createdAt)) return true;
  return secondOf(user.createdAt) === secondOf(row.createdAt.value);
}

function secondOf(instant: Instant): string {
  return instant.slice(0, 19);
}

/** Users that only the service-specific listing knows: their ARN, hence their path, is unknown. */
export function unplacedUsers(services: ReadServiceCredentials, records: readonly UserRecord[]): string[] {
  const placed = new Set(records.map((record) => record.principal.userName));
  return [...services.byUser.keys()].filter((name) => !placed.has(name)).sort();
}

/** Why a user without a row has no last use from the report. */
export function reportUnread(failure: AwsFailure | undefined): string {
  return failure === undefined
    ? 'the credential report does not speak of this user yet'
    : `the credential report was not read (${failure.code})`;
}
