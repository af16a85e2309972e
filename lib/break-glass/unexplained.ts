import { breakGlassRoleArn, sourceIdentityOf } from '../domain/break-glass-names.ts';
import type { BreakGlassRules, EmergencyIdentity } from '../domain/break-glass-rules.ts';
import type { LedgerEvent } from '../domain/event.ts';
import { foldGrant, ISSUE_WITHIN_MS } from '../domain/grant.ts';
import { type Instant, MINUTE_MS, plus } from '../domain/time.ts';
import type { TrailEvent } from './trail-event.ts';

/** AWS's clock and ours may differ by so much, either way. */
const MARGIN_MS = MINUTE_MS;

/** The break-glass role that a call assumed; undefined when it assumed none, or was refused. */
export function assumedBreakGlassRole({ assumed, error }: TrailEvent): { readonly name: string } | undefined {
  if (assumed === undefined || error !== undefined) return undefined;
  const [, partition, accountId, name] =
    /^arn:([a-z-]+):iam::(\d{12}):role\/(?:[^/]+\/)*([^/]+)$/.exec(assumed.roleArn) ?? [];
  if (partition === undefined || accountId === undefined || name === undefined) return undefined;
  return breakGlassRoleArn({ partition, accountId }, name) === assumed.roleArn ? { name } : undefined;
}

/**
 * Why no grant explains a session of a break-glass role; undefined when one does. A session that the record knows is
 * explained. One that it does not know yet (or never will, when the broker died) is, when the broker made it for a
 * grant that had set out for a session at that very time: the intent is on record before the call (I1).
 */
export function unexplained(
  event: TrailEvent,
  chain: readonly LedgerEvent[],
  brokerRoleArn: string,
): string | undefined {
  const { assumed } = event;
  const grant = foldGrant(chain);
  if (grant === undefined || assumed === undefined) return 'its session is named after no grant';
  const { grantId, roleArn, accessKeyIds, requestedBy } = grant;
  if (roleArn !== assumed.roleArn) return `grant ${grantId}, which it is named after, is for another role`;
  if (assumed.accessKeyId !== undefined && accessKeyIds.includes(assumed.accessKeyId)) return undefined;
  if (!isBroker(event, brokerRoleArn)) return 'somebody else than the broker began it';
  if (assumed.sourceIdentity !== sourceIdentityOf(requestedBy.person ?? ''))
    return `it is of somebody else than grant ${grantId}`;
  return intentsIn(chain).some((intent) => isFresh(intent, event.at))
    ? undefined
    : `grant ${grantId} had not set out for a session at that time`;
}

/**
 * By its role where CloudTrail shows that. The trail of the role's account shows the caller's account only: whoever else of
 * it could assume the role is kept out by the role's trust.
 */
function isBroker({ callerArns, callerAccountId }: TrailEvent, brokerRoleArn: string): boolean {
  const [, account, name] = /^arn:[a-z-]+:iam::(\d{12}):role\/(?:[^/]+\/)*([^/]+)$/.exec(brokerRoleArn) ?? [];
  if (account === undefined || name === undefined) return false;
  if (callerArns.length === 0) return callerAccountId === account;
  return callerArns.some(
    (arn) => arn === brokerRoleArn || arn.includes(`:sts::${account}:assumed-role/${name}/`),
  );
}

/** When a chain set out for a session. */
function intentsIn(chain: readonly LedgerEvent[]): readonly Instant[] {
  return chain.flatMap((event) => {
    const isIntent =
      event.type === 'grant.activating' ||
      event.type === 'grant.renewed' ||
      (event.type === 'grant.requested' && event.data.approvalsNeeded === 0);
    return isIntent ? [event.at] : [];
  });
}

function isFresh(intent: Instant, at: Instant): boolean {
  return plus(intent, -MARGIN_MS) <= at && at <= plus(intent, ISSUE_WITHIN_MS + MARGIN_MS);
}

/** The registered identity that made a call, a failed sign-in included; undefined: it was none. */
export function usedIdentity(
  { callerArns, callerAccountId, userName, name }: TrailEvent,
  { emergencyIdentities }: BreakGlassRules,
): EmergencyIdentity | undefined {
  return emergencyIdentities.find(({ arn }) => {
    if (callerArns.includes(arn)) return true;
    const isSignIn = name === 'signin:ConsoleLogin' && callerArns.length === 0 && userName !== undefined;
    return isSignIn && arn.includes(`::${callerAccountId ?? ''}:user/`) && arn.endsWith(`/${userName}`);
  });
}
