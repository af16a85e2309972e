import { type QueryOperation, xmlTime } from '../query-protocol.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { XmlValue } from '../xml.ts';
import { reportCsv } from './report-csv.ts';
import type { Report } from './state.ts';

/** IAM makes a new report at most this often. */
const CACHED_MS = 4 * 3_600_000;
/** A report is complete after this much embedded time even when nobody polls. */
const GENERATION_MS = 5_000;

/** A report from after now is none: somebody has set the clock back, which AWS's own never is. */
function isFresh(report: Report | undefined, now: number): report is Report {
  return report !== undefined && report.generatedAt <= now && now - report.generatedAt < CACHED_MS;
}

/** Counts a poll; true when the report can be fetched. */
function isComplete(report: Report, now: number): boolean {
  if (report.pollsLeft > 0 && now - report.generatedAt < GENERATION_MS) {
    report.pollsLeft -= 1;
    return false;
  }
  report.pollsLeft = 0;
  return true;
}

function generateCredentialReport(call: Call): XmlValue {
  const { iam } = call.account;
  if (isFresh(iam.report, call.now)) {
    return { State: isComplete(iam.report, call.now) ? 'COMPLETE' : 'INPROGRESS' };
  }
  iam.report = {
    csv: reportCsv(call.world, call.account, call.now),
    generatedAt: call.now,
    pollsLeft: call.world.options.report?.polls ?? 1,
  };
  return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
}

function getCredentialReport(call: Call): XmlValue {
  const { report } = call.account.iam;
  if (report === undefined) {
    throw new ServiceError('ReportNotPresent', 410, 'No report exists. Generate a new credential report');
  }
  if (!isFresh(report, call.now)) {
    throw new ServiceError('ReportExpired', 410, 'The credential report has expired. Generate a new one');
  }
  if (!isComplete(report, call.now)) {
    throw new ServiceError(
      'ReportInProgress',
      404,
      'The credential report is being generated. Try again later',
    );
  }
  return {
    Content: Buffer.from(report.csv).toString('base64'),
    ReportFormat: 'text/csv',
    GeneratedTime: xmlTime(report.generatedAt),
  };
}

export const REPORT_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GenerateCredentialReport: generateCredentialReport,
  GetCredentialReport: getCredentialReport,
};
