import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import { type AwsClients, type AwsFailure, credentialReportState, mapAwsError } from '../aws/index.ts';
import { type Clock, fromMillis, type Instant } from '../domain/time.ts';
import { SOURCE } from './source.ts';

export type FetchedReport =
  | {
      readonly ok: true;
      readonly csv: string;
      readonly generatedAt: Instant | undefined;
      readonly readAt: Instant;
    }
  | { readonly ok: false; readonly failure: AwsFailure };

type Pause = (millis: number) => Promise<void>;

/** Waits between looks, in milliseconds: a large account's report takes up to a minute or two. */
const PAUSES_MS = [1_000, 1_500, 3_000, 5_000, ...Array.from({ length: 16 }, () => 10_000)];

/**
 * Asks IAM for the credential report and fetches it: one call to generate, then looks until it is there.
 * A report that expires or vanishes in between is asked for again; all in all about three minutes.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export async function fetchCredentialReport(
  clients: AwsClients,
  clock: Clock,
  pause: Pause,
): Promise<FetchedReport> {
  let begun = false;
  for (const millis of PAUSES_MS) {
    if (!begun) {
      const generated = await generate(clients);
      if (generated.kind === 'failed') return { ok: false, failure: generated.failure };
      if (generated.kind === 'pending') await pause(millis);
    }
    const got = await get(clients, clock);
    if (got.kind === 'report') return got.report;
    if (got.kind === 'failed') return { ok: false, failure: got.failure };
    begun = got.kind === 'pending';
    if (begun) await pause(millis);
  }
  return { ok: false, failure: NEVER_READY };
}

type Failed = { readonly kind: 'failed'; readonly failure: AwsFailure };
/** pending: look again after a pause. */
type Generated = { readonly kind: 'ready' | 'pending' } | Failed;
/** gone: not there or too old, to be asked for again. */
type Got =
  | { readonly kind: 'pending' | 'gone' }
  | { readonly kind: 'report'; readonly report: FetchedReport }
  | Failed;

const NEVER_READY: AwsFailure = {
  kind: 'other',
  code: 'CredentialReportNotReady',
  message: `${SOURCE.report} did not get a finished report`,
  hint: 'Run it again in some minutes.',
};

async function generate(clients: AwsClients): Promise<Generated> {
  try {
    const { State } = await clients.limiter.run(() =>
      clients.iam.send(new GenerateCredentialReportCommand({})),
    );
    return { kind: State === 'COMPLETE' ? 'ready' : 'pending' };
  } catch (error) {
    return { kind: 'failed', failure: mapAwsError(error, 'iam:GenerateCredentialReport') };
  }
}

async function get(clients: AwsClients, clock: Clock): Promise<Got> {
  try {
    const { Content, GeneratedTime } = await clients.limiter.run(() =>
      clients.iam.send(new GetCredentialReportCommand({})),
    );
    const csv = new TextDecoder().decode(Content);
    const generatedAt = GeneratedTime === undefined ? undefined : fromMillis(GeneratedTime.getTime());
    return { kind: 'report', report: { ok: true, csv, generatedAt, readAt: clock.now() } };
  } catch (error) {
    const state = credentialReportState(error);
    if (state === 'not-ready') return { kind: 'pending' };
    if (state !== undefined) return { kind: 'gone' };
    return { kind: 'failed', failure: mapAwsError(error, SOURCE.report) };
  }
}
