import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { awsError } from '../aws/index.ts';
import { GRANT_TAG, grantSessionPolicy, sourceIdentityOf } from '../domain/break-glass-names.ts';
import { JanitorError } from '../domain/error.ts';
import { type Grant, ISSUE_WITHIN_MS, SESSION_SECONDS } from '../domain/grant.ts';
import { Sensitive } from '../domain/sensitive.ts';
import { fromMillis, type Instant, plus } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';

/** Credentials of one session: for the one who asked, and for nothing that is written. */
export interface IssuedSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: Sensitive;
  readonly sessionToken: Sensitive;
  readonly expiresAt: Instant;
}

/**
 * Assumes the role of a grant whose newest intent is durable and fresh (I1). The session lasts 900 seconds (A), may do
 * nothing from the grant's end on (B), and says by its tag which grant it is of (C). Throws `grant-intent-stale` and the
 * `aws-` codes, whose hint names the last resort.
 */
export async function issueSession(
  { sts, clock }: Pick<BreakGlassContext, 'sts' | 'clock'>,
  grant: Grant,
): Promise<IssuedSession> {
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
  const { Credentials: given } = await sts.send(request).catch((error: unknown) => {
    throw lastResort(awsError(error, `sts:AssumeRole of ${roleArn}`));
  });
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

function lastResort({ message, code, source, hint, details, cause }: JanitorError): JanitorError {
  const way = 'If it cannot wait, docs/break-glass.md says what the last resort is.';
  return new JanitorError(message, {
    code,
    source,
    hint: hint === undefined ? way : `${hint} ${way}`,
    details,
    cause,
  });
}
