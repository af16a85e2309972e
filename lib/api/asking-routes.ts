import * as z from 'zod';
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
import { route, TAKES_NOTHING } from './route.ts';
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

const ofRequest = { ...TAKES_NOTHING, params: z.object({ requestId: recordIdSchema }) };
const ofException = { ...TAKES_NOTHING, params: z.object({ exceptionId: recordIdSchema }) };
const ofChallenge = { ...TAKES_NOTHING, params: z.object({ challengeId: challengeIdSchema }) };
const paged = { ...TAKES_NOTHING, query: pageQuery };

/** Requests, exceptions and challenges. */
export const ASKING_ROUTES = {
  submitRequest: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/requests',
      summary: 'Ask for something',
      description:
        'The id is yours to choose; the same id with the same content again gives what is stored, so repeat it after a time-out. What the policy denies is recorded and answered with 403.',
      body: submitBody,
      view: submittedView,
      problems: [
        'end-in-past',
        'end-too-far',
        'person-unknown',
        'no-such-rule',
        'secret-shaped',
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
    (service, caller, { body }) => service.submitRequest(caller, body),
  ),
  listRequests: route(
    {
      ...paged,
      method: 'GET',
      path: '/v1/requests',
      summary: 'Requests, newest first',
      view: pageOf(requestView),
      problems: ['cursor-invalid', 'may-not-read'],
    },
    (service, caller, { query }) => service.listRequests(caller, query),
  ),
  getRequest: route(
    {
      ...ofRequest,
      method: 'GET',
      path: '/v1/requests/{requestId}',
      summary: 'One request, and the hash that an approval names',
      view: requestView,
      problems: ['may-not-read', 'request-not-found'],
    },
    (service, caller, { params }) => service.getRequest(caller, params.requestId),
  ),
  approveRequest: route(
    {
      ...ofRequest,
      method: 'POST',
      path: '/v1/requests/{requestId}/approve',
      summary: 'Approve a request as it was shown',
      body: approveRequestBody,
      view: requestView,
      problems: [
        'not-an-approver',
        'party-may-not-approve',
        'request-not-found',
        'request-not-pending',
        'another-request',
        'policy-changed',
      ],
    },
    (service, caller, { params, body }) => service.approveRequest(caller, params.requestId, body.requestHash),
  ),
  rejectRequest: route(
    {
      ...ofRequest,
      method: 'POST',
      path: '/v1/requests/{requestId}/reject',
      summary: 'Reject a request; one approver is enough',
      body: reasonBody,
      view: requestView,
      problems: ['not-an-approver', 'secret-shaped', 'request-not-found', 'request-not-pending'],
    },
    (service, caller, { params, body }) => service.rejectRequest(caller, params.requestId, body.reason),
  ),
  withdrawRequest: route(
    {
      ...ofRequest,
      method: 'POST',
      path: '/v1/requests/{requestId}/withdraw',
      summary: 'Take back what you asked for',
      body: withdrawBody,
      view: requestView,
      problems: ['not-the-requester', 'secret-shaped', 'request-not-found', 'request-not-pending'],
    },
    (service, caller, { params, body }) => service.withdrawRequest(caller, params.requestId, body.reason),
  ),

  listExceptions: route(
    {
      ...paged,
      method: 'GET',
      path: '/v1/exceptions',
      summary: 'Exceptions, newest first',
      view: pageOf(exceptionView),
      problems: ['cursor-invalid', 'may-not-read'],
    },
    (service, caller, { query }) => service.listExceptions(caller, query),
  ),
  getException: route(
    {
      ...ofException,
      method: 'GET',
      path: '/v1/exceptions/{exceptionId}',
      summary: 'One exception',
      view: exceptionView,
      problems: ['may-not-read', 'exception-not-found'],
    },
    (service, caller, { params }) => service.getException(caller, params.exceptionId),
  ),
  revokeException: route(
    {
      ...ofException,
      method: 'POST',
      path: '/v1/exceptions/{exceptionId}/revoke',
      summary: 'End an exception at once and for good',
      body: reasonBody,
      view: revokedView,
      problems: ['may-not-revoke', 'secret-shaped', 'exception-not-found', 'not-in-force'],
    },
    (service, caller, { params, body }) => service.revokeException(caller, params.exceptionId, body.reason),
  ),

  openChallenge: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/challenges',
      summary: 'Object to an announced or planned step, or to an exception',
      description:
        'Pauses it for a bounded time. The same step or exception again gives the challenge there is.',
      body: challengeBody,
      view: openedView,
      problems: [
        'secret-shaped',
        'may-not-read',
        'finding-not-found',
        'credential-not-found',
        'exception-not-found',
        'not-in-force',
      ],
    },
    (service, caller, { body }) => service.openChallenge(caller, body),
  ),
  listChallenges: route(
    {
      ...paged,
      method: 'GET',
      path: '/v1/challenges',
      summary: 'Challenges, newest first',
      view: pageOf(challengeView),
      problems: ['cursor-invalid', 'may-not-read'],
    },
    (service, caller, { query }) => service.listChallenges(caller, query),
  ),
  getChallenge: route(
    {
      ...ofChallenge,
      method: 'GET',
      path: '/v1/challenges/{challengeId}',
      summary: 'One challenge',
      view: challengeView,
      problems: ['may-not-read', 'challenge-not-found'],
    },
    (service, caller, { params }) => service.getChallenge(caller, params.challengeId),
  ),
  decideChallenge: route(
    {
      ...ofChallenge,
      method: 'POST',
      path: '/v1/challenges/{challengeId}/decide',
      summary: 'Decide a challenge',
      body: decideBody,
      view: decidedView,
      problems: [
        'not-an-approver',
        'party-may-not-decide',
        'secret-shaped',
        'challenge-not-found',
        'challenge-not-open',
      ],
    },
    (service, caller, { params, body }) => service.decideChallenge(caller, params.challengeId, body),
  ),
};
