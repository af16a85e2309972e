import { type Actor, actorLabel, sameActor } from '../domain/actor.ts';
import type { EventDraft } from '../domain/event.ts';
import {
  foldRequest,
  hasApproved,
  isParty,
  type Request,
  type RequestEnd,
  type RequestState,
  requestState,
} from '../domain/request.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import { type Decision, decideOn, type RequestsContext } from './decide-on.ts';

/** Why an answer to a request was not taken. Nothing was recorded. */
export type AnswerRefusal =
  | 'not-found'
  | 'not-an-approver'
  | 'party-may-not-approve'
  | 'not-the-requester'
  | 'another-request'
  | 'policy-changed'
  | 'not-pending';

/** repeated: the same person had given the same answer before. `state` tells who lost a race what came of the request. */
export type Answered =
  | {
      readonly ok: true;
      readonly repeated: boolean;
      readonly request: Request;
      readonly state: RequestState;
    }
  | {
      readonly ok: false;
      readonly reason: AnswerRefusal;
      readonly message: string;
      readonly state?: RequestState;
    };

type Refusal = { readonly reason: AnswerRefusal; readonly message: string };

interface Answer {
  /** Whether this very answer is on the chain already. */
  readonly given: (request: Request) => boolean;
  readonly refuse: (request: Request) => Refusal | undefined;
  readonly draft: (now: Instant) => EventDraft;
}

/**
 * One person's approval, bound to the hash of the request that was shown and to the policy version it was submitted under
 * (G10, I11). The one that completes the quorum makes the request approved.
 */
export function approveRequest(
  context: RequestsContext,
  {
    requestId,
    requestHash,
    actor,
  }: { readonly requestId: string; readonly requestHash: string; readonly actor: Actor },
): Promise<Answered> {
  const { policyHash } = context.rules;
  return answer(context, requestId, actor, {
    given: (request) => hasApproved(request, actor),
    refuse: (request) =>
      unfitToApprove(context, request, actor) ?? otherThanShown(context, request, requestHash),
    draft: (now) => ({ at: now, actor, policyHash, type: 'request.approved', data: { requestHash } }),
  });
}

/** A member of the group that would approve says no; one is enough. */
export function rejectRequest(
  context: RequestsContext,
  {
    requestId,
    actor,
    reason,
  }: { readonly requestId: string; readonly actor: Actor; readonly reason: string },
): Promise<Answered> {
  const { policyHash } = context.rules;
  return answer(context, requestId, actor, {
    given: (request) => endedBy(request, 'rejected', actor),
    refuse: (request) => noApprover(context, request, actor),
    draft: (now) => ({ at: now, actor, policyHash, type: 'request.rejected', reason, data: {} }),
  });
}

/** Who asked, or anybody it was asked through, takes it back. */
export function withdrawRequest(
  context: RequestsContext,
  {
    requestId,
    actor,
    reason,
  }: { readonly requestId: string; readonly actor: Actor; readonly reason?: string },
): Promise<Answered> {
  const { policyHash } = context.rules;
  const why = reason === undefined ? {} : { reason };
  return answer(context, requestId, actor, {
    given: (request) => endedBy(request, 'withdrawn', actor),
    refuse: ({ requester }) =>
      [requester.actor, ...requester.onBehalfOf].some((each) => sameActor(each, actor))
        ? undefined
        : {
            reason: 'not-the-requester',
            message: `${actorLabel(actor)} did not ask for this and may not withdraw it; a member of the approvers may reject it`,
          },
    draft: (now) => ({ at: now, actor, policyHash, type: 'request.withdrawn', ...why, data: {} }),
  });
}

/**
 * Records what the clock has done to a request: it lapsed unanswered, or what was begun was not finished in time. It is
 * powerless with or without the record (I14). Returns where it stands; undefined when there is no such request.
 */
export function lapseRequest(
  context: RequestsContext,
  { requestId, actor }: { readonly requestId: string; readonly actor: Actor },
): Promise<RequestState | undefined> {
  return decideOn<RequestState | undefined>(context, subjects.request(requestId), (events, now) => {
    const request = foldRequest(events);
    if (request === undefined) return { answer: undefined };
    const record = overdue(context, request, actor, now);
    return record === undefined ? { answer: requestState(request, now) } : { record };
  });
}

/** The event that makes durable what the clock has already decided. */
export function overdue(
  { rules }: Pick<RequestsContext, 'rules'>,
  request: Request,
  actor: Actor,
  now: Instant,
): EventDraft | undefined {
  if (request.end !== undefined) return undefined;
  const fields = { at: now, actor, policyHash: rules.policyHash };
  if (requestState(request, now) === 'lapsed') return { ...fields, type: 'request.lapsed', data: {} };
  if (request.executing === undefined || now < request.executing.finishBefore) return undefined;
  const reason = 'it was begun and not finished in time';
  return { ...fields, type: 'request.failed', reason, data: { code: 'not-finished' } };
}

function answer(
  context: RequestsContext,
  requestId: string,
  actor: Actor,
  { given, refuse, draft }: Answer,
): Promise<Answered> {
  return decideOn<Answered>(context, subjects.request(requestId), (events, now) => {
    const request = foldRequest(events);
    if (request === undefined) {
      return { answer: { ok: false, reason: 'not-found', message: `there is no request ${requestId}` } };
    }
    const state = requestState(request, now);
    if (given(request)) return { answer: { ok: true, repeated: true, request, state } };
    const refusal = refuse(request);
    if (refusal !== undefined) return { answer: { ok: false, ...refusal, state } };
    const record = overdue(context, request, actor, now);
    if (record !== undefined) return { record };
    return state === 'pending'
      ? recorded(draft(now), now)
      : { answer: notPending(requestId, request, state) };
  });
}

function recorded(record: EventDraft, now: Instant): Decision<Answered> {
  return {
    record,
    answerOf: (events) => {
      const request = foldRequest(events);
      if (request === undefined) {
        return { ok: false, reason: 'not-found', message: 'its chain does not begin with a request' };
      }
      return { ok: true, repeated: false, request, state: requestState(request, now) };
    },
  };
}

function notPending(requestId: string, { end }: Request, state: RequestState): Answered {
  const by = end === undefined ? '' : ` by ${actorLabel(end.by)} on ${end.at}`;
  return { ok: false, reason: 'not-pending', message: `request ${requestId} is ${state}${by}`, state };
}

function endedBy({ end }: Request, state: RequestEnd, actor: Actor): boolean {
  return end?.state === state && sameActor(end.by, actor);
}

function noApprover({ rules }: RequestsContext, request: Request, actor: Actor): Refusal | undefined {
  const tier = request.admission?.tier;
  const approvers = tier === undefined || tier === 'routine' ? undefined : rules.approvals[tier];
  if (actor.kind === 'person' && actor.person !== undefined && approvers?.members.includes(actor.person)) {
    return undefined;
  }
  const group = approvers?.group ?? request.admission?.approverGroup ?? 'none';
  return {
    reason: 'not-an-approver',
    message: `${actorLabel(actor)} is not a person of group ${group}, who decide about this request`,
  };
}

function unfitToApprove(context: RequestsContext, request: Request, actor: Actor): Refusal | undefined {
  const refusal = noApprover(context, request, actor);
  if (refusal !== undefined || !isParty(request, actor)) return refusal;
  return {
    reason: 'party-may-not-approve',
    message: `${actorLabel(actor)} asks, is asked for or stands behind this request; another member has to approve it`,
  };
}

function otherThanShown({ rules }: RequestsContext, request: Request, shown: string): Refusal | undefined {
  if (request.requestHash !== shown) {
    return { reason: 'another-request', message: 'what was shown is not this request; read it again' };
  }
  if (request.policyHash === rules.policyHash) return undefined;
  return {
    reason: 'policy-changed',
    message: 'another policy version is active than the one it was submitted under; it has to be asked again',
  };
}
