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
import { foldGrant, type Grant, type GrantState, grantState, isOwing } from '../../domain/grant.ts';
import { grantSchema } from '../../domain/grant-schema.ts';
import { foldIncident, type Incident, type IncidentState, incidentState } from '../../domain/incident.ts';
import { incidentSchema } from '../../domain/incident-schema.ts';
import { foldRequest, type Request, type RequestState, requestState } from '../../domain/request.ts';
import type { Ask } from '../../domain/request-events.ts';
import { grantOfSubject, incidentOfSubject, subjects } from '../../domain/subject.ts';
import type { Instant } from '../../domain/time.ts';
import type * as z from '../../domain/zod.ts';

/** Chains about what people ask for, and about access that nobody had asked for. */
export type AskedKind = 'request' | 'exception' | 'challenge' | 'grant' | 'incident';

/** What a chain of each kind is folded to. */
export interface AskedRecords {
  readonly request: Request;
  readonly exception: Exception;
  readonly challenge: Challenge;
  readonly grant: Grant;
  readonly incident: Incident;
}

export interface AskedStates {
  readonly request: RequestState;
  readonly exception: ExceptionState;
  readonly challenge: ChallengeState;
  readonly grant: GrantState;
  readonly incident: IncidentState;
}

interface Trait<K extends AskedKind> {
  readonly fold: (events: readonly LedgerEvent[]) => AskedRecords[K] | undefined;
  /** The id in a subject of this kind; undefined for any other. */
  readonly idIn: (subject: string) => string | undefined;
  readonly subjectOf: (id: string) => string;
  readonly schema: () => z.ZodMiniType<AskedRecords[K]>;
  /** Where it stands at an instant, what the clock has ended included. */
  readonly stateAt: (record: AskedRecords[K], now: Instant) => AskedStates[K];
  /** Listed among the open ones: something is still to come of it. */
  readonly isOpen: (record: AskedRecords[K]) => boolean;
  readonly begunAt: (record: AskedRecords[K]) => Instant;
  /** What it is about, as `RequestProjection.about` is asked for it. */
  readonly about: (record: AskedRecords[K]) => string;
}

export const ASKED: { readonly [K in AskedKind]: Trait<K> } = {
  request: {
    ...prefixed('request#'),
    fold: foldRequest,
    schema: requestSchema,
    stateAt: requestState,
    isOpen: withoutEnd,
    begunAt: ({ submittedAt }) => submittedAt,
    about: ({ content }) => aboutOfAsk(content.ask),
  },
  exception: {
    ...prefixed('exception#'),
    fold: foldException,
    schema: exceptionSchema,
    stateAt: exceptionState,
    isOpen: withoutEnd,
    begunAt: ({ proposedAt }) => proposedAt,
    about: ({ scope }) => scope.credentialId,
  },
  challenge: {
    ...prefixed('challenge#'),
    fold: foldChallenge,
    schema: challengeSchema,
    stateAt: challengeState,
    isOpen: withoutEnd,
    begunAt: ({ openedAt }) => openedAt,
    about: ({ target }) => aboutOfTarget(target),
  },
  grant: {
    fold: foldGrant,
    idIn: grantOfSubject,
    subjectOf: subjects.grant,
    schema: grantSchema,
    stateAt: grantState,
    isOpen: isOwing,
    begunAt: ({ requestedAt }) => requestedAt,
    about: ({ accountId, role }) => `${accountId}/${role}`,
  },
  incident: {
    fold: foldIncident,
    idIn: incidentOfSubject,
    subjectOf: subjects.grantIncident,
    schema: incidentSchema,
    stateAt: incidentState,
    isOpen: ({ review }) => review === undefined,
    begunAt: ({ openedAt }) => openedAt,
    about: ({ target }) => target,
  },
};

function prefixed(prefix: string): Pick<Trait<AskedKind>, 'idIn' | 'subjectOf'> {
  return {
    idIn: (subject) => (subject.startsWith(prefix) ? subject.slice(prefix.length) : undefined),
    subjectOf: (id) => `${prefix}${id}`,
  };
}

function withoutEnd({ end }: { readonly end?: unknown }): boolean {
  return end === undefined;
}

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

/** A chain of something that was asked. */
export interface AskedReference {
  readonly kind: AskedKind;
  readonly id: string;
}

/** `request#<id>` and its kin; undefined for the subject of any other chain. */
export function askedSubject(subject: string): AskedReference | undefined {
  for (const kind of Object.keys(ASKED)) {
    const id = isAskedKind(kind) ? ASKED[kind].idIn(subject) : undefined;
    if (isAskedKind(kind) && id !== undefined) return { kind, id };
  }
  return undefined;
}

export function subjectOfAsked({ kind, id }: AskedReference): string {
  return ASKED[kind].subjectOf(id);
}
