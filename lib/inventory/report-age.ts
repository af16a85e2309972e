import { isKnown } from '../domain/fact.ts';
import { HOUR_MS, type Instant, isBefore, latest, MINUTE_MS, plus } from '../domain/time.ts';
import { dateCell, type ReportCells } from './report-cells.ts';

/** IAM never serves an older report: it answers CredentialReportExpired. */
const OLDEST_SERVED_MS = 4 * HOUR_MS;
/** The report notes a use or a change up to this much after the time it was begun. */
const TOLERANCE_MS = 15 * MINUTE_MS;

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
  const newest = newestDate(lines);
  if (newest === undefined || !isBefore(plus(generatedAt, TOLERANCE_MS), newest))
    return { asOf: generatedAt };
  return {
    asOf: oldest,
    note: `The credential report says it was generated at ${generatedAt} but tells of ${newest}; it is taken as four hours old.`,
  };
}

function newestDate(lines: readonly ReportCells[]): Instant | undefined {
  let newest: Instant | undefined;
  for (const cells of lines) {
    for (const column of PAST) {
      const fact = dateCell(cells, column, '');
      if (!isKnown(fact) || fact.value === null) continue;
      newest = newest === undefined ? fact.value : latest(newest, fact.value);
    }
  }
  return newest;
}
