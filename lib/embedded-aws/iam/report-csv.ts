import type { AccountState } from '../account-state.ts';
import type { ReportOptions, World } from '../world/world.ts';
import { type AccessKey, type Certificate, type RootKey, type Use, type User, visibleKeys } from './state.ts';

const NOT_APPLICABLE = 'N/A';

const COLUMNS = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
];

/**
 * The credential report as IAM writes it: the root account first, then every user, two key slots each, no
 * key ids, and of uses within 15 minutes only the first.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export function reportCsv(world: World, account: AccountState, now: number): string {
  const options = world.options.report ?? {};
  const withInfo = options.additionalInfoColumn !== false;
  const header = withInfo ? [...COLUMNS, 'additional_credentials_info'] : COLUMNS;
  const rows = [header.join(','), rootRow(account, withInfo).join(',')];
  for (const user of account.iam.users.values()) rows.push(userRow(user, now, options, withInfo).join(','));
  return rows.join('\n');
}

function rootRow(account: AccountState, withInfo: boolean): string[] {
  const { root } = account.iam;
  const keys = [0, 1].flatMap((index) => rootKeyColumns(root.keys[index]));
  const usedAt = root.passwordLastUsedAt;
  return [
    '<root_account>',
    `arn:aws:iam::${account.id}:root`,
    instant(root.createdAt),
    'not_supported',
    usedAt === undefined ? 'no_information' : instant(usedAt),
    'not_supported',
    'not_supported',
    String(root.mfa),
    ...keys,
    'false',
    NOT_APPLICABLE,
    'false',
    NOT_APPLICABLE,
    ...(withInfo ? [NOT_APPLICABLE] : []),
  ];
}

function rootKeyColumns(key: RootKey | undefined): string[] {
  if (key === undefined) return noKeyColumns();
  return [String(key.active), instant(key.createdAt), ...useColumns(key.lastUse)];
}

function userRow(user: User, now: number, options: ReportOptions, withInfo: boolean): string[] {
  const keys = visibleKeys(user, now);
  const inSlot = (slot: number) =>
    keyColumns(
      keys.find((key) => key.slot === slot),
      now,
      options,
    );
  return [
    user.name,
    user.arn,
    instant(user.createdAt),
    ...passwordColumns(user),
    String(user.mfa),
    ...inSlot(1),
    ...inSlot(2),
    ...certificateColumns(user.certificates[0]),
    ...certificateColumns(user.certificates[1]),
    ...(withInfo ? [additionalInfo(keys.length, user.certificates.length)] : []),
  ];
}

function passwordColumns({ password }: User): string[] {
  if (password === undefined) return ['false', NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE];
  return [
    'true',
    password.lastUsedAt === undefined ? 'no_information' : instant(password.lastUsedAt),
    instant(password.changedAt),
    password.nextRotationAt === undefined ? NOT_APPLICABLE : instant(password.nextRotationAt),
  ];
}

function keyColumns(key: AccessKey | undefined, now: number, options: ReportOptions): string[] {
  if (key === undefined) return noKeyColumns();
  const active = key.status.read(now) === 'Active';
  const rotatedAt = options.statusChangeRotates === true ? key.changedAt : key.createdAt;
  const rotated = !active && options.inactiveLastRotated === 'N/A' ? NOT_APPLICABLE : instant(rotatedAt);
  return [String(active), rotated, ...useColumns(key.lastUse.read(now)?.first)];
}

function useColumns(use: Use | undefined): string[] {
  if (use === undefined) return [NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE];
  return [instant(use.at), use.region, use.service];
}

function noKeyColumns(): string[] {
  return ['false', NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE];
}

function certificateColumns(certificate: Certificate | undefined): string[] {
  return certificate === undefined
    ? ['false', NOT_APPLICABLE]
    : [String(certificate.active), instant(certificate.uploadedAt)];
}

/** Only speaks up beyond two keys or two certificates. */
function additionalInfo(keys: number, certificates: number): string {
  const extra: string[] = [];
  if (keys > 2) extra.push(`${keys - 2} additional access keys; use ListAccessKeys to list them`);
  if (certificates > 2) {
    extra.push(
      `${certificates - 2} additional signing certificates; use ListSigningCertificates to list them`,
    );
  }
  return extra.length === 0 ? NOT_APPLICABLE : extra.join('. ');
}

function instant(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}+00:00`;
}
