/** What people and workloads ask for, and what comes of it: life cycles on chains of their own. */
export type { SubmissionFacts } from './admission.ts';
export {
  type Answered,
  type AnswerRefusal,
  approveRequest,
  lapseRequest,
  rejectRequest,
  withdrawRequest,
} from './answer-request.ts';
export type { RequestsContext } from './decide-on.ts';
export { type Effect, type EffectOutcome, type Executed, executeRequest } from './execute-request.ts';
export type { Approvers, RequestRules, RoutineKind } from './rules.ts';
export { type Submitted, submitRequest } from './submit-request.ts';
