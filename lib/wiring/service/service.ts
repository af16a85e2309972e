import type { ApiCaller, CallerView, Service } from '../../api/index.ts';
import { mayDecide } from '../../identity/index.ts';
import { explain } from '../../ledger/index.ts';
import { insider, knownCaller } from './callers.ts';
import * as challenges from './challenges.ts';
import * as credentials from './credentials.ts';
import type { ServiceDesk } from './desk.ts';
import * as exceptions from './exceptions.ts';
import * as halts from './halts.ts';
import * as plans from './plans.ts';
import * as policies from './policy-versions.ts';
import * as requests from './requests.ts';
import { submit } from './submitting.ts';

/** Everything the API does, over what an environment gives. Each call resolves its caller by the policy in force. */
export function serviceOf(desk: ServiceDesk): Service {
  return {
    whoAmI: (caller) => whoAmI(desk, caller),

    submitRequest: (caller, body) => submit(desk, caller, body),
    listRequests: (caller, query) => requests.listRequests(desk, caller, query),
    getRequest: (caller, id) => requests.getRequest(desk, caller, id),
    approveRequest: (caller, id, hash) => requests.approve(desk, caller, id, hash),
    rejectRequest: (caller, id, reason) => requests.reject(desk, caller, id, reason),
    withdrawRequest: (caller, id, reason) => requests.withdraw(desk, caller, id, reason),

    listExceptions: (caller, query) => exceptions.listExceptions(desk, caller, query),
    getException: (caller, id) => exceptions.getException(desk, caller, id),
    revokeException: (caller, id, reason) => exceptions.revoke(desk, caller, id, reason),

    openChallenge: (caller, body) => challenges.open(desk, caller, body),
    listChallenges: (caller, query) => challenges.listChallenges(desk, caller, query),
    getChallenge: (caller, id) => challenges.getChallenge(desk, caller, id),
    decideChallenge: (caller, id, body) => challenges.decide(desk, caller, id, body),

    listPlans: (caller, accountId) => plans.listPlans(desk, caller, accountId),
    getPlan: (caller, planId) => plans.getPlan(desk, caller, planId),
    approvePlan: (caller, planId, hash) => plans.approveShownPlan(desk, caller, planId, hash),
    rejectPlan: (caller, planId, reason) => plans.reject(desk, caller, planId, reason),

    placeHalt: (caller, body) => halts.halt(desk, caller, body),
    liftHalt: (caller, body) => halts.resume(desk, caller, body),
    listHalts: (caller) => halts.halts(desk, caller),
    allowRotations: (caller, body) => credentials.letRotate(desk, caller, body),

    restore: (caller, body) => credentials.restore(desk, caller, body),
    rotate: (caller, body) => credentials.rotate(desk, caller, body),

    getPolicy: (caller) => policies.getPolicy(desk, caller),
    activatePolicy: (caller, body) => policies.activate(desk, caller, body),

    explain: async (caller, { id, at }) => {
      await insider(desk, caller);
      const now = desk.clock.now();
      return { ...(await explain(desk, id, { now, ...(at === undefined ? {} : { at }) })) };
    },
  };
}

async function whoAmI(desk: ServiceDesk, apiCaller: ApiCaller): Promise<CallerView> {
  const { caller, policy } = await knownCaller(desk, apiCaller);
  const { actor, accountId, agent } = caller;
  return {
    actor,
    accountId,
    ...(agent === undefined ? {} : { agent: agent.id }),
    mayDecide: mayDecide({ caller, hops: [] }).ok,
    api: desk.delegations.api,
    policyHash: policy.hash,
    now: desk.clock.now(),
  };
}
