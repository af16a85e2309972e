import type * as z from 'zod';
import { planId } from '../domain/subject.ts';
import {
  activateBody,
  allowRotationsBody,
  approvePlanBody,
  credentialBody,
  explainQuery,
  haltBody,
  plansQuery,
  reasonBody,
} from './bodies.ts';
import {
  activationView,
  explanationView,
  haltView,
  planDecisionView,
  planView,
  policyView,
  restoredView,
  rotationView,
  stoppedRotationsView,
} from './decision-views.ts';
import { planParameters } from './path-parameters.ts';
import { route, TAKES_NOTHING } from './route.ts';
import { callerView, pageOf } from './views.ts';

const ofPlan = { ...TAKES_NOTHING, params: planParameters };
const idOf = ({ accountId, number }: z.output<typeof planParameters>) => planId(accountId, Number(number));

/** Plans, halts, rotations, credentials, policy, and what is recorded. */
export const DECIDING_ROUTES = {
  whoAmI: route(
    {
      ...TAKES_NOTHING,
      method: 'GET',
      path: '/v1/caller',
      summary: 'Whom the API takes you for',
      view: callerView,
      problems: [],
    },
    (service, caller) => service.whoAmI(caller),
  ),

  listPlans: route(
    {
      ...TAKES_NOTHING,
      method: 'GET',
      path: '/v1/plans',
      summary: 'Frozen plans of an account that wait for approval',
      query: plansQuery,
      view: pageOf(planView),
      problems: ['may-not-read'],
    },
    (service, caller, { query }) => service.listPlans(caller, query.accountId),
  ),
  getPlan: route(
    {
      ...ofPlan,
      method: 'GET',
      path: '/v1/plans/{accountId}/{number}',
      summary: 'One plan, and the hash that an approval names',
      view: planDecisionView,
      problems: ['may-not-read', 'plan-not-found'],
    },
    (service, caller, { params }) => service.getPlan(caller, idOf(params)),
  ),
  approvePlan: route(
    {
      ...ofPlan,
      method: 'POST',
      path: '/v1/plans/{accountId}/{number}/approve',
      summary: 'Approve a plan as it was shown',
      body: approvePlanBody,
      view: planDecisionView,
      problems: [
        'not-an-approver',
        'requester-may-not-approve',
        'plan-not-found',
        'plan-not-pending',
        'plan-changed',
        'already-approved',
      ],
    },
    (service, caller, { params, body }) => service.approvePlan(caller, idOf(params), body.planHash),
  ),
  rejectPlan: route(
    {
      ...ofPlan,
      method: 'POST',
      path: '/v1/plans/{accountId}/{number}/reject',
      summary: 'Reject a plan',
      body: reasonBody,
      view: planDecisionView,
      problems: ['not-an-approver', 'secret-shaped', 'plan-not-found', 'plan-not-pending'],
    },
    (service, caller, { params, body }) => service.rejectPlan(caller, idOf(params), body.reason),
  ),

  listHalts: route(
    {
      ...TAKES_NOTHING,
      method: 'GET',
      path: '/v1/halts',
      summary: 'What is halted',
      view: pageOf(haltView),
      problems: ['may-not-read'],
    },
    (service, caller) => service.listHalts(caller),
  ),
  placeHalt: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/halts',
      summary: 'Stop acting at the next guard check',
      body: haltBody,
      view: haltView,
      problems: ['no-such-rule', 'secret-shaped'],
    },
    (service, caller, { body }) => service.placeHalt(caller, body),
  ),
  liftHalt: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/halts/lift',
      summary: 'Let acting go on again; takes another person than who halted',
      body: haltBody,
      view: haltView,
      problems: [
        'not-an-approver',
        'may-not-resume',
        'unresolved-may-not-resume',
        'same-person-may-not-resume',
        'secret-shaped',
        'no-such-halt',
      ],
    },
    (service, caller, { body }) => service.liftHalt(caller, body),
  ),
  allowRotations: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/rotations/allow',
      summary: 'Let rotations go on in an account after one failed',
      body: allowRotationsBody,
      view: stoppedRotationsView,
      problems: [
        'not-an-approver',
        'may-not-resume',
        'unresolved-may-not-resume',
        'secret-shaped',
        'rotations-not-stopped',
      ],
    },
    (service, caller, { body }) => service.allowRotations(caller, body),
  ),

  restore: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/restores',
      summary: 'Undo what the janitor did to a credential, and leave it alone for a while',
      body: credentialBody,
      view: restoredView,
      problems: [
        'may-not-read',
        'may-not-restore',
        'acting-refused',
        'secret-shaped',
        'credential-id-invalid',
        'credential-ambiguous',
        'credential-not-found',
        'nothing-to-restore',
        'act-under-way',
        'changed-meanwhile',
        'evidence-unread',
        'member-unreachable',
      ],
    },
    (service, caller, { body }) => service.restore(caller, body),
  ),
  rotate: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/rotations',
      summary: 'Rotate an access key',
      description: 'Freezes a plan first. Once that is approved, the same call carries it out.',
      body: credentialBody,
      view: rotationView,
      problems: [
        'may-not-read',
        'may-not-rotate',
        'secret-shaped',
        'credential-id-invalid',
        'credential-ambiguous',
        'not-an-access-key',
        'observe-only',
        'policy-not-activated',
        'halted',
        'not-managed',
        'acting-refused',
        'credential-not-found',
        'credential-gone',
        'plan-not-pending',
        'rotation-under-way',
        'key-not-active',
        'changed-meanwhile',
        'evidence-unread',
        'member-unreachable',
      ],
    },
    (service, caller, { body }) => service.rotate(caller, body),
  ),

  getPolicy: route(
    {
      ...TAKES_NOTHING,
      method: 'GET',
      path: '/v1/policy',
      summary: 'The policy versions active and deployed, and what lies between them',
      view: policyView,
      problems: ['may-not-read'],
    },
    (service, caller) => service.getPolicy(caller),
  ),
  activatePolicy: route(
    {
      ...TAKES_NOTHING,
      method: 'POST',
      path: '/v1/policy/activate',
      summary: 'Propose or approve the deployed policy version',
      body: activateBody,
      view: activationView,
      problems: ['policy-not-deployed', 'not-an-approver', 'requester-may-not-approve', 'already-approved'],
    },
    (service, caller, { body }) => service.activatePolicy(caller, body),
  ),

  explain: route(
    {
      ...TAKES_NOTHING,
      method: 'GET',
      path: '/v1/explain',
      summary: 'Why something is as it is, from the record alone',
      query: explainQuery,
      view: explanationView,
      problems: ['may-not-read', 'not-found', 'credential-ambiguous'],
    },
    (service, caller, { query }) => service.explain(caller, query),
  ),
};
