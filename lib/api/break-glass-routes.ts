import type { RefusalCode } from '../domain/break-glass-eligibility.ts';
import * as z from '../domain/zod.ts';
import { pageQuery } from './bodies.ts';
import {
  drillBody,
  explainIncidentBody,
  returnGrantBody,
  reviewBody,
  revokeGrantBody,
  revokeRoleBody,
  startGrantBody,
} from './break-glass-bodies.ts';
import type { BreakGlassService } from './break-glass-service.ts';
import {
  breakGlassRoleView,
  drillView,
  endedManyView,
  endedView,
  grantEvidenceView,
  grantView,
  incidentView,
  startedView,
} from './break-glass-views.ts';
import { grantIdSchema, incidentIdSchema } from './path-parameters.ts';
import type { ProblemCode } from './problem-codes.ts';
import { type Route, breakGlassRoute as route, takesNothing } from './route.ts';
import { pageOf } from './views.ts';

const ofGrant = () => ({ ...takesNothing(), params: z.object({ grantId: grantIdSchema }) });

const ofIncident = () => ({ ...takesNothing(), params: z.object({ incidentId: incidentIdSchema }) });

/** What the policy refuses whoever wants a grant; recorded. */
const REFUSALS = [
  'role-unknown',
  'account-not-covered',
  'not-a-person',
  'not-eligible',
  'not-on-call',
  'on-call-unknown',
  'reason-too-short',
  'secret-shaped',
  'ticket-malformed',
  'duration-too-short',
  'duration-too-long',
] as const satisfies readonly (ProblemCode & RefusalCode)[];

const ISSUING = ['grant-intent-stale', 'aws-denied'] as const;
/** The record, and what AWS says of who calls. */
const RECORD = ['ledger-unavailable', 'aws-throttled', 'aws-unreachable', 'aws-other'] as const;
const REVIEWING = [
  'not-a-person',
  'not-a-reviewer',
  'may-not-review-own',
  'secret-shaped',
  'already-reviewed',
] as const;

/** Every operation of the broker by its name, and nothing else: break-glass access taken, renewed, ended and reviewed. */
export const BREAK_GLASS_ROUTES: Readonly<Record<keyof BreakGlassService, Route<BreakGlassService>>> = {
  listBreakGlassRoles: route(
    {
      method: 'GET',
      path: '/v1/break-glass/roles',
      summary: 'Break-glass roles, what each allows, and whether you may have it now',
      problems: ['may-not-read', ...RECORD],
    },
    () => ({ ...takesNothing(), view: pageOf(breakGlassRoleView) }),
    (service, caller) => service.listBreakGlassRoles(caller),
  ),
  startGrant: route(
    {
      method: 'POST',
      path: '/v1/break-glass/grants',
      summary: 'Take a break-glass role',
      description:
        'The id is yours to choose; the same id with the same content again goes on where the call before stopped, so repeat it after a time-out. What the policy refuses is recorded. Without a record there are no credentials.',
      problems: [...REFUSALS, 'grant-conflict', 'grant-over', ...ISSUING, ...RECORD],
    },
    () => ({ ...takesNothing(), body: startGrantBody, view: startedView }),
    (service, caller, { body }) => service.startGrant(caller, body),
  ),
  listGrants: route(
    {
      method: 'GET',
      path: '/v1/break-glass/grants',
      summary: 'Grants, newest first',
      description: 'Open are those that have not ended, and those that are still owed evidence or a review.',
      problems: ['cursor-invalid', 'may-not-read', ...RECORD],
    },
    () => ({ ...takesNothing(), query: pageQuery(), view: pageOf(grantView) }),
    (service, caller, { query }) => service.listGrants(caller, query),
  ),
  getGrant: route(
    {
      method: 'GET',
      path: '/v1/break-glass/grants/{grantId}',
      summary: 'One grant',
      problems: ['may-not-read', 'grant-not-found', ...RECORD],
    },
    () => ({ ...ofGrant(), view: grantView }),
    (service, caller, { params }) => service.getGrant(caller, params.grantId),
  ),
  renewGrant: route(
    {
      method: 'POST',
      path: '/v1/break-glass/grants/{grantId}/credentials',
      summary: 'Another session of a grant you took, for 15 minutes or until its end',
      problems: ['may-not-read', 'grant-not-found', 'grant-not-active', 'grant-over', ...ISSUING, ...RECORD],
    },
    () => ({ ...ofGrant(), view: startedView }),
    (service, caller, { params }) => service.renewGrant(caller, params.grantId),
  ),
  approveGrant: route(
    {
      method: 'POST',
      path: '/v1/break-glass/grants/{grantId}/approve',
      summary: 'Approve a grant that waits for a second person',
      problems: [
        'not-a-person',
        'not-an-approver',
        'requester-may-not-approve',
        'grant-not-found',
        'grant-not-waiting',
        'already-approved',
        ...RECORD,
      ],
    },
    () => ({ ...ofGrant(), view: grantView }),
    (service, caller, { params }) => service.approveGrant(caller, params.grantId),
  ),
  returnGrant: route(
    {
      method: 'POST',
      path: '/v1/break-glass/grants/{grantId}/return',
      summary: 'Give back a grant you took, before its end',
      problems: ['may-not-read', 'may-not-return', 'secret-shaped', 'grant-not-found', ...RECORD],
    },
    () => ({ ...ofGrant(), body: returnGrantBody, view: endedView }),
    (service, caller, { params, body }) => service.returnGrant(caller, params.grantId, body.reason),
  ),
  revokeGrant: route(
    {
      method: 'POST',
      path: '/v1/break-glass/grants/{grantId}/revoke',
      summary: "End somebody's grant at once",
      problems: ['may-not-read', 'may-not-end-grant', 'secret-shaped', 'grant-not-found', ...RECORD],
    },
    () => ({ ...ofGrant(), body: revokeGrantBody, view: endedView }),
    (service, caller, { params, body }) => service.revokeGrant(caller, params.grantId, body.reason),
  ),
  revokeRole: route(
    {
      method: 'POST',
      path: '/v1/break-glass/revocations',
      summary: 'End every grant of a role at once',
      description: 'Each by itself. Grants that the caller may not end are left out.',
      problems: ['may-not-read', 'role-unknown', 'may-not-end-grant', 'secret-shaped', ...RECORD],
    },
    () => ({ ...takesNothing(), body: revokeRoleBody, view: endedManyView }),
    (service, caller, { body }) => service.revokeRole(caller, body),
  ),
  getGrantEvidence: route(
    {
      method: 'GET',
      path: '/v1/break-glass/grants/{grantId}/evidence',
      summary: 'What CloudTrail shows of a grant, for whoever reviews it',
      problems: ['may-not-read', 'grant-not-found', 'evidence-altered', 'evidence-unavailable', ...RECORD],
    },
    () => ({ ...ofGrant(), view: grantEvidenceView }),
    (service, caller, { params }) => service.getGrantEvidence(caller, params.grantId),
  ),
  reviewGrant: route(
    {
      method: 'POST',
      path: '/v1/break-glass/grants/{grantId}/review',
      summary: 'Review the use of a grant of somebody else',
      problems: [...REVIEWING, 'grant-not-found', 'grant-not-ended', 'evidence-missing', ...RECORD],
    },
    () => ({ ...ofGrant(), body: reviewBody, view: grantView }),
    (service, caller, { params, body }) => service.reviewGrant(caller, params.grantId, body),
  ),
  listIncidents: route(
    {
      method: 'GET',
      path: '/v1/break-glass/incidents',
      summary: 'Uses of break-glass access without a grant, newest first',
      problems: ['cursor-invalid', 'may-not-read', ...RECORD],
    },
    () => ({ ...takesNothing(), query: pageQuery(), view: pageOf(incidentView) }),
    (service, caller, { query }) => service.listIncidents(caller, query),
  ),
  explainIncident: route(
    {
      method: 'POST',
      path: '/v1/break-glass/incidents/{incidentId}/explain',
      summary: 'Say what a use without a grant was for, as whoever did it',
      problems: [
        'not-a-person',
        'may-not-explain',
        'secret-shaped',
        'incident-not-found',
        'already-explained',
        'already-reviewed',
        ...RECORD,
      ],
    },
    () => ({ ...ofIncident(), body: explainIncidentBody, view: incidentView }),
    (service, caller, { params, body }) => service.explainIncident(caller, params.incidentId, body),
  ),
  reviewIncident: route(
    {
      method: 'POST',
      path: '/v1/break-glass/incidents/{incidentId}/review',
      summary: 'Review a use of break-glass access without a grant',
      problems: [...REVIEWING, 'incident-not-found', ...RECORD],
    },
    () => ({ ...ofIncident(), body: reviewBody, view: incidentView }),
    (service, caller, { params, body }) => service.reviewIncident(caller, params.incidentId, body),
  ),
  drill: route(
    {
      method: 'POST',
      path: '/v1/break-glass/drills',
      summary: 'Go the whole way with a role that may do nothing, and record how far it came',
      problems: [...REFUSALS, 'grant-conflict', 'grant-over', ...RECORD],
    },
    () => ({ ...takesNothing(), body: drillBody, view: drillView }),
    (service, caller, { body }) => service.drill(caller, body),
  ),
};
