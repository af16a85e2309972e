import type { LedgerEvent } from '../../domain/event.ts';

/** Events on chains of requests, exceptions and challenges. */
export type AskedEvent = RequestEvent | ExceptionEvent | ChallengeEvent;
export type RequestEvent = Extract<LedgerEvent, { type: `request.${string}` }>;
export type ExceptionEvent = Extract<LedgerEvent, { type: `exception.${string}` }>;
export type ChallengeEvent = Extract<LedgerEvent, { type: `challenge.${string}` }>;
