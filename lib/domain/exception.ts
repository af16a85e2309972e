import type { Actor } from './actor.ts';
import type { Approval, LedgerEvent } from './event.ts';
import type { ExpiryCause } from './exception-events.ts';
import { type Fact, isKnown } from './fact.ts';
import type { Conditions } from './request-events.ts';
import { earliest, type Instant } from './time.ts';

type EventOf<T extends LedgerEvent['type']> = Extract<LedgerEvent, { type: T }>;
type Proposal = EventOf<'exception.proposed'>['data'];

/** Ends of an exception; none of them is ever left. */
export type ExceptionEnd = 'expired' | 'revoked' | 'renewed';
export type ExceptionState = 'proposed' | 'active' | 'challenged' | ExceptionEnd;

/** An exemption from rules for one credential, folded from its chain (G14). */
export interface Exception extends Proposal {
  readonly proposedAt: Instant;
  readonly policyHash: string;
  readonly reason: string;
  readonly ticket: string;
  /** Fixed from the first event: longer is another exception (I12). */
  readonly endsAt: Instant;
  readonly approvals: readonly Approval[];
  readonly activatedAt?: Instant;
  readonly challenge?: { readonly challengeId: string; readonly decideBy: Instant };
  /** Challenges so far, decided ones included. */
  readonly challenges: number;
  readonly end?: {
    readonly state: ExceptionEnd;
    readonly at: Instant;
    readonly by: Actor;
    readonly cause?: ExpiryCause;
    readonly reason?: string;
    readonly renewedBy?: string;
  };
}

/** Where an exception stands at an instant: its end, or a challenge nobody decided, ends it by the clock (I14, I18). */
export function exceptionState(exception: Exception, now: Instant): ExceptionState {
  if (exception.end !== undefined) return exception.end.state;
  if (clockEnd(exception, now) !== undefined) return 'expired';
  if (exception.activatedAt === undefined) return 'proposed';
  return exception.challenge === undefined ? 'active' : 'challenged';
}

/** What of the clock has ended it, if anything. */
export function clockEnd(
  { endsAt, challenge }: Pick<Exception, 'endsAt' | 'challenge'>,
  now: Instant,
): 'end' | 'challenge-undecided' | undefined {
  if (now >= earliest(endsAt, challenge?.decideBy ?? endsAt)) {
    return now >= endsAt ? 'end' : 'challenge-undecided';
  }
  return undefined;
}

/** Folds `exception#<id>`, oldest first. What the state at its instant does not allow changes nothing. */
export function foldException(events: readonly LedgerEvent[]): Exception | undefined {
  const [first, ...rest] = events;
  if (first?.type !== 'exception.proposed') return undefined;
  const begun: Exception = {
    ...first.data,
    proposedAt: first.at,
    policyHash: first.policyHash ?? '',
    reason: first.reason ?? '',
    ticket: first.ticket ?? '',
    endsAt: first.expiresAt ?? first.at,
    approvals: first.approvals ?? [],
    challenges: 0,
  };
  return rest.reduce(applied, begun);
}

function applied(exception: Exception, event: LedgerEvent): Exception {
  const state = exceptionState(exception, event.at);
  if (event.type === 'exception.expired') return expired(exception, event, state);
  if (state === 'expired' || state === 'revoked' || state === 'renewed') return exception;
  switch (event.type) {
    case 'exception.activated':
      return state === 'proposed' ? { ...exception, activatedAt: event.at } : exception;
    case 'exception.challenged':
      return state === 'active'
        ? { ...exception, challenge: event.data, challenges: exception.challenges + 1 }
        : exception;
    case 'exception.cleared':
      return cleared(exception, event.data.challengeId);
    case 'exception.revoked':
      return ended(exception, event, 'revoked');
    case 'exception.renewed':
      return state === 'active'
        ? ended(exception, event, 'renewed', { renewedBy: event.data.renewedBy })
        : exception;
    default:
      return exception;
  }
}

/** By the clock only when the clock says so; because of a condition while it is in force. */
function expired(
  exception: Exception,
  event: EventOf<'exception.expired'>,
  state: ExceptionState,
): Exception {
  const { cause } = event.data;
  const due = exception.end === undefined && clockEnd(exception, event.at) === cause;
  const broken = cause === 'condition' && (state === 'active' || state === 'challenged');
  return due || broken ? ended(exception, event, 'expired', { cause }) : exception;
}

function cleared(exception: Exception, challengeId: string): Exception {
  if (exception.challenge?.challengeId !== challengeId) return exception;
  const { challenge: _dismissed, ...rest } = exception;
  return rest;
}

function ended(
  exception: Exception,
  event: LedgerEvent,
  state: ExceptionEnd,
  more: { readonly cause?: ExpiryCause; readonly renewedBy?: string } = {},
): Exception {
  const reason = event.reason === undefined ? {} : { reason: event.reason };
  return { ...exception, end: { state, at: event.at, by: event.actor, ...reason, ...more } };
}

/** What an exception's conditions are held against; whatever could not be read is unknown. */
export interface ConditionFacts {
  readonly tags: Fact<Readonly<Record<string, string>>>;
  /** null: nobody. */
  readonly owner: Fact<string | null>;
  readonly ticket: Fact<'open' | 'closed'>;
}

/** Whether an exception still exempts, and why not. */
export type ExceptionStanding =
  | { readonly state: 'in-force' }
  | { readonly state: 'ended'; readonly reason: string };

/** Looks at an exception again with what has become of its credential, and records its end when it has one. */
export interface ExceptionReview {
  readonly review: (
    exceptionId: string,
    seen: Pick<ConditionFacts, 'tags' | 'owner'>,
  ) => Promise<ExceptionStanding>;
}

/** Whether what must stay true still is, with a reason for each condition that is not known to be. */
export interface ConditionsVerdict {
  readonly holds: 'yes' | 'no' | 'unknown';
  readonly reasons: readonly string[];
}

type Clause = { readonly holds: 'yes' } | { readonly holds: 'no' | 'unknown'; readonly reason: string };

/** One condition that is broken is enough to end the exception; one that is unknown is never enough (G13, G22). */
export function conditionsHold(
  { while: conditions, owner }: { readonly while: Conditions; readonly owner?: string | undefined },
  facts: ConditionFacts,
): ConditionsVerdict {
  const clauses = [
    ...Object.entries(conditions.tag ?? {}).map(([key, value]) => tagClause(key, value, facts.tags)),
    ...(conditions.owner === undefined ? [] : [ownerClause(owner, facts.owner)]),
    ...(conditions.ticket === undefined ? [] : [ticketClause(facts.ticket)]),
  ];
  const reasons = clauses.flatMap((clause) => (clause.holds === 'yes' ? [] : [clause.reason]));
  if (clauses.some(({ holds }) => holds === 'no')) return { holds: 'no', reasons };
  return { holds: clauses.some(({ holds }) => holds === 'unknown') ? 'unknown' : 'yes', reasons };
}

function tagClause(key: string, value: string, tags: ConditionFacts['tags']): Clause {
  if (!isKnown(tags)) return { holds: 'unknown', reason: `its tags are unknown: ${tags.unknown}` };
  const found = Object.hasOwn(tags.value, key) ? tags.value[key] : undefined;
  if (found === value) return { holds: 'yes' };
  const now = found === undefined ? 'is gone' : `is now "${found}"`;
  return { holds: 'no', reason: `the tag "${key}" was to stay "${value}" and ${now}` };
}

function ownerClause(before: string | undefined, owner: ConditionFacts['owner']): Clause {
  if (!isKnown(owner)) return { holds: 'unknown', reason: `its owner is unknown: ${owner.unknown}` };
  if (before === undefined) return { holds: 'unknown', reason: 'who owned it at first was not recorded' };
  if (owner.value === before) return { holds: 'yes' };
  return { holds: 'no', reason: `its owner was ${before} and is now ${owner.value ?? 'nobody'}` };
}

function ticketClause(ticket: ConditionFacts['ticket']): Clause {
  if (!isKnown(ticket))
    return { holds: 'unknown', reason: `the state of its ticket is unknown: ${ticket.unknown}` };
  return ticket.value === 'open' ? { holds: 'yes' } : { holds: 'no', reason: 'its ticket is closed' };
}
