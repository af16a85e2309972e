import { type Actor, actorLabel, sameActor } from '../domain/actor.ts';
import type { EventDraft } from '../domain/event.ts';
import {
  type ConditionsVerdict,
  clockEnd,
  type Exception,
  type ExceptionState,
  exceptionState,
  foldException,
} from '../domain/exception.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import { decideOn, type RequestsContext } from './decide-on.ts';

export type Revoked =
  | { readonly ok: true; readonly repeated: boolean; readonly exception: Exception }
  | {
      readonly ok: false;
      readonly reason: 'not-found' | 'may-not-revoke' | 'not-in-force';
      readonly message: string;
      readonly state?: ExceptionState;
    };

/** What recording an end takes: of the rules only which policy version they are of. */
export interface EndingContext extends Pick<RequestsContext, 'clock' | 'ledger' | 'projected'> {
  readonly rules: Pick<RequestsContext['rules'], 'policyHash'>;
}

/**
 * Ends an exception at once and for good (G14). Taking an exemption away is the safe direction: any approver may, and
 * whoever asked for it, is served by it or answers for it. One that is only proposed may be revoked too.
 */
export function revokeException(
  context: RequestsContext,
  {
    exceptionId,
    actor,
    reason,
  }: { readonly exceptionId: string; readonly actor: Actor; readonly reason: string },
): Promise<Revoked> {
  return decideOn<Revoked>(context, subjects.exception(exceptionId), (events, now) => {
    const exception = foldException(events);
    if (exception === undefined) {
      return { answer: { ok: false, reason: 'not-found', message: `there is no exception ${exceptionId}` } };
    }
    const { end } = exception;
    if (end?.state === 'revoked' && sameActor(end.by, actor)) {
      return { answer: { ok: true, repeated: true, exception } };
    }
    const state = exceptionState(exception, now);
    if (!mayRevoke(context, exception, actor)) {
      const message = `${actorLabel(actor)} neither approves exceptions nor asked for, needs or answers for this one`;
      return { answer: { ok: false, reason: 'may-not-revoke', message, state } };
    }
    const late = overdue(context, exception, actor, now);
    if (late !== undefined) return { record: late };
    if (end !== undefined) {
      const message = `exception ${exceptionId} is ${state} by ${actorLabel(end.by)} on ${end.at}`;
      return { answer: { ok: false, reason: 'not-in-force', message, state } };
    }
    const fields = { at: now, actor, policyHash: context.rules.policyHash, reason };
    return {
      record: { ...fields, type: 'exception.revoked', data: {} },
      answerOf: (after) => ({ ok: true, repeated: false, exception: foldException(after) ?? exception }),
    };
  });
}

/**
 * Records what has ended an exception without anybody: its end, a challenge that nobody decided in time, or a condition
 * that is known to be broken (G13). Conditions that are unknown end nothing. Returns where it stands; undefined when
 * there is none.
 */
export function expireException(
  context: EndingContext,
  {
    exceptionId,
    actor,
    conditions,
  }: { readonly exceptionId: string; readonly actor: Actor; readonly conditions?: ConditionsVerdict },
): Promise<ExceptionState | undefined> {
  return decideOn<ExceptionState | undefined>(context, subjects.exception(exceptionId), (events, now) => {
    const exception = foldException(events);
    if (exception === undefined) return { answer: undefined };
    const late = overdue(context, exception, actor, now);
    if (late !== undefined) return { record: late };
    const state = exceptionState(exception, now);
    const inForce = state === 'active' || state === 'challenged';
    if (!inForce || conditions?.holds !== 'no') return { answer: state };
    const fields = { at: now, actor, policyHash: context.rules.policyHash };
    const reason = conditions.reasons.join('; ');
    return { record: { ...fields, type: 'exception.expired', reason, data: { cause: 'condition' } } };
  });
}

/** The event that makes durable what the clock has already decided. */
function overdue(
  { rules }: EndingContext,
  exception: Exception,
  actor: Actor,
  now: Instant,
): EventDraft | undefined {
  const cause = exception.end === undefined ? clockEnd(exception, now) : undefined;
  if (cause === undefined) return undefined;
  return { at: now, actor, policyHash: rules.policyHash, type: 'exception.expired', data: { cause } };
}

function mayRevoke({ rules }: RequestsContext, exception: Exception, actor: Actor): boolean {
  if (sameActor(exception.requestedBy, actor)) return true;
  if (actor.kind !== 'person' || actor.person === undefined) return false;
  const { guarded, critical } = rules.approvals;
  const { parties, businessOwner } = exception;
  return [...guarded.members, ...critical.members, ...parties, businessOwner].includes(actor.person);
}
