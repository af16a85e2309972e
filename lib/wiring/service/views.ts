import type { ChallengeView, ExceptionView, RequestView } from '../../api/index.ts';
import { type Challenge, challengeState } from '../../domain/challenge.ts';
import { type Exception, exceptionState } from '../../domain/exception.ts';
import { type Request, requestState } from '../../domain/request.ts';
import type { Instant } from '../../domain/time.ts';

export function requestView(requestId: string, request: Request, now: Instant): RequestView {
  const { admission, requester, end } = request;
  const { onBehalfOf, sponsor, ...who } = requester;
  return {
    requestId,
    state: requestState(request, now),
    requestHash: request.requestHash,
    request: request.content,
    requester: { ...who, onBehalfOf: [...onBehalfOf], ...(sponsor === undefined ? {} : { sponsor }) },
    submittedAt: request.submittedAt,
    policyHash: request.policyHash,
    approvalsNeeded: admission?.approvalsNeeded ?? 0,
    approvals: [...request.approvals],
    ...(admission === undefined ? {} : { tier: admission.tier, lapsesAt: admission.lapsesAt }),
    ...(admission?.approverGroup === undefined ? {} : { approverGroup: admission.approverGroup }),
    ...(end === undefined ? {} : { end: without(end, 'state') }),
  };
}

export function exceptionView(exceptionId: string, exception: Exception, now: Instant): ExceptionView {
  const { end, renews, challenge } = exception;
  return {
    exceptionId,
    state: exceptionState(exception, now),
    scope: exception.scope,
    while: exception.while,
    reason: exception.reason,
    reasonKind: exception.reasonKind,
    ticket: exception.ticket,
    businessOwner: exception.businessOwner,
    requestedBy: exception.requestedBy,
    approvals: [...exception.approvals],
    proposedAt: exception.proposedAt,
    endsAt: exception.endsAt,
    exemptSince: exception.exemptSince,
    ...(renews === undefined ? {} : { renews }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(end === undefined ? {} : { end: without(end, 'state') }),
  };
}

export function challengeView(challengeId: string, challenge: Challenge, now: Instant): ChallengeView {
  const { end, notBy, ...rest } = challenge;
  return {
    ...rest,
    challengeId,
    state: challengeState(challenge, now),
    notBy: [...notBy],
    ...(end === undefined ? {} : { end: without(end, 'state') }),
  };
}

function without<T extends object, K extends keyof T>(record: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = record;
  return rest;
}
