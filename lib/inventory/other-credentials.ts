import {
  type Credential,
  type CredentialKind,
  consolePasswordId,
  type Facts,
  type Principal,
  rootAccessKeyId,
  signingCertificateId,
} from '../domain/credential.ts';
import { type Fact, isKnown, known, mapFact } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { slotFacts } from './key-credentials.ts';
import { requiredDate } from './report-cells.ts';
import { type ReportRow, ROOT_USER, type Slot } from './report-rows.ts';

/** What the report alone shows of a user or of root: the password and signing certificates. */
export function reportedCredentials(
  accountId: string,
  principal: Principal,
  tags: Facts['tags'],
  row: ReportRow,
): Credential[] {
  const base = baseOf(accountId, principal);
  return [...password(base, tags, row), ...certificates(base, tags, row)];
}

/** Root's access keys, password and signing certificates: only the report shows them. Root has no tags. */
export function rootCredentials(
  accountId: string,
  row: ReportRow,
  asOf: Instant,
  source: string,
): Credential[] {
  const principal: Principal = { arn: row.arn, userName: ROOT_USER, path: '/', groups: [] };
  const base = baseOf(accountId, principal);
  const tags = known({}, asOf, source);
  const keys = row.keys.filter((slot) => isShown(slot.present));
  return [
    ...keys.map((slot) => ({
      ...base('root-access-key', `${ROOT_USER}/slot-${slot.slot}`),
      id: rootAccessKeyId(row.arn, slot.slot),
      facts: { ...slotFacts(slot), tags },
    })),
    ...reportedCredentials(accountId, principal, tags, row),
  ];
}

type Base = (kind: CredentialKind, name: string) => Omit<Credential, 'id' | 'facts'>;

function baseOf(accountId: string, principal: Principal): Base {
  return (kind, name) => ({ kind, accountId, region: 'global', name, principal });
}

/** Created when it was last changed: IAM tells no more, and this never makes a password look older than it is. */
function password(base: Base, tags: Facts['tags'], row: ReportRow): Credential[] {
  const { present, enabled, lastUsedAt, changedAt } = row.password;
  if (!isShown(present)) return [];
  const created =
    row.userName === ROOT_USER && isNull(changedAt)
      ? row.createdAt
      : requiredDate(changedAt, 'password_last_changed');
  return [
    {
      ...base('console-password', row.userName),
      id: consolePasswordId(row.arn),
      facts: {
        status: mapFact(enabled, () => 'active'),
        createdAt: created,
        lastUsedAt,
        lastChangedAt: changedAt,
        mfaActive: row.mfaActive,
        tags,
      },
    },
  ];
}

function certificates(base: Base, tags: Facts['tags'], row: ReportRow): Credential[] {
  const shown = row.certificates.filter((slot) => isShown(slot.present));
  return shown.map((slot) => certificate(base, tags, row, slot));
}

function certificate(base: Base, tags: Facts['tags'], row: ReportRow, slot: Slot): Credential {
  return {
    ...base('signing-certificate', `${row.userName}/slot-${slot.slot}`),
    id: signingCertificateId(row.arn, slot.slot),
    facts: {
      status: mapFact(slot.active, (active) => (active ? 'active' : 'inactive')),
      createdAt: requiredDate(slot.rotatedAt, 'date of this certificate'),
      tags,
    },
  };
}

/** Shown, or garbled: then it is reported with unknown facts. Without the column nothing is invented. */
export function isShown(present: Slot['present']): boolean {
  return present === 'yes' || present === 'unknown';
}

function isNull(fact: Fact<Instant | null>): boolean {
  return isKnown(fact) && fact.value === null;
}
