import * as z from '../domain/zod.ts';
import {
  approveRequestBody,
  challengeBody,
  decideBody,
  pageQuery,
  reasonBody,
  submitBody,
  withdrawBody,
} from './bodies.ts';
import { challengeIdSchema, recordIdSchema } from './path-parameters.ts';
import { route, takesNothing } from './route.ts';
import {
  challengeView,
  decidedView,
  exceptionView,
  openedView,
  pageOf,
  requestView,
  revokedView,
  submittedView,
} from './views.ts';

const ofRequest = () => ({ ...takesNothing(), params: z.object({ requestId: recordIdSchema }) });
const ofException = () => ({ ...takesNothing(), params: z.object({ exceptionId: recordIdSchema }) });
const ofChallenge = () => ({ ...takesNothing(), params: z.object({ challengeId: challengeIdSchema }) });
const paged = () => ({ ...takesNothing(), query: pageQuery() });

/** Requests, exceptions and challenges. */
export const ASKING_ROUTES = {
  submitRequest: route(
    {
      method: 'POST',
      path: '/v1/requests',
      summary: 'Ask for something',
      description:
        'The id is yours to choose; the same id with the same content again gives what is stored, so repeat it after a time-out. What the policy denies is recorded and answered with 403.',
      problems: [
        'end-in-past',
        'end-too-far',
        'person-unknown',
        'no-such-rule',
        'secret-shaped',
        'ticket-malformed',
        'delegation-malformed',
        'request-denied',
        'delegation-refused',
        'exception-not-found',
        'credential-not-found',
        'plan-not-found',
        'request-conflict',
        'exception-not-active',
        'another-request',
        'plan-changed',
        'evidence-unread',
        'member-unreachable',
        'delegation-unverified',
      ],
    },
    () => ({ ...takesNothing(), body: submitBody, view: submittedView }),
    (service, caller, { body }) => service.submitRequest(caller, body),
  ),
  listRequests: route(
    {
      method: 'GET',
      path: '/v1/requests',
      summary: 'Requests, newest first',
      problems: ['cursor-invalid', 'may-not-read'],
    },
    () => ({ ...paged(), view: pageOf(requestView) }),
    (service, caller, { query }) => service.listRequests(caller, query),
  ),
  getRequest: route(
    {
      method: 'GET',
      path: '/v1/requests/{requestId}',
      summary: 'One request, and the hash that an approval names',
      problems: ['may-not-read', 'request-not-found'],
    },
    () => ({ ...ofRequest(), view: requestView }),
    (service, caller, { params }) => service.getRequest(caller, params.requestId),
  ),
  approveRequest: route(
    {
      method: 'POST',
      path: '/v1/requests/{requestId}/approve',
      summary: 'Approve a request as it was shown',
      problems: [
        'not-an-approver',
        'party-may-not-approve',
        'request-not-found',
        'request-not-pending',
        'another-request',
        'policy-changed',
      ],
    },
    () => ({ ...ofRequest(), body: approveRequestBody, view: requestView }),
    (service, caller, { params, body }) => service.approveRequest(caller, params.requestId, body.requestHash),
  ),
  rejectRequest: route(
    {
      method: 'POST',
      path: '/v1/requests/{requestId}/reject',
      summary: 'Reject a request; one approver is enough',
      problems: ['not-an-approver', 'secret-shaped', 'request-not-found', 'request-not-pending'],
    },
    () => ({ ...ofRequest(), body: reasonBody, view: requestView }),
    (service, caller, { params, body }) => service.rejectRequest(caller, params.requestId, body.reason),
  ),
  withdrawRequest: route(
    {
      method: 'POST',
      path: '/v1/requests/{requestId}/withdraw',
      summary: 'Take back what you asked for',
      problems: ['not-the-requester', 'secret-shaped', 'request-not-found', 'request-not-pending'],
    },
    () => ({ ...ofRequest(), body: withdrawBody, view: requestView }),
    (service, caller, { params, body }) => service.withdrawRequest(caller, params.requestId, body.reason),
  ),

  listExceptions: route(
    {
      method: 'GET',
      path: '/v1/exceptions',
      summary: 'Exceptions, newest first',
      problems: ['cursor-invalid', 'may-not-read'],
    },
    () => ({ ...paged(), view: pageOf(exceptionView) }),
    (service, caller, { query }) => service.listExceptions(caller, query),
  ),
  getException: route(
    {
      method: 'GET',
      path: '/v1/exceptions/{exceptionId}',
      summary: 'One exception',
      problems: ['may-not-read', 'exception-not-found'],
    },
    () => ({ ...ofException(), view: exceptionView }),
    (service, caller, { params }) => service.getException(caller, params.exceptionId),
  ),
  revokeException: route(
    {
      method: 'POST',
      path: '/v1/exceptions/{exceptionId}/revoke',
      summary: 'End an exception at once and for good',
      problems: ['may-not-revoke', 'secret-shaped', 'exception-not-found', 'not-in-force'],
    },
    () => ({ ...ofException(), body: reasonBody, view: revokedView }),
    (service, caller, { params, body }) => service.revokeException(caller, params.exceptionId, body.reason),
  ),

  openChallenge: route(
    {
      method: 'POST',
      path: '/v1/challenges',
      summary: 'Object to an announced or planned step, or to an exception',
      description:
        'Pauses it for a bounded time. The same step or exception again gives the challenge there is.',
      problems: [
        'secret-shaped',
        'may-not-read',
        'finding-not-found',
        'credential-not-found',
        'exception-not-found',
        'not-in-force',
      ],
    },
    () => ({ ...takesNothing(), body: challengeBody, view: openedView }),
    (service, caller, { body }) => service.openChallenge(caller, body),
  ),
  listChallenges: route(
    {
      method: 'GET',
      path: '/v1/challenges',
      summary: 'Challenges, newest first',
      problems: ['cursor-invalid', 'may-not-read'],
    },
    () => ({ ...paged(), view: pageOf(challengeView) }),
    (service, caller, { query }) => service.listChallenges(caller, query),
  ),
  getChallenge: route(
    {
      method: 'GET',
      path: '/v1/challenges/{challengeId}',
      summary: 'One challenge',
      problems: ['may-not-read', 'challenge-not-found'],
    },
    () => ({ ...ofChallenge(), view: challengeView }),
    (service, caller, { params }) => service.getChallenge(caller, params.challengeId),
  ),
  decideChallenge: route(
    {
      method: 'POST',
      path: '/v1/challenges/{challengeId}/decide',
      summary: 'Decide a challenge',
      problems: [
        'not-an-approver',
        'party-may-not-decide',
        'secret-shaped',
        'challenge-not-found',
        'challenge-not-open',
      ],
    },
    () => ({ ...ofChallenge(), body: decideBody, view: decidedView }),
    (service, caller, { params, body }) => service.decideChallenge(caller, params.challengeId, body),
  ),
};
