import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { awsError } from '../aws/index.ts';
import { GRANT_TAG, grantSessionPolicy, sourceIdentityOf } from '../domain/break-glass-names.ts';
import { JanitorError } from '../domain/error.ts';
import { type Grant, ISSUE_WITHIN_MS, SESSION_SECONDS } from '../domain/grant.ts';
import { Sensitive } from '../domain/sensitive.ts';
import { elapsed, fromMillis, type Instant, plus } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';

/** Credentials of one session: for the one who asked, and for nothing that is written. */
export interface IssuedSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: Sensitive;
  readonly sessionToken: Sensitive;
  readonly expiresAt: Instant;
}

/** Milliseconds that one answer of STS is waited for; clients are made with it. */
export const STS_ANSWER_MS = 3_000;
/** Milliseconds within which STS is asked again: with the last answer, it has failed after 8 seconds at most. */
const ASK_AGAIN_MS = 5_000;
/** Milliseconds before the second attempt; each further one waits twice as long. */
const FIRST_PAUSE_MS = 200;

/** Failures that another attempt may not meet. */
const PASSING: ReadonlySet<string> = new Set(['aws-throttled', 'aws-unreachable', 'aws-other']);

/**
 * Assumes the role of a grant whose newest intent is durable and fresh (I1). The session lasts 900 seconds (A), may do
 * nothing from the grant's end on (B), and says by its tag which grant it is of (C). When STS is throttled or down it is
 * asked again, for 8 seconds in all. Throws `grant-intent-stale`, and `aws-denied`, `aws-throttled`, `aws-unreachable` or
 * `aws-other`, whose hint names the last resort.
 */
export async function issueSession(context: Issuing, grant: Grant): Promise<IssuedSession> {
  const { clock } = context;
  const { grantId, intendedAt, requestedBy, roleArn, endsAt } = grant;
  const now = clock.now();
  if (intendedAt === undefined || now >= plus(intendedAt, ISSUE_WITHIN_MS) || now >= endsAt) {
    throw new JanitorError(`grant ${grantId} waited too long for its session`, {
      code: 'grant-intent-stale',
      source: 'system',
      hint: 'Ask for the next session, or for another grant.',
    });
  }
  const Policy = grantSessionPolicy(grant);
  const request = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: grantId,
    DurationSeconds: SESSION_SECONDS,
    SourceIdentity: sourceIdentityOf(requestedBy.person ?? ''),
    Tags: [{ Key: GRANT_TAG, Value: grantId }],
    Policy,
  });
  const { Credentials: given } = await assumed(context, request, roleArn);
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw lastResort(awsError(new Error('the answer holds no credentials'), `sts:AssumeRole of ${roleArn}`));
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: new Sensitive(SecretAccessKey),
    sessionToken: new Sensitive(SessionToken),
    expiresAt: fromMillis(Expiration?.getTime() ?? 0),
  };
}

type Issuing = Pick<BreakGlassContext, 'sts' | 'clock' | 'pause'>;

async function assumed({ sts, clock, pause }: Issuing, request: AssumeRoleCommand, roleArn: string) {
  const begun = clock.now();
  for (let wait = FIRST_PAUSE_MS; ; wait *= 2) {
    try {
      return await sts.send(request);
    } catch (error) {
      const failure = awsError(error, `sts:AssumeRole of ${roleArn}`);
      const isOver = elapsed(begun, clock.now()) + wait > ASK_AGAIN_MS;
      if (isOver || !PASSING.has(failure.code)) throw lastResort(failure);
      await pause(wait);
    }
  }
}

/** Whatever STS calls it, it is no fault of whoever asks: access denied to the broker, or AWS in trouble. */
function lastResort({ message, code, hint, details, cause }: JanitorError): JanitorError {
  const isDenied = code === 'aws-denied';
  const way = 'If it cannot wait, docs/break-glass.md says what the last resort is.';
  return new JanitorError(message, {
    code: isDenied || PASSING.has(code) ? code : 'aws-other',
    source: isDenied ? 'access' : 'system',
    hint: hint === undefined ? way : `${hint} ${way}`,
    details,
    cause,
  });
}
