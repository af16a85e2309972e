import type { AwsFailure } from '../aws/index.ts';
import { isKnown } from '../domain/fact.ts';
import { HOUR_MS, type Instant, isBefore, latest, MINUTE_MS, plus } from '../domain/time.ts';
import { dateCell, type ReportCells } from './report-cells.ts';
import { SOURCE } from './source.ts';

/** IAM never serves an older report: it answers CredentialReportExpired. */
const OLDEST_SERVED_MS = 4 * HOUR_MS;
/** The report notes a use or a change up to this much after the time it was begun. */
const TOLERANCE_MS = 15 * MINUTE_MS;

/** Clocks of AWS and of whoever reads differ by this much at most. */
const SKEW_MS = 5 * MINUTE_MS;

/** Columns that speak of the past only (`password_next_rotation` does not). */
const PAST = [
  'user_creation_time',
  'password_last_used',
  'password_last_changed',
  ...[1, 2].flatMap((slot) => [`access_key_${slot}_last_rotated`, `access_key_${slot}_last_used_date`]),
  ...[1, 2].map((slot) => `cert_${slot}_last_rotated`),
];

export interface EvidenceAge {
  readonly asOf: Instant;
  readonly note?: string;
}

/**
 * The instant the report speaks of. GeneratedTime is believed however old it is, unless the report's own rows
 * are newer, which proves it wrong (moto always says 2015): then the oldest age IAM would serve is taken.
 */
export function evidenceAge(
  generatedAt: Instant | undefined,
  lines: readonly ReportCells[],
  readAt: Instant,
): EvidenceAge {
  const oldest = plus(readAt, -OLDEST_SERVED_MS);
  if (generatedAt === undefined) {
    return {
      asOf: oldest,
      note: 'The credential report does not say when it was generated; it is taken as four hours old.',
    };
  }
  const newest = newestDate(lines, plus(readAt, SKEW_MS));
  if (newest === undefined || !isBefore(plus(generatedAt, TOLERANCE_MS), newest))
    return { asOf: generatedAt };
  return {
    asOf: oldest,
    note: `The credential report says it was generated at ${generatedAt} but tells of ${newest}; it is taken as four hours old.`,
  };
}

/** Why a report is no evidence: one generated after it was read was made by another calendar than this run's. */
export function fromTheFuture(generatedAt: Instant | undefined, readAt: Instant): AwsFailure | undefined {
  if (generatedAt === undefined || !isBefore(plus(readAt, SKEW_MS), generatedAt)) return undefined;
  return {
    kind: 'other',
    code: 'CredentialReportAhead',
    message: `${SOURCE.report} answered a report generated at ${generatedAt}, although it is ${readAt} here`,
    hint: 'Correct the clock of this machine; AWS makes a new report four hours after the last one.',
  };
}

/** A date after `until` is wrong itself and proves nothing about the report. */
function newestDate(lines: readonly ReportCells[], until: Instant): Instant | undefined {
  let newest: Instant | undefined;
  for (const cells of lines) {
    for (const column of PAST) {
      const fact = dateCell(cells, column, '');
      if (!isKnown(fact) || fact.value === null || isBefore(until, fact.value)) continue;
      newest = newest === undefined ? fact.value : latest(newest, fact.value);
    }
  }
  return newest;
}
