/** What people and workloads ask for, and what comes of it: life cycles on chains of their own. */
export type { RequestRules } from '../domain/request-rules.ts';
export { approveRequest, lapseRequest, rejectRequest, withdrawRequest } from './answer-request.ts';
export { decideChallenge, openChallenge, settleChallenge } from './challenges.ts';
export type { RequestsContext } from './decide-on.ts';
export { expireException, revokeException } from './end-exception.ts';
export { exceptionEffect } from './exception-effect.ts';
export { type Effect, type EffectOutcome, executeRequest } from './execute-request.ts';
export { exceptionReview } from './review-exception.ts';
export { submitRequest } from './submit-request.ts';
export { type Tell, type ToldOutcome, tellOf } from './tell.ts';
export type { Telling } from './telling.ts';
export { HttpTicketSystem } from './tickets/http-ticket-system.ts';
export { fixedToken, noTicketSystem, type TicketSystem, type TicketToken } from './tickets/ticket-system.ts';
