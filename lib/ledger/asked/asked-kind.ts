import type * as z from 'zod';
import { challengeSchema, exceptionSchema, requestSchema } from '../../domain/asked-schemas.ts';
import {
  type Challenge,
  type ChallengeState,
  challengeState,
  foldChallenge,
} from '../../domain/challenge.ts';
import type { ChallengeTarget } from '../../domain/challenge-events.ts';
import type { LedgerEvent } from '../../domain/event.ts';
import {
  type Exception,
  type ExceptionState,
  exceptionState,
  foldException,
} from '../../domain/exception.ts';
import { foldRequest, type Request, type RequestState, requestState } from '../../domain/request.ts';
import type { Ask } from '../../domain/request-events.ts';
import { subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';

/** Chains about what people ask for; the kind is the prefix of their subject. */
export type AskedKind = 'request' | 'exception' | 'challenge';

/** What a chain of each kind is folded to. */
export interface AskedRecords {
  readonly request: Request;
  readonly exception: Exception;
  readonly challenge: Challenge;
}

export interface AskedStates {
  readonly request: RequestState;
  readonly exception: ExceptionState;
  readonly challenge: ChallengeState;
}

interface Trait<K extends AskedKind> {
  readonly fold: (events: readonly LedgerEvent[]) => AskedRecords[K] | undefined;
  readonly schema: () => z.ZodType<AskedRecords[K]>;
  /** Where it stands at an instant, what the clock has ended included. */
  readonly stateAt: (record: AskedRecords[K], now: Instant) => AskedStates[K];
  readonly begunAt: (record: AskedRecords[K]) => Instant;
  /** What it is about, as `RequestProjection.about` is asked for it. */
  readonly about: (record: AskedRecords[K]) => string;
}

export const ASKED: { readonly [K in AskedKind]: Trait<K> } = {
  request: {
    fold: foldRequest,
    schema: requestSchema,
    stateAt: requestState,
    begunAt: ({ submittedAt }) => submittedAt,
    about: ({ content }) => aboutOfAsk(content.ask),
  },
  exception: {
    fold: foldException,
    schema: exceptionSchema,
    stateAt: exceptionState,
    begunAt: ({ proposedAt }) => proposedAt,
    about: ({ scope }) => scope.credentialId,
  },
  challenge: {
    fold: foldChallenge,
    schema: challengeSchema,
    stateAt: challengeState,
    begunAt: ({ openedAt }) => openedAt,
    about: ({ target }) => aboutOfTarget(target),
  },
};

function aboutOfAsk(ask: Ask): string {
  switch (ask.kind) {
    case 'exception':
      return ask.scope.credentialId;
    case 'extension':
      return subjects.exception(ask.exceptionId);
    case 'approve-plan':
      return ask.planId;
    default:
      return ask.credentialId;
  }
}

function aboutOfTarget(target: ChallengeTarget): string {
  return target.kind === 'step' ? target.credentialId : subjects.exception(target.exceptionId);
}

export function isAskedKind(text: string): text is AskedKind {
  return Object.hasOwn(ASKED, text);
}
