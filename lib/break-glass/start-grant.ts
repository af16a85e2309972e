import { type Actor, sameActor } from '../domain/actor.ts';
import { breakGlassRole } from '../domain/break-glass-drill.ts';
import { decideEligibility, type Eligibility } from '../domain/break-glass-eligibility.ts';
import { breakGlassRoleArn } from '../domain/break-glass-names.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { unknown } from '../domain/fact.ts';
import { type Grant, isApproved } from '../domain/grant.ts';
import type { GrantContent } from '../domain/grant-events.ts';
import { secretShapeIn } from '../domain/secret-shape.ts';
import { subjects } from '../domain/subject.ts';
import { type Instant, plus } from '../domain/time.ts';
import { activateGrant } from './activate-grant.ts';
import type { BreakGlassContext } from './context.ts';
import { endWithoutReason } from './end-grant.ts';
import { contended, nowAfter, recordOn, type Stood, stands } from './record.ts';
import type { IssuedSession } from './session.ts';
import { noteUse, stillOverdue } from './uses.ts';

/**
 * started: with a session, recorded before it is handed out. waiting: others have to approve; the same call again goes on
 * when they have. over: the grant has ended or lapsed. conflict: something else was asked under this id.
 */
export type Started =
  | { readonly outcome: 'started'; readonly grant: Grant; readonly session: IssuedSession }
  | { readonly outcome: 'waiting' | 'over'; readonly grant: Grant }
  | { readonly outcome: 'refused'; readonly code: string; readonly why: readonly string[] }
  | { readonly outcome: 'conflict' };

interface Asked {
  readonly actor: Actor;
  readonly content: GrantContent;
}

/**
 * Begins a grant under the id its client chose, in four round trips: read, record, act, record. The same call again goes on
 * where the one before stopped. Refusals are recorded. Throws `ledger-unavailable` (and then gives no credentials, since
 * an unrecorded grant is worse than none) and the `aws-` codes of STS.
 */
export async function startGrant(context: BreakGlassContext, asked: Asked): Promise<Started> {
  const { ledger, rules } = context;
  const { actor, content } = asked;
  const subject = subjects.grant(content.grantId);
  const role = breakGlassRole(rules, content.role);
  const [events, uses, onCall] = await Promise.all([
    ledger.chain(subject),
    actor.person === undefined || role === undefined
      ? []
      : ledger.chain(subjects.grantUses(actor.person, role.name)),
    role === undefined ? unknown('there is no such role') : context.onCall(role, content.accountId),
  ]);
  if (events.length > 0) return goOn(context, asked, events);
  const now = context.clock.now();
  const overdue = await stillOverdue(context, uses);
  const decision = decideEligibility(rules, { actor, content, onCall, overdue });
  const draft = draftOf(context, asked, decision, now);
  const noted = isReviewed(decision)
    ? noteUse(context, { ...content, actor, reviewBy: reviewBy(content, decision, now) }, uses)
    : undefined;
  const [appended] = await Promise.all([ledger.append(subject, null, draft), noted]);
  if (!appended.ok) return goOn(context, asked, await ledger.chain(subject));
  return decision.ok ? goOn(context, asked, [appended.event]) : refusal(decision);
}

async function goOn(
  context: BreakGlassContext,
  { actor, content }: Asked,
  events: readonly LedgerEvent[],
): Promise<Started> {
  const [first] = events;
  if (first === undefined) throw contended(subjects.grant(content.grantId));
  if (!isSame(first, actor, content)) return { outcome: 'conflict' };
  if (first.type === 'grant.refused') {
    const { code, why } = first.data;
    return { outcome: 'refused', code, why };
  }
  const stood = stands(events, nowAfter(context, events));
  if (stood === undefined) return { outcome: 'conflict' };
  const ended = await endWithoutReason(context, stood);
  if (ended !== undefined) return { outcome: 'over', grant: ended };
  if (stood.state !== 'requested') return activateGrant(context, stood);
  const intended = await takeUp(context, stood);
  if (intended.state !== 'requested') return activateGrant(context, intended);
  await context.follow(subjects.grant(content.grantId), intended.events);
  return { outcome: 'waiting', grant: intended.grant };
}

/** The intent of the first session of a grant that has its approvals. */
async function takeUp(context: BreakGlassContext, stood: Stood): Promise<Stood> {
  const { grantId, requestedBy: actor } = stood.grant;
  const after = await recordOn(
    context,
    grantId,
    ({ grant, state, now }) =>
      state === 'requested' && isApproved(grant)
        ? { at: now, actor, type: 'grant.activating', data: {} }
        : undefined,
    stood.events,
  );
  return after ?? stood;
}

function refusal({ code, why }: Extract<Eligibility, { ok: false }>): Started {
  return { outcome: 'refused', code, why };
}

function isSame(first: LedgerEvent, actor: Actor, content: GrantContent): boolean {
  if (first.type !== 'grant.requested' && first.type !== 'grant.refused') return false;
  const { role, accountId, durationSeconds } = first.data;
  return (
    sameActor(first.actor, actor) &&
    role === content.role &&
    accountId === content.accountId &&
    durationSeconds === content.durationSeconds &&
    (first.reason ?? content.reason) === content.reason &&
    (first.ticket ?? content.ticket) === content.ticket
  );
}

function endOf({ durationSeconds }: GrantContent, now: Instant): Instant {
  return plus(now, durationSeconds * 1000);
}

function reviewBy(
  content: GrantContent,
  { role }: Extract<Eligibility, { ok: true }>,
  now: Instant,
): Instant {
  return plus(endOf(content, now), role.reviewWithinMs);
}

/** A drill is not, so that no use waits for the review of one. */
function isReviewed(decision: Eligibility): decision is Extract<Eligibility, { ok: true }> {
  return decision.ok && decision.reviewsNeeded > 0;
}

/** What looks like a secret is refused, and not repeated in the record. */
function saidIn({ reason, ticket }: GrantContent) {
  return [reason, ticket].some((text) => secretShapeIn(text) !== undefined) ? {} : { reason, ticket };
}

function draftOf(
  { rules, partition }: BreakGlassContext,
  { actor, content }: Asked,
  decision: Eligibility,
  now: Instant,
): EventDraft {
  const { role: name, accountId, durationSeconds, reason, ticket } = content;
  const envelope = { at: now, actor, policyHash: rules.policyHash };
  const data = { role: name, accountId, durationSeconds };
  if (!decision.ok) {
    return {
      ...envelope,
      ...saidIn(content),
      type: 'grant.refused',
      data: { ...data, code: decision.code, why: [...decision.why] },
    };
  }
  const { role, approvalsNeeded, reviewsNeeded, standing, why } = decision;
  return {
    ...envelope,
    reason,
    ticket,
    expiresAt: endOf(content, now),
    type: 'grant.requested',
    data: {
      ...data,
      roleArn: breakGlassRoleArn({ partition, accountId }, name),
      tier: role.tier,
      approvalsNeeded,
      approverGroup: role.approverGroup,
      approvers: [...role.approvers],
      reviewers: [...role.reviewers],
      reviewsNeeded,
      reviewBy: reviewBy(content, decision, now),
      standing,
      why: [...why],
      sessionManager: role.sessionManager,
    },
  };
}
