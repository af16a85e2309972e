import type { AwsFailure } from '../aws/index.ts';
import type { CredentialKind } from '../domain/credential.ts';
import type { Instant } from '../domain/time.ts';
import { fetchCredentialReport } from './credential-report.ts';
import type { InventoryOptions } from './options.ts';
import type { ReadingLog } from './problem.ts';
import { isMissingInEmulator } from './regions.ts';
import { evidenceAge, fromTheFuture } from './report-age.ts';
import { type MissingColumn, parseRow, parseTable, type ReportRow, ROOT_USER } from './report-rows.ts';
import { type ReadServiceCredentials, readServiceCredentials } from './service-specific.ts';
import { SOURCE } from './source.ts';
import { type ReadDetails, readUserDetails } from './user-details.ts';
import { type UserRecord, unplacedUsers, userRecords } from './user-record.ts';

export type ReadReport =
  | { readonly ok: true; readonly asOf: Instant; readonly rows: readonly ReportRow[] }
  | { readonly ok: false; readonly failure: AwsFailure };

/** What the reads for a whole account gave. */
export interface AccountRead {
  readonly report: ReadReport;
  readonly root: ReportRow | undefined;
  /** Sorted by ARN, without root. */
  readonly users: readonly UserRecord[];
  readonly details: ReadDetails;
  readonly notCovered: readonly CredentialKind[];
}

const REPORTED: readonly CredentialKind[] = [
  'access-key',
  'root-access-key',
  'console-password',
  'signing-certificate',
];

/** The credential report, the authorization details and the service-specific listing, at the same time. */
export async function readAccountWide(options: InventoryOptions, log: ReadingLog): Promise<AccountRead> {
  const { clients, clock, onProgress } = options;
  const [report, details, services] = await Promise.all([
    readReport(options, log),
    readUserDetails(clients, clock, (done) => onProgress?.({ phase: 'account', done })),
    readServiceCredentials(clients, clock),
  ]);
  const rows = report.ok ? report.rows : [];
  const users = userRecords(rows, details, services);
  if (details.failure !== undefined) {
    log.failed({
      code: 'user-details-unread',
      subject: 'tags and groups of users',
      failure: details.failure,
      affects: ['access-key', 'console-password', 'signing-certificate', 'service-specific-credential'],
    });
  }
  const root = rows.find((row) => row.userName === ROOT_USER);
  noteGaps(log, report, root, users);
  return { report, root, users, details, notCovered: judgeServices(options, log, services, users) };
}

async function readReport({ clients, clock, pause }: InventoryOptions, log: ReadingLog): Promise<ReadReport> {
  const fetched = await fetchCredentialReport(clients, clock, pause ?? clients.pause);
  if (!fetched.ok) return unread(log, fetched.failure);
  const ahead = fromTheFuture(fetched.generatedAt, fetched.readAt);
  if (ahead !== undefined) return unread(log, ahead);
  const table = await parseTable(fetched.csv);
  if (!table.ok) return unread(log, unusable(table.reason));
  const { asOf, note } = evidenceAge(fetched.generatedAt, table.lines, fetched.readAt);
  if (note !== undefined) log.note(note);
  if (table.missing.length > 0) missingColumns(log, table.missing);
  return { ok: true, asOf, rows: table.lines.map((cells) => parseRow(cells, asOf)) };
}

function unread(log: ReadingLog, failure: AwsFailure): ReadReport {
  log.failed({
    code: 'credential-report-unread',
    subject: 'the credential report',
    failure,
    affects: REPORTED,
  });
  return { ok: false, failure };
}

function unusable(reason: string): AwsFailure {
  return {
    kind: 'other',
    code: 'CredentialReportMalformed',
    message: `${SOURCE.report} answered something else than a credential report: ${reason}`,
    hint: 'Run it again; if it persists, report this as a defect.',
  };
}

function missingColumns(log: ReadingLog, missing: readonly MissingColumn[]): void {
  const names = missing.map(({ column }) => column).join(', ');
  log.problem({
    code: 'credential-report-columns',
    message: `The credential report lacks ${names}: what depends on them is unknown. Report this as a defect if AWS has changed the report.`,
    affects: [...new Set(missing.flatMap(({ affects }) => affects))],
  });
}

function noteGaps(
  log: ReadingLog,
  report: ReadReport,
  root: ReportRow | undefined,
  users: readonly UserRecord[],
): void {
  if (!report.ok) return;
  if (root === undefined)
    log.note('The credential report has no row for root: root keys and password were not seen.');
  const young = users.filter((user) => user.row === undefined).length;
  if (young > 0) {
    log.note(
      `${young} ${young === 1 ? 'user is' : 'users are'} newer than the credential report: access keys were listed, passwords and certificates are read next time.`,
    );
  }
}

/** Problems of the service-specific listing; the kinds that the endpoint does not let us read. */
function judgeServices(
  { clients }: InventoryOptions,
  log: ReadingLog,
  services: ReadServiceCredentials,
  users: readonly UserRecord[],
): CredentialKind[] {
  const kind = 'service-specific-credential';
  for (const name of unplacedUsers(services, users)) {
    log.problem({
      code: 'service-specific-credentials-unplaced',
      message: `Service-specific credentials of user ${name} were left out: neither the credential report nor the authorization details show this user. Run it again.`,
      affects: [kind],
    });
  }
  const { failure } = services;
  if (failure === undefined) return [];
  if (isMissingInEmulator(clients, 'iam', failure)) {
    log.note(
      `The endpoint does not offer ${SOURCE.serviceSpecific}: service-specific credentials were not read.`,
    );
    return [kind];
  }
  log.failed({
    code: 'service-specific-credentials-unread',
    subject: 'service-specific credentials',
    failure,
    affects: [kind],
  });
  return [];
}
