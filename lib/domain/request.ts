import { type Actor, sameActor } from './actor.ts';
import type { Approval, LedgerEvent } from './event.ts';
import type { Fact } from './fact.ts';
import type { RequestContent } from './request-events.ts';
import type { Tier } from './step.ts';
import type { TicketState } from './ticket.ts';
import type { Instant } from './time.ts';

/** Who asks: the authenticated caller, and through whom on whose account, each proven before it gets here. */
export interface Requester {
  /** Who signed the call; the actor of the request's first event. */
  readonly actor: Actor;
  /** The original requester first, then every hop up to the caller; empty when the caller asks for itself (G18). */
  readonly onBehalfOf: readonly Actor[];
  /** The person who stands behind an autonomous agent (G20). */
  readonly sponsor?: string;
  readonly autonomous: boolean;
}

/** Ends of a request; none of them is ever left. */
export type RequestEnd = 'denied' | 'rejected' | 'withdrawn' | 'lapsed' | 'done' | 'failed';
export type RequestState = 'pending' | 'approved' | 'executing' | RequestEnd;

/** A request and what came of it, folded from its chain. */
export interface Request {
  /** The hash of its first event: content, requester, tier and policy version; what an approval is bound to (I11). */
  readonly requestHash: string;
  readonly requester: Requester;
  readonly content: RequestContent;
  readonly submittedAt: Instant;
  readonly policyHash: string;
  /** Absent of denied ones. */
  readonly admission?: {
    readonly tier: Tier;
    readonly approvalsNeeded: number;
    readonly approverGroup?: string;
    readonly beneficiaries: readonly string[];
    readonly lapsesAt: Instant;
    readonly exemptSince?: Instant;
    /** As the ticket system said when it was asked; unknown: nobody has verified it. */
    readonly ticketState?: Fact<TicketState>;
  };
  readonly approvals: readonly Approval[];
  readonly executing?: { readonly at: Instant; readonly finishBefore: Instant };
  readonly end?: {
    readonly state: RequestEnd;
    readonly at: Instant;
    readonly by: Actor;
    readonly reason?: string;
    readonly code?: string;
    /** Of a done one: the id of what came of it. */
    readonly outcome?: string;
  };
}

/** Where a request stands at an instant: an end by clock needs no event to be true (I14). */
export function requestState(request: Request, now: Instant): RequestState {
  const { end, executing, admission } = request;
  if (end !== undefined) return end.state;
  if (executing !== undefined) return 'executing';
  if (admission === undefined) return 'denied';
  if (now >= request.content.endsAt) return 'lapsed';
  if (request.approvals.length >= admission.approvalsNeeded) return 'approved';
  return now >= admission.lapsesAt ? 'lapsed' : 'pending';
}

/** Whether a person asks, is asked for, or vouches for the request: none of them approves it (I11). */
export function isParty({ requester, content, admission }: Request, actor: Actor): boolean {
  if ([requester.actor, ...requester.onBehalfOf].some((each) => sameActor(each, actor))) return true;
  const persons = [requester.sponsor, content.beneficiary, ...(admission?.beneficiaries ?? [])];
  return actor.person !== undefined && persons.includes(actor.person);
}

/**
 * Folds `request#<id>`, oldest first; undefined for a chain that does not begin with a request. An event that the state
 * at its instant does not allow changes nothing: an approval that comes late, twice, by a party or by no person, of
 * another hash or policy version; anything after the end.
 */
export function foldRequest(events: readonly LedgerEvent[]): Request | undefined {
  const [first, ...rest] = events;
  const begun = first === undefined ? undefined : beginning(first);
  return begun === undefined ? undefined : rest.reduce(applied, begun);
}

function beginning(event: LedgerEvent): Request | undefined {
  if (event.type !== 'request.submitted' && event.type !== 'request.denied') return undefined;
  const { ask, reasonKind, businessOwner, beneficiary, onBehalfOf, sponsor, autonomous } = event.data;
  const common: Request = {
    requestHash: event.hash,
    requester: {
      actor: event.actor,
      onBehalfOf,
      autonomous,
      ...(sponsor === undefined ? {} : { sponsor }),
    },
    content: {
      ask,
      reasonKind,
      businessOwner,
      ...(beneficiary === undefined ? {} : { beneficiary }),
      reason: event.reason ?? '',
      ticket: event.ticket ?? '',
      endsAt: event.expiresAt ?? event.at,
    },
    submittedAt: event.at,
    policyHash: event.policyHash ?? '',
    approvals: [],
  };
  if (event.type === 'request.denied') {
    return {
      ...common,
      end: {
        state: 'denied',
        at: event.at,
        by: event.actor,
        code: event.data.code,
        reason: event.data.why,
      },
    };
  }
  const { tier, approvalsNeeded, approverGroup, beneficiaries, lapsesAt, exemptSince, ticketState } =
    event.data;
  return {
    ...common,
    admission: {
      tier,
      approvalsNeeded,
      beneficiaries,
      lapsesAt,
      ...(approverGroup === undefined ? {} : { approverGroup }),
      ...(exemptSince === undefined ? {} : { exemptSince }),
      ...(ticketState === undefined ? {} : { ticketState }),
    },
  };
}

/** The state in which each event changes something. */
const APPLIES_IN: Partial<Record<LedgerEvent['type'], RequestState>> = {
  'request.approved': 'pending',
  'request.rejected': 'pending',
  'request.withdrawn': 'pending',
  'request.lapsed': 'lapsed',
  'request.executing': 'approved',
  'request.done': 'executing',
  'request.failed': 'executing',
};

function applied(request: Request, event: LedgerEvent): Request {
  if (request.end !== undefined || APPLIES_IN[event.type] !== requestState(request, event.at)) return request;
  switch (event.type) {
    case 'request.approved':
      return approved(request, event);
    case 'request.rejected':
      return ended(request, event, 'rejected');
    case 'request.withdrawn':
      return ended(request, event, 'withdrawn');
    case 'request.lapsed':
      return ended(request, event, 'lapsed');
    case 'request.executing':
      return { ...request, executing: { at: event.at, finishBefore: event.data.finishBefore } };
    case 'request.done':
      return ended(request, event, 'done', { outcome: event.data.outcome });
    case 'request.failed':
      return ended(request, event, 'failed', { code: event.data.code });
    default:
      return request;
  }
}

function approved(request: Request, event: Extract<LedgerEvent, { type: 'request.approved' }>): Request {
  const { actor, at, policyHash } = event;
  const counts =
    event.data.requestHash === request.requestHash &&
    policyHash === request.policyHash &&
    actor.kind === 'person' &&
    actor.person !== undefined &&
    !isParty(request, actor) &&
    !hasApproved(request, actor);
  return counts ? { ...request, approvals: [...request.approvals, { actor, at }] } : request;
}

export function hasApproved({ approvals }: Request, actor: Actor): boolean {
  return approvals.some((approval) => sameActor(approval.actor, actor));
}

function ended(
  request: Request,
  event: LedgerEvent,
  state: RequestEnd,
  more: { readonly code?: string; readonly outcome?: string } = {},
): Request {
  const reason = event.reason === undefined ? {} : { reason: event.reason };
  return { ...request, end: { state, at: event.at, by: event.actor, ...reason, ...more } };
}
