import type { CredentialKind } from '../domain/credential.ts';
import { messageOf } from '../domain/error.ts';
import { type Fact, isKnown, known, unknown } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { booleanCell, dateCell, isNothing, type ReportCells, requiredDate } from './report-cells.ts';
import { SOURCE } from './source.ts';

export const ROOT_USER = '<root_account>';

/** One of the two access keys, or signing certificates, that a row has room for. */
export interface Slot {
  readonly slot: number;
  /**
   * unknown: the cells do not let us tell. unread: the report lacks the columns.
   * An inactive key whose dates are all N/A reads as `no`.
   */
  readonly present: 'yes' | 'no' | 'unknown' | 'unread';
  readonly active: Fact<boolean>;
  /** Creation by the second; IAM may write the last change of status, and nothing for an inactive key. */
  readonly rotatedAt: Fact<Instant | null>;
}

export interface KeySlot extends Slot {
  /** null: never used. */
  readonly lastUsedAt: Fact<Instant | null>;
}

export interface Password {
  readonly present: Slot['present'];
  readonly enabled: Fact<boolean>;
  /** null: never used, as far as IAM has tracked it (since October 2014). */
  readonly lastUsedAt: Fact<Instant | null>;
  readonly changedAt: Fact<Instant | null>;
}

/** One user, or root, of the credential report. */
export interface ReportRow {
  readonly userName: string;
  readonly arn: string;
  readonly createdAt: Fact<Instant>;
  readonly password: Password;
  readonly mfaActive: Fact<boolean>;
  readonly keys: readonly KeySlot[];
  readonly certificates: readonly Slot[];
  /** The report says that there are more keys than it has columns for. */
  readonly hasMoreKeys: boolean;
}

export type ParsedTable =
  | { readonly ok: true; readonly lines: readonly ReportCells[]; readonly missing: readonly MissingColumn[] }
  | { readonly ok: false; readonly reason: string };

export interface MissingColumn {
  readonly column: string;
  readonly affects: readonly CredentialKind[];
}

const KEY_KINDS: readonly CredentialKind[] = ['access-key', 'root-access-key'];

/** Columns that facts need, with the kinds that suffer without them. */
const NEEDED: Readonly<Record<string, readonly CredentialKind[]>> = {
  user_creation_time: ['console-password'],
  password_enabled: ['console-password'],
  password_last_used: ['console-password'],
  password_last_changed: ['console-password'],
  mfa_active: ['console-password'],
  ...Object.fromEntries(
    [1, 2].flatMap((slot) => [
      ...['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'].map(
        (name): [string, readonly CredentialKind[]] => [`access_key_${slot}_${name}`, KEY_KINDS],
      ),
      ...['active', 'last_rotated'].map((name): [string, readonly CredentialKind[]] => [
        `cert_${slot}_${name}`,
        ['signing-certificate'],
      ]),
    ]),
  ),
};

const linesSchema = z.array(z.record(z.string(), z.string()));

/** Reads the CSV by column name: unknown columns are ignored, missing ones are listed. */
export async function parseTable(csv: string): Promise<ParsedTable> {
  const lines = linesSchema.safeParse(await csvLines(csv));
  if (!lines.success) return { ok: false, reason: 'it is not a table with a header' };
  const first = lines.data[0];
  if (first === undefined) return { ok: true, lines: [], missing: [] };
  if (first.user === undefined || first.arn === undefined) {
    return { ok: false, reason: 'it has no columns named user and arn' };
  }
  const missing = Object.entries(NEEDED)
    .filter(([column]) => first[column] === undefined)
    .map(([column, affects]) => ({ column, affects }));
  return { ok: true, lines: lines.data, missing };
}

/** The reader of CSV is loaded for the report alone. */
async function csvLines(csv: string): Promise<unknown> {
  const { parse } = await import('csv-parse/sync');
  try {
    return parse(csv, { columns: true, skip_empty_lines: true, relax_column_count: true, bom: true });
  } catch (error) {
    return messageOf(error);
  }
}

/** `asOf` is the instant that the whole report speaks of. */
export function parseRow(cells: ReportCells, asOf: Instant): ReportRow {
  const date = (column: string) => dateCell(cells, column, asOf);
  return {
    userName: cells.user ?? '',
    arn: cells.arn ?? '',
    createdAt: requiredDate(date('user_creation_time'), 'user_creation_time'),
    password: {
      present: passwordPresence(cells, asOf),
      enabled: passwordEnabled(cells, asOf),
      lastUsedAt: date('password_last_used'),
      changedAt: date('password_last_changed'),
    },
    mfaActive: booleanCell(cells, 'mfa_active', asOf),
    keys: [1, 2].map((slot) => keySlot(cells, slot, asOf)),
    certificates: [1, 2].map((slot) => slotOf(cells, `cert_${slot}`, slot, asOf)),
    hasMoreKeys: /access keys/i.test(cells.additional_credentials_info ?? ''),
  };
}

/** For root AWS long wrote `not_supported`: root had a password unless it was removed centrally, which says `false`. */
function passwordEnabled(cells: ReportCells, asOf: Instant): Fact<boolean> {
  if (cells.user === ROOT_USER && cells.password_enabled === 'not_supported') {
    return known(true, asOf, SOURCE.report);
  }
  if (cells.password_enabled === 'N/A') return known(false, asOf, SOURCE.report);
  return booleanCell(cells, 'password_enabled', asOf);
}

function passwordPresence(cells: ReportCells, asOf: Instant): Slot['present'] {
  if (cells.password_enabled === undefined) return 'unread';
  const enabled = passwordEnabled(cells, asOf);
  if (!isKnown(enabled)) return 'unknown';
  return enabled.value ? 'yes' : 'no';
}

function keySlot(cells: ReportCells, slot: number, asOf: Instant): KeySlot {
  const prefix = `access_key_${slot}`;
  const base = slotOf(cells, prefix, slot, asOf);
  const lastUsedAt = lastUse(cells, prefix, asOf);
  const wasUsed = isKnown(lastUsedAt) && lastUsedAt.value !== null;
  return { ...base, present: wasUsed ? 'yes' : base.present, lastUsedAt };
}

/** Never used only when date, Region and service all say so; a date alone missing proves nothing. */
function lastUse(cells: ReportCells, prefix: string, asOf: Instant): Fact<Instant | null> {
  const column = `${prefix}_last_used_date`;
  const date = dateCell(cells, column, asOf);
  if (!isKnown(date) || date.value !== null) return date;
  const rest = [`${prefix}_last_used_region`, `${prefix}_last_used_service`];
  const contradicting = rest.find((each) => !isNothing(cells, each));
  if (contradicting === undefined) return date;
  if (cells[contradicting] === undefined)
    return unknown(`the credential report has no column ${contradicting}`);
  return unknown(`the credential report gives no ${column} but a value in ${contradicting}`);
}

function slotOf(cells: ReportCells, prefix: string, slot: number, asOf: Instant): Slot {
  const active = booleanCell(cells, `${prefix}_active`, asOf);
  const rotatedAt = dateCell(cells, `${prefix}_last_rotated`, asOf);
  const isUnread = cells[`${prefix}_active`] === undefined || cells[`${prefix}_last_rotated`] === undefined;
  return { slot, present: presence(active, rotatedAt, isUnread), active, rotatedAt };
}

function presence(
  active: Fact<boolean>,
  rotatedAt: Fact<Instant | null>,
  isUnread: boolean,
): Slot['present'] {
  if (isKnown(active) && active.value) return 'yes';
  if (isKnown(rotatedAt) && rotatedAt.value !== null) return 'yes';
  if (isUnread) return 'unread';
  return isKnown(active) && isKnown(rotatedAt) ? 'no' : 'unknown';
}
