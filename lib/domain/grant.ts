import { type Actor, sameActor } from './actor.ts';
import type { Approval, EvidenceReference, LedgerEvent } from './event.ts';
import type { EndCause, Errand } from './grant-events.ts';
import { type Instant, latest, plus } from './time.ts';

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;
type Request = EventOf<'grant.requested'>['data'];

/** Seconds of every session: the least that AWS issues, and the bound of mechanism A. */
export const SESSION_SECONDS = 900;
/** Milliseconds after its intent within which a session is asked for, or never. */
export const ISSUE_WITHIN_MS = 60_000;
/** Until a session asked for at the last instant has surely expired, counted from its intent. */
const SURELY_EXPIRED_MS = SESSION_SECONDS * 1000 + 2 * ISSUE_WITHIN_MS;

/**
 * requested: waits for approvals, or to be taken up when it has them. activating: may be activated, and perhaps a session exists. ending: no session is issued
 * any more, and those there are being ended. lapsed: nobody approved in time; no session was issued.
 */
export type GrantState = 'requested' | 'lapsed' | 'activating' | 'active' | 'ending' | 'ended';
/** What has to happen after a grant ended (I17). */
export type AfterUse =
  | 'not-ended'
  | 'evidence-pending'
  | 'review-due'
  | 'review-overdue'
  | 'closed'
  | 'finding';

export interface GrantReview {
  readonly by: Actor;
  readonly at: Instant;
  readonly verdict: 'closed' | 'finding';
  readonly followUp?: string | undefined;
}

/** Access for a while, folded from its chain. */
export interface Grant extends Request {
  readonly grantId: string;
  readonly requestedBy: Actor;
  readonly requestedAt: Instant;
  readonly policyHash: string;
  readonly reason: string;
  readonly ticket: string;
  /** Fixed from the first event: longer is another grant (I12). */
  readonly endsAt: Instant;
  readonly approvals: readonly Approval[];
  readonly lapsedAt?: Instant;
  readonly activatedAt?: Instant;
  /** Access keys of the sessions that were handed out. */
  readonly accessKeyIds: readonly string[];
  /** Sessions that were intended so far, handed out or not. */
  readonly sessions: number;
  /** The newest intent of a session; none before it may be activated. */
  readonly intendedAt?: Instant;
  /** What failed at its activation and is still to be done. */
  readonly errands: readonly Errand[];
  readonly ending?: { readonly cause: EndCause; readonly at: Instant; readonly by: Actor };
  /** The newest failure to end it. */
  readonly failure?: string;
  readonly endedAt?: Instant;
  /** The newest look at CloudTrail, whether it showed anything or not. */
  readonly lookedAt?: Instant;
  readonly evidence?: {
    readonly events: number;
    readonly complete: boolean;
    readonly reference?: EvidenceReference;
  };
  /** Shells that were ended, and whether none is left. */
  readonly shells?: { readonly ended: number; readonly complete: boolean };
  /** The newest failure to end its shells. */
  readonly shellsFailure?: string;
  readonly reviews: readonly GrantReview[];
  /** How a drill went. */
  readonly drill?: EventOf<'grant.drilled'>['data'] & { readonly at: Instant };
}

/** Where a grant stands at an instant: its end ends it by the clock, recorded or not (I13, I14). */
export function grantState(grant: Grant, now: Instant): GrantState {
  if (grant.endedAt !== undefined) return 'ended';
  if (grant.ending !== undefined) return 'ending';
  if (grant.lapsedAt !== undefined) return 'lapsed';
  const past = now >= grant.endsAt;
  if (grant.intendedAt === undefined) return past ? 'lapsed' : 'requested';
  if (past) return 'ending';
  return grant.activatedAt === undefined ? 'activating' : 'active';
}

/**
 * Whether a session could still be used if its tag were not denied. A session of the console is begun with credentials and
 * outlives them, by hours, and hands out new ones: only the grant's own end, which is in its policy, bounds it.
 */
export function mayHaveSessions({ intendedAt, endsAt }: Grant, now: Instant): boolean {
  return intendedAt !== undefined && now < latest(endsAt, plus(intendedAt, SURELY_EXPIRED_MS));
}

/**
 * What is still owed once a grant has ended; one finding is enough for a finding, closing takes every reviewer. A drill
 * owes its evidence and nobody's review.
 */
export function afterUse(grant: Grant, now: Instant): AfterUse {
  if (grant.endedAt === undefined) return 'not-ended';
  if (grant.reviews.some(({ verdict }) => verdict === 'finding')) return 'finding';
  if (grant.reviewsNeeded === 0) return grant.evidence === undefined ? 'evidence-pending' : 'closed';
  if (grant.reviews.length >= grant.reviewsNeeded) return 'closed';
  if (now >= grant.reviewBy) return 'review-overdue';
  return grant.evidence === undefined ? 'evidence-pending' : 'review-due';
}

/** Whether anything is still to come of a grant, by its chain alone: its end, its evidence or its review. */
export function isOwing(grant: Grant): boolean {
  if (grant.lapsedAt !== undefined) return false;
  return !['closed', 'finding'].includes(afterUse(grant, grant.requestedAt));
}

/** Why somebody may not review a grant; undefined when they may. Nobody reviews what they asked for or approved. */
export function reviewProblem(
  grant: Pick<Grant, 'requestedBy' | 'approvals' | 'reviewers' | 'reviews'>,
  by: Actor,
): 'not-a-person' | 'not-a-reviewer' | 'own-use' | 'approved-it' | 'reviewed-already' | undefined {
  if (by.kind !== 'person' || by.person === undefined) return 'not-a-person';
  if (sameActor(grant.requestedBy, by)) return 'own-use';
  if (grant.approvals.some(({ actor }) => sameActor(actor, by))) return 'approved-it';
  if (!grant.reviewers.includes(by.person)) return 'not-a-reviewer';
  return grant.reviews.some((each) => sameActor(each.by, by)) ? 'reviewed-already' : undefined;
}

/** Why somebody may not approve a grant (I11, I16); undefined when they may. */
export function approvalProblem(
  grant: Pick<Grant, 'requestedBy' | 'approvals' | 'approvers'>,
  by: Actor,
): 'not-a-person' | 'not-an-approver' | 'own-request' | 'approved-already' | undefined {
  if (by.kind !== 'person' || by.person === undefined) return 'not-a-person';
  if (sameActor(grant.requestedBy, by)) return 'own-request';
  if (!grant.approvers.includes(by.person)) return 'not-an-approver';
  return grant.approvals.some(({ actor }) => sameActor(actor, by)) ? 'approved-already' : undefined;
}

/** Folds `grant#<id>`, oldest first. What the state at its instant does not allow changes nothing. */
export function foldGrant(events: readonly LedgerEvent[]): Grant | undefined {
  const [first, ...rest] = events;
  if (first?.type !== 'grant.requested') return undefined;
  const begun: Grant = {
    ...first.data,
    grantId: first.subject.slice('grant#'.length),
    requestedBy: first.actor,
    requestedAt: first.at,
    policyHash: first.policyHash ?? '',
    reason: first.reason ?? '',
    ticket: first.ticket ?? '',
    endsAt: first.expiresAt ?? first.at,
    approvals: [],
    accessKeyIds: [],
    sessions: 0,
    errands: [],
    reviews: [],
  };
  return rest.reduce(applied, first.data.approvalsNeeded === 0 ? intended(begun, first.at) : begun);
}

function intended(grant: Grant, at: Instant): Grant {
  return { ...grant, intendedAt: at, sessions: grant.sessions + 1 };
}

function applied(grant: Grant, event: LedgerEvent): Grant {
  if (event.type === 'grant.drilled')
    return grant.drill === undefined ? { ...grant, drill: { ...event.data, at: event.at } } : grant;
  switch (grantState(grant, event.at)) {
    case 'requested':
      return whileRequested(grant, event);
    case 'activating':
    case 'active':
      return whileOpen(grant, event);
    case 'ending':
      return whileEnding(grant, event);
    case 'lapsed':
      return event.type === 'grant.lapsed' ? { ...grant, lapsedAt: grant.lapsedAt ?? event.at } : grant;
    case 'ended':
      return afterwards(grant, event);
  }
}

function whileRequested(grant: Grant, event: LedgerEvent): Grant {
  if (event.type === 'grant.activating') return isApproved(grant) ? intended(grant, event.at) : grant;
  if (event.type !== 'grant.approved' || approvalProblem(grant, event.actor) !== undefined) {
    return event.type === 'grant.ending' ? { ...grant, lapsedAt: event.at } : grant;
  }
  return { ...grant, approvals: [...grant.approvals, { actor: event.actor, at: event.at }] };
}

/** Whether everybody whose approval it takes has given it. */
export function isApproved({ approvals, approvalsNeeded }: Grant): boolean {
  return approvals.length >= approvalsNeeded;
}

function whileOpen(grant: Grant, event: LedgerEvent): Grant {
  switch (event.type) {
    case 'grant.activated':
      return grant.activatedAt === undefined ? activated(grant, event) : grant;
    case 'grant.errand-done':
      return { ...grant, errands: grant.errands.filter((each) => each !== event.data.errand) };
    case 'grant.renewed':
      return grant.activatedAt === undefined ? grant : intended(grant, event.at);
    case 'grant.issued':
      return { ...grant, accessKeyIds: [...grant.accessKeyIds, event.data.accessKeyId] };
    default:
      return whileEnding(grant, event);
  }
}

function activated(grant: Grant, { at, data }: EventOf<'grant.activated'>): Grant {
  const failed: readonly (Errand | undefined)[] = [
    data.endSchedule === 'failed' ? 'end-schedule' : undefined,
    data.announcement === 'failed' ? 'announcement' : undefined,
  ];
  return {
    ...grant,
    activatedAt: at,
    accessKeyIds: [...grant.accessKeyIds, data.accessKeyId],
    errands: failed.filter((each) => each !== undefined),
  };
}

function whileEnding(grant: Grant, event: LedgerEvent): Grant {
  switch (event.type) {
    case 'grant.ending':
      return grant.ending === undefined
        ? { ...grant, ending: { cause: event.data.cause, at: event.at, by: event.actor } }
        : grant;
    case 'grant.errand-done':
      return { ...grant, errands: grant.errands.filter((each) => each !== event.data.errand) };
    case 'grant.end-failed':
      return grant.ending === undefined ? grant : { ...grant, failure: event.data.code };
    case 'grant.ended':
      return grant.ending === undefined ? grant : { ...grant, endedAt: event.at };
    default:
      return withShells(grant, event);
  }
}

function withShells(grant: Grant, event: LedgerEvent): Grant {
  if (event.type === 'grant.shells-failed') return { ...grant, shellsFailure: event.data.code };
  if (event.type !== 'grant.shells-ended') return grant;
  const { shellsFailure: _overcome, ...rest } = grant;
  const ended = (grant.shells?.ended ?? 0) + event.data.ended;
  return { ...rest, shells: { ended, complete: event.data.complete } };
}

function afterwards(grant: Grant, event: LedgerEvent): Grant {
  if (event.type === 'grant.errand-done') {
    return { ...grant, errands: grant.errands.filter((each) => each !== event.data.errand) };
  }
  if (event.type === 'grant.evidence-failed') return { ...grant, lookedAt: event.at };
  if (event.type === 'grant.evidence-attached') return withEvidence(grant, event);
  if (event.type !== 'grant.reviewed') return withShells(grant, event);
  if (grant.evidence === undefined) return grant;
  if (reviewProblem(grant, event.actor) !== undefined) return grant;
  const review = { by: event.actor, at: event.at, ...event.data };
  return { ...grant, reviews: [...grant.reviews, review] };
}

function withEvidence(
  grant: Grant,
  { at, data, evidence: [reference] = [] }: EventOf<'grant.evidence-attached'>,
): Grant {
  return {
    ...grant,
    lookedAt: at,
    evidence: { ...data, ...(reference === undefined ? {} : { reference }) },
  };
}
