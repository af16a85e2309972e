import type { Actor } from '../domain/actor.ts';
import type { EvidenceReference } from '../domain/event.ts';
import { afterUse, approvalProblem, type Grant, isApproved, reviewProblem } from '../domain/grant.ts';
import type { BreakGlassContext } from './context.ts';
import { recordOn } from './record.ts';
import { settleUse } from './uses.ts';

export type Said<Problem extends string> =
  | { readonly outcome: 'recorded'; readonly grant: Grant }
  | { readonly outcome: 'refused'; readonly reason: Problem; readonly grant: Grant }
  | { readonly outcome: 'not-found' };

type ApprovalProblem = NonNullable<ReturnType<typeof approvalProblem>> | 'not-waiting';
type ReviewProblem = NonNullable<ReturnType<typeof reviewProblem>> | 'no-evidence' | 'settled' | 'not-ended';
type Recording = Pick<BreakGlassContext, 'ledger' | 'follow' | 'clock' | 'broker' | 'rules'>;

/** The second person's word; the one who asked then starts again. */
export async function approveGrant(
  context: Recording,
  { grantId, actor }: { readonly grantId: string; readonly actor: Actor },
): Promise<Said<ApprovalProblem>> {
  let reason: ApprovalProblem | undefined;
  const stood = await recordOn(context, grantId, ({ grant, state, now }) => {
    reason =
      approvalProblem(grant, actor) ??
      (state === 'requested' && !isApproved(grant) ? undefined : 'not-waiting');
    const { policyHash } = context.rules;
    return reason === undefined
      ? { at: now, actor, policyHash, type: 'grant.approved', data: {} }
      : undefined;
  });
  if (stood === undefined) return { outcome: 'not-found' };
  return reason === undefined
    ? { outcome: 'recorded', grant: stood.grant }
    : { outcome: 'refused', reason, grant: stood.grant };
}

/** What CloudTrail shows, kept in the evidence store before. May be attached again, while it is still wanted. */
export async function attachEvidence(
  context: Recording,
  attached: {
    readonly grantId: string;
    readonly evidence: EvidenceReference;
    readonly events: number;
    readonly complete: boolean;
    /** Judged by the grant as it is when it is attached, since somebody else may have been first. Default: always. */
    readonly isWanted?: (grant: Grant) => boolean;
  },
): Promise<Said<'not-ended' | 'not-wanted'>> {
  const { grantId, evidence, events, complete, isWanted = () => true } = attached;
  const stood = await recordOn(context, grantId, ({ grant, state, now }) =>
    state === 'ended' && isWanted(grant)
      ? {
          at: now,
          actor: context.broker,
          evidence: [evidence],
          type: 'grant.evidence-attached',
          data: { events, complete },
        }
      : undefined,
  );
  if (stood === undefined) return { outcome: 'not-found' };
  return stood.recorded
    ? { outcome: 'recorded', grant: stood.grant }
    : {
        outcome: 'refused',
        reason: stood.state === 'ended' ? 'not-wanted' : 'not-ended',
        grant: stood.grant,
      };
}

/** Somebody else's word on a use whose evidence is there (I17); the last one needed settles it. */
export async function reviewGrant(
  context: Recording,
  review: {
    readonly grantId: string;
    readonly actor: Actor;
    readonly verdict: 'closed' | 'finding';
    readonly reason: string;
    readonly followUp?: string;
  },
): Promise<Said<ReviewProblem>> {
  const { grantId, actor, verdict, reason: why, followUp } = review;
  let reason: ReviewProblem | undefined;
  const stood = await recordOn(context, grantId, ({ grant, now }) => {
    reason = problemOf(grant, actor, now);
    const data = { verdict, ...(followUp === undefined ? {} : { followUp }) };
    return reason === undefined ? { at: now, actor, reason: why, type: 'grant.reviewed', data } : undefined;
  });
  if (stood === undefined) return { outcome: 'not-found' };
  const { grant, now } = stood;
  if (isSettled(grant, now)) await settleUse(context, { ...grant, actor: grant.requestedBy });
  return reason === undefined ? { outcome: 'recorded', grant } : { outcome: 'refused', reason, grant };
}

function problemOf(grant: Grant, actor: Actor, now: string): ReviewProblem | undefined {
  const problem = reviewProblem(grant, actor);
  // First, so that nobody waits for evidence who may not review it anyway.
  if (problem !== undefined) return problem;
  if (grant.endedAt === undefined) return 'not-ended';
  if (grant.evidence === undefined) return 'no-evidence';
  return isSettled(grant, now) ? 'settled' : undefined;
}

function isSettled(grant: Grant, now: string): boolean {
  return ['closed', 'finding'].includes(afterUse(grant, now));
}
