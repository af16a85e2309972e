import type * as z from '../domain/zod.ts';
import type {
  activateBody,
  allowRotationsBody,
  ChallengeBody,
  credentialBody,
  DecideBody,
  ExplainQuery,
  HaltBody,
  PageQuery,
  SubmitBody,
} from './bodies.ts';
import type {
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
import type {
  CallerView,
  ChallengeView,
  DecidedView,
  ExceptionView,
  OpenedView,
  Page,
  RequestView,
  RevokedView,
  SubmittedView,
} from './views.ts';

/** A caller as API Gateway, or the local server, authenticated it (SigV4). */
export interface ApiCaller {
  readonly accountId: string;
  readonly arn: string;
  /** `AIDA...` of a user, `AROA...:<session name>` of a role session. */
  readonly userId: string;
}

/**
 * Everything the API does, one method an operation. The caller is resolved inside, on each call, by the policy in force;
 * whoever is nobody is refused and the refusal recorded where something was asked. Every method throws only
 * `JanitorError`: source `user` (400, and 404 for codes ending in `-not-found`, 409 for `-conflict` and lost races),
 * `policy` (403), `access` and `system` (502, 503).
 */
export interface Service {
  whoAmI(caller: ApiCaller): Promise<CallerView>;

  /** Throws `request-conflict` when the id names another request. */
  submitRequest(caller: ApiCaller, body: SubmitBody): Promise<SubmittedView>;
  listRequests(caller: ApiCaller, query: PageQuery): Promise<Page<RequestView>>;
  /** Throws `request-not-found`. */
  getRequest(caller: ApiCaller, requestId: string): Promise<RequestView>;
  approveRequest(caller: ApiCaller, requestId: string, requestHash: string): Promise<RequestView>;
  rejectRequest(caller: ApiCaller, requestId: string, reason: string): Promise<RequestView>;
  withdrawRequest(caller: ApiCaller, requestId: string, reason: string | undefined): Promise<RequestView>;

  listExceptions(caller: ApiCaller, query: PageQuery): Promise<Page<ExceptionView>>;
  getException(caller: ApiCaller, exceptionId: string): Promise<ExceptionView>;
  revokeException(caller: ApiCaller, exceptionId: string, reason: string): Promise<RevokedView>;

  openChallenge(caller: ApiCaller, body: ChallengeBody): Promise<OpenedView>;
  listChallenges(caller: ApiCaller, query: PageQuery): Promise<Page<ChallengeView>>;
  getChallenge(caller: ApiCaller, challengeId: string): Promise<ChallengeView>;
  decideChallenge(caller: ApiCaller, challengeId: string, body: DecideBody): Promise<DecidedView>;

  listPlans(caller: ApiCaller, accountId: string): Promise<Page<z.output<typeof planView>>>;
  getPlan(caller: ApiCaller, planId: string): Promise<z.output<typeof planDecisionView>>;
  approvePlan(
    caller: ApiCaller,
    planId: string,
    planHash: string,
  ): Promise<z.output<typeof planDecisionView>>;
  rejectPlan(caller: ApiCaller, planId: string, reason: string): Promise<z.output<typeof planDecisionView>>;

  placeHalt(caller: ApiCaller, body: HaltBody): Promise<z.output<typeof haltView>>;
  liftHalt(caller: ApiCaller, body: HaltBody): Promise<z.output<typeof haltView>>;
  listHalts(caller: ApiCaller): Promise<Page<z.output<typeof haltView>>>;
  allowRotations(
    caller: ApiCaller,
    body: z.output<typeof allowRotationsBody>,
  ): Promise<z.output<typeof stoppedRotationsView>>;

  restore(caller: ApiCaller, body: z.output<typeof credentialBody>): Promise<z.output<typeof restoredView>>;
  /** Freezes a plan; once it is approved, has it carried out: `carrying-out` until the same call says `rotated`. */
  rotate(caller: ApiCaller, body: z.output<typeof credentialBody>): Promise<z.output<typeof rotationView>>;

  /** The versions active and deployed, and what would loosen and tighten between them. */
  getPolicy(caller: ApiCaller): Promise<z.output<typeof policyView>>;
  activatePolicy(
    caller: ApiCaller,
    body: z.output<typeof activateBody>,
  ): Promise<z.output<typeof activationView>>;

  /** Throws `not-found`. */
  explain(caller: ApiCaller, query: ExplainQuery): Promise<z.output<typeof explanationView>>;
}
