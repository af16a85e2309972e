import {
  activationView,
  callerView,
  challengeView,
  decidedView,
  exceptionView,
  explanationView,
  haltView,
  openedView,
  pageOf,
  planDecisionView,
  planView,
  policyView,
  ROUTES,
  requestView,
  restoredView,
  revokedView,
  rotationView,
  type Service,
  stoppedRotationsView,
  submittedView,
} from '../../api/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { accountOfPlan } from '../../domain/subject.ts';
import type * as z from '../../domain/zod.ts';
import type { Asked } from './api-failure.ts';
import { askApi } from './ask-api.ts';
import type { AskedService } from './asked-service.ts';
import type { ApiEndpoint } from './endpoint.ts';

type PathParameters = Readonly<Record<string, string>>;

interface What extends Pick<Asked, 'look' | 'again'> {
  readonly path?: PathParameters;
  readonly query?: object;
  readonly body?: unknown;
}

/**
 * The service behind an API, for whoever signs. Throws what the service throws, with its code and way out; the errors of
 * `askApi`; and of what changes the record `outcome-unknown` where the answer was lost, which says how to look.
 */
export function apiClient(endpoint: ApiEndpoint): AskedService {
  const ask = <T>(name: keyof Service, answer: z.ZodMiniType<T>, what: What = {}): Promise<T> => {
    const { method, path } = ROUTES[name];
    const { query, path: parameters = {}, ...rest } = what;
    return askApi(endpoint, {
      operation: name,
      method,
      path: filled(path, parameters),
      ...(query === undefined ? {} : { query: queryOf(query) }),
      answer,
      ...rest,
    });
  };
  return {
    ...asking(ask),
    ...deciding(ask),
    whoAmI: () => ask('whoAmI', callerView),
    getPolicy: () => ask('getPolicy', policyView),
    explain: (query) => ask('explain', explanationView, { query }),
  };
}

type Ask = <T>(name: keyof Service, answer: z.ZodMiniType<T>, what?: What) => Promise<T>;

type Asking = Extract<keyof Service, `${string}${'Request' | 'Exception' | 'Challenge'}${string}`>;

function asking(ask: Ask): Pick<AskedService, Asking> {
  const ofRequest = (requestId: string) => ({
    path: { requestId },
    look: `janitor request show ${requestId}`,
  });
  const ofException = (exceptionId: string) => ({
    path: { exceptionId },
    look: `janitor exception show ${exceptionId}`,
  });
  const ofChallenge = (challengeId: string) => ({
    path: { challengeId },
    look: `janitor challenge show ${challengeId}`,
  });
  return {
    submitRequest: (body) =>
      ask('submitRequest', submittedView, {
        body,
        look: `janitor request show ${body.requestId}`,
        again: sameAgain(body.requestId, body.request.endsAt),
      }),
    listRequests: (query) => ask('listRequests', pageOf(requestView), { query }),
    getRequest: (requestId) => ask('getRequest', requestView, { path: { requestId } }),
    approveRequest: (requestId, requestHash) =>
      ask('approveRequest', requestView, { ...ofRequest(requestId), body: { requestHash } }),
    rejectRequest: (requestId, reason) =>
      ask('rejectRequest', requestView, { ...ofRequest(requestId), body: { reason } }),
    withdrawRequest: (requestId, reason) =>
      ask('withdrawRequest', requestView, {
        ...ofRequest(requestId),
        body: reason === undefined ? {} : { reason },
      }),
    listExceptions: (query) => ask('listExceptions', pageOf(exceptionView), { query }),
    getException: (exceptionId) => ask('getException', exceptionView, { path: { exceptionId } }),
    revokeException: (exceptionId, reason) =>
      ask('revokeException', revokedView, { ...ofException(exceptionId), body: { reason } }),
    openChallenge: (body) =>
      ask('openChallenge', openedView, { body, look: 'janitor challenge list', again: ONE_CHALLENGE }),
    listChallenges: (query) => ask('listChallenges', pageOf(challengeView), { query }),
    getChallenge: (challengeId) => ask('getChallenge', challengeView, { path: { challengeId } }),
    decideChallenge: (challengeId, body) =>
      ask('decideChallenge', decidedView, { ...ofChallenge(challengeId), body }),
  };
}

function deciding(ask: Ask): Omit<AskedService, Asking | 'whoAmI' | 'getPolicy' | 'explain'> {
  const ofPlan = (planId: string) => ({ path: planPath(planId), look: `janitor explain ${planId}` });
  const halts = 'janitor halt --list';
  return {
    listPlans: (accountId) => ask('listPlans', pageOf(planView), { query: { accountId } }),
    getPlan: async (planId) => ask('getPlan', planDecisionView, { path: planPath(planId) }),
    approvePlan: async (planId, planHash) =>
      ask('approvePlan', planDecisionView, { ...ofPlan(planId), body: { planHash } }),
    rejectPlan: async (planId, reason) =>
      ask('rejectPlan', planDecisionView, { ...ofPlan(planId), body: { reason } }),
    placeHalt: (body) => ask('placeHalt', haltView, { body, look: halts }),
    liftHalt: (body) => ask('liftHalt', haltView, { body, look: halts }),
    listHalts: () => ask('listHalts', pageOf(haltView)),
    allowRotations: (body) =>
      ask('allowRotations', stoppedRotationsView, {
        body,
        look: `janitor explain rotations#${body.accountId}`,
      }),
    restore: (body) => ask('restore', restoredView, { body, look: `janitor explain ${body.credentialId}` }),
    rotate: (body) => ask('rotate', rotationView, { body, look: `janitor explain ${body.credentialId}` }),
    activatePolicy: (body) =>
      ask('activatePolicy', activationView, { body, look: 'janitor explain policy#activation' }),
  };
}

const ONE_CHALLENGE =
  'Run it again: the same step or exception is challenged once, and a second call meets the challenge there is.';

/** The same id with the same content is the same request, so that repeating is safe; a duration would be another end. */
function sameAgain(requestId: string, endsAt: string): string {
  return `Repeating it is safe with the same request id: the same command with --request-id ${requestId} --until ${endsAt} gives what is stored. To look: "janitor request show ${requestId}".`;
}

function filled(path: string, parameters: PathParameters): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(parameters[name] ?? ''));
}

function queryOf(query: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

function planPath(planId: string): PathParameters {
  const accountId = accountOfPlan(planId);
  if (accountId !== undefined) return { accountId, number: planId.slice(planId.lastIndexOf('/') + 1) };
  throw new JanitorError(`"${planId}" is not the id of a plan`, {
    code: 'plan-not-found',
    source: 'user',
    hint: 'A plan is named as the sweep that froze it printed it, such as plan/111122223333/4.',
  });
}
