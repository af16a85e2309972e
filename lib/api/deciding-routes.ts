import { planId } from '../domain/subject.ts';
import type * as z from '../domain/zod.ts';
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
import { route, takesNothing } from './route.ts';
import { callerView, pageOf } from './views.ts';

const ofPlan = () => ({ ...takesNothing(), params: planParameters() });
const idOf = ({ accountId, number }: z.output<ReturnType<typeof planParameters>>) =>
  planId(accountId, Number(number));

/** Plans, halts, rotations, credentials, policy, and what is recorded. */
export const DECIDING_ROUTES = {
  whoAmI: route(
    {
      method: 'GET',
      path: '/v1/caller',
      summary: 'Whom the API takes you for',
      problems: [],
    },
    () => ({ ...takesNothing(), view: callerView }),
    (service, caller) => service.whoAmI(caller),
  ),

  listPlans: route(
    {
      method: 'GET',
      path: '/v1/plans',
      summary: 'Frozen plans of an account that wait for approval',
      problems: ['may-not-read'],
    },
    () => ({ ...takesNothing(), query: plansQuery(), view: pageOf(planView) }),
    (service, caller, { query }) => service.listPlans(caller, query.accountId),
  ),
  getPlan: route(
    {
      method: 'GET',
      path: '/v1/plans/{accountId}/{number}',
      summary: 'One plan, and the hash that an approval names',
      problems: ['may-not-read', 'plan-not-found'],
    },
    () => ({ ...ofPlan(), view: planDecisionView }),
    (service, caller, { params }) => service.getPlan(caller, idOf(params)),
  ),
  approvePlan: route(
    {
      method: 'POST',
      path: '/v1/plans/{accountId}/{number}/approve',
      summary: 'Approve a plan as it was shown',
      problems: [
        'not-an-approver',
        'requester-may-not-approve',
        'plan-not-found',
        'plan-not-pending',
        'plan-changed',
        'already-approved',
      ],
    },
    () => ({ ...ofPlan(), body: approvePlanBody, view: planDecisionView }),
    (service, caller, { params, body }) => service.approvePlan(caller, idOf(params), body.planHash),
  ),
  rejectPlan: route(
    {
      method: 'POST',
      path: '/v1/plans/{accountId}/{number}/reject',
      summary: 'Reject a plan',
      problems: ['not-an-approver', 'secret-shaped', 'plan-not-found', 'plan-not-pending'],
    },
    () => ({ ...ofPlan(), body: reasonBody, view: planDecisionView }),
    (service, caller, { params, body }) => service.rejectPlan(caller, idOf(params), body.reason),
  ),

  listHalts: route(
    {
      method: 'GET',
      path: '/v1/halts',
      summary: 'What is halted',
      problems: ['may-not-read'],
    },
    () => ({ ...takesNothing(), view: pageOf(haltView) }),
    (service, caller) => service.listHalts(caller),
  ),
  placeHalt: route(
    {
      method: 'POST',
      path: '/v1/halts',
      summary: 'Stop acting at the next guard check',
      problems: ['no-such-rule', 'secret-shaped'],
    },
    () => ({ ...takesNothing(), body: haltBody, view: haltView }),
    (service, caller, { body }) => service.placeHalt(caller, body),
  ),
  liftHalt: route(
    {
      method: 'POST',
      path: '/v1/halts/lift',
      summary: 'Let acting go on again; takes another person than who halted',
      problems: [
        'not-an-approver',
        'may-not-resume',
        'unresolved-may-not-resume',
        'same-person-may-not-resume',
        'secret-shaped',
        'no-such-halt',
      ],
    },
    () => ({ ...takesNothing(), body: haltBody, view: haltView }),
    (service, caller, { body }) => service.liftHalt(caller, body),
  ),
  allowRotations: route(
    {
      method: 'POST',
      path: '/v1/rotations/allow',
      summary: 'Let rotations go on in an account after one failed',
      problems: [
        'not-an-approver',
        'may-not-resume',
        'unresolved-may-not-resume',
        'secret-shaped',
        'rotations-not-stopped',
      ],
    },
    () => ({ ...takesNothing(), body: allowRotationsBody, view: stoppedRotationsView }),
    (service, caller, { body }) => service.allowRotations(caller, body),
  ),

  restore: route(
    {
      method: 'POST',
      path: '/v1/restores',
      summary: 'Undo what the janitor did to a credential, and leave it alone for a while',
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
    () => ({ ...takesNothing(), body: credentialBody, view: restoredView }),
    (service, caller, { body }) => service.restore(caller, body),
  ),
  rotate: route(
    {
      method: 'POST',
      path: '/v1/rotations',
      summary: 'Rotate an access key',
      description: 'Freezes a plan first. Once that is approved, the same call carries it out.',
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
    () => ({ ...takesNothing(), body: credentialBody, view: rotationView }),
    (service, caller, { body }) => service.rotate(caller, body),
  ),

  getPolicy: route(
    {
      method: 'GET',
      path: '/v1/policy',
      summary: 'The policy versions active and deployed, and what lies between them',
      problems: ['may-not-read'],
    },
    () => ({ ...takesNothing(), view: policyView }),
    (service, caller) => service.getPolicy(caller),
  ),
  activatePolicy: route(
    {
      method: 'POST',
      path: '/v1/policy/activate',
      summary: 'Propose or approve the deployed policy version',
      problems: ['policy-not-deployed', 'not-an-approver', 'requester-may-not-approve', 'already-approved'],
    },
    () => ({ ...takesNothing(), body: activateBody, view: activationView }),
    (service, caller, { body }) => service.activatePolicy(caller, body),
  ),

  explain: route(
    {
      method: 'GET',
      path: '/v1/explain',
      summary: 'Why something is as it is, from the record alone',
      problems: ['may-not-read', 'not-found', 'credential-ambiguous'],
    },
    () => ({ ...takesNothing(), query: explainQuery(), view: explanationView }),
    (service, caller, { query }) => service.explain(caller, query),
  ),
};
