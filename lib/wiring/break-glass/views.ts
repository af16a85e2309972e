import type { EndedView, GrantView, IncidentView, StartedView } from '../../api/index.ts';
import type { IssuedSession } from '../../break-glass/index.ts';
import { afterUse, type Grant, type GrantReview, grantState } from '../../domain/grant.ts';
import { type Incident, incidentState } from '../../domain/incident.ts';
import { elapsed, type Instant } from '../../domain/time.ts';

/** A grant as people see it at an instant. */
export function viewOfGrant(grant: Grant, now: Instant): GrantView {
  const { approvers, approvals, reviewers, reviews, why, accessKeyIds, errands, ...rest } = grant;
  const state = grantState(grant, now);
  const isOpen = state === 'requested' || state === 'activating' || state === 'active';
  return {
    ...rest,
    state,
    afterUse: afterUse(grant, now),
    secondsLeft: isOpen ? Math.max(0, Math.floor(elapsed(now, grant.endsAt) / 1000)) : 0,
    why: [...why],
    approvers: [...approvers],
    approvals: [...approvals],
    reviewers: [...reviewers],
    reviews: reviews.map(viewOfReview),
    accessKeyIds: [...accessKeyIds],
    errands: [...errands],
  };
}

/** The one place where credentials are read out, for the answer to whoever took the grant. */
export function viewOfSession(grant: Grant, session: IssuedSession, now: Instant): StartedView {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = session;
  return {
    outcome: 'started',
    grant: viewOfGrant(grant, now),
    credentials: {
      accessKeyId,
      secretAccessKey: secretAccessKey.reveal(),
      sessionToken: sessionToken.reveal(),
      expiresAt,
    },
  };
}

export function viewOfEnded(outcome: EndedView['outcome'], grant: Grant, now: Instant): EndedView {
  return { outcome, grant: viewOfGrant(grant, now) };
}

export function viewOfIncident(incident: Incident, now: Instant): IncidentView {
  const { call: _first, calls, custodians, reviewers, person, review, ...rest } = incident;
  return {
    ...rest,
    state: incidentState(incident, now),
    ...(person === undefined ? {} : { person }),
    calls: calls.map(viewOfCall),
    custodians: [...custodians],
    reviewers: [...reviewers],
    ...(review === undefined ? {} : { review: viewOfReview(review) }),
  };
}

function viewOfReview({ followUp, ...review }: GrantReview): GrantView['reviews'][number] {
  return { ...review, ...(followUp === undefined ? {} : { followUp }) };
}

function viewOfCall({ sourceIp, accessKeyId, error, ...call }: Incident['calls'][number]) {
  return {
    ...call,
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(error === undefined ? {} : { error }),
  };
}
