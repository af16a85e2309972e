import type { Actor } from '../domain/actor.ts';
import {
  type ConditionFacts,
  type ConditionsVerdict,
  conditionsHold,
  type Exception,
  type ExceptionReview,
  type ExceptionStanding,
  exceptionState,
  foldException,
} from '../domain/exception.ts';
import { type Fact, unknown } from '../domain/fact.ts';
import { foldRequest, requestState } from '../domain/request.ts';
import { subjects } from '../domain/subject.ts';
import { type EndingContext, expireException } from './end-exception.ts';

interface ReviewWith {
  /** Who records an end: the service that looks. */
  readonly actor: Actor;
  /** Whether the ticket of an exception is still open, as far as anybody can tell. */
  readonly ticketOf: (ticket: string) => Promise<Fact<'open' | 'closed'>>;
}

const IN_FORCE: ExceptionStanding = { state: 'in-force' };

/**
 * Looks at an exception again, with what has become of its credential (G13): one whose end has come, whose challenge
 * nobody decided in time or whose conditions are known to be broken is recorded as ended. What is unknown ends nothing
 * (G22). Its ticket is asked for only where the exception rests on it.
 */
export function exceptionReview(context: EndingContext, with_: ReviewWith): ExceptionReview {
  return { review: (exceptionId, seen) => review(context, with_, exceptionId, seen) };
}

async function review(
  context: EndingContext,
  { actor, ticketOf }: ReviewWith,
  exceptionId: string,
  seen: Parameters<ExceptionReview['review']>[1],
): Promise<ExceptionStanding> {
  const exception = await exceptionOf(context, exceptionId);
  if (exception === undefined) return IN_FORCE;
  if (exception.end !== undefined && exception.end.state !== 'renewed') return ended(exceptionId, exception);
  const conditions = conditionsHold(exception, { ...seen, ticket: await ticketFact(exception, ticketOf) });
  const state = await expireException(context, { exceptionId, actor, conditions });
  switch (state) {
    case 'active':
    case 'challenged':
      return IN_FORCE;
    case 'proposed':
      return (await isUnderWay(context, exceptionId)) ? IN_FORCE : ended(exceptionId, exception);
    case 'renewed':
      return whileRenewing(context, exceptionId, exception, conditions);
    default:
      return ended(exceptionId, (await exceptionOf(context, exceptionId)) ?? exception);
  }
}

/**
 * Its hold stands until the exception that follows has one of its own, which it has before it is active; what is under
 * way between the two ends like any other when its conditions break.
 */
async function whileRenewing(
  context: EndingContext,
  exceptionId: string,
  exception: Exception,
  conditions: ConditionsVerdict,
): Promise<ExceptionStanding> {
  const next = exception.end?.renewedBy;
  if (next === undefined || conditions.holds === 'no') return ended(exceptionId, exception, conditions);
  const successor = await exceptionOf(context, next);
  const isFollowed = successor !== undefined && exceptionState(successor, context.clock.now()) !== 'proposed';
  return !isFollowed && (await isUnderWay(context, next)) ? IN_FORCE : ended(exceptionId, exception);
}

/** Whether what was approved is still to be carried out, or nobody can tell. */
async function isUnderWay({ ledger, clock }: EndingContext, requestId: string): Promise<boolean> {
  const request = foldRequest(await ledger.chain(subjects.request(requestId)));
  if (request === undefined) return true;
  const state = requestState(request, clock.now());
  return state === 'approved' || state === 'executing';
}

async function exceptionOf({ ledger }: EndingContext, exceptionId: string): Promise<Exception | undefined> {
  return foldException(await ledger.chain(subjects.exception(exceptionId)));
}

function ticketFact(
  { while: conditions, ticket }: Exception,
  ticketOf: ReviewWith['ticketOf'],
): Promise<ConditionFacts['ticket']> {
  return conditions.ticket === undefined
    ? Promise.resolve(unknown('the exception does not rest on it'))
    : ticketOf(ticket);
}

function ended(exceptionId: string, { end }: Exception, conditions?: ConditionsVerdict): ExceptionStanding {
  const why = conditions?.holds === 'no' ? conditions.reasons.join('; ') : (end?.reason ?? end?.cause);
  const state = end?.state ?? 'not carried out';
  return {
    state: 'ended',
    reason: `exception ${exceptionId} is ${state}${why === undefined ? '' : `: ${why}`}`,
  };
}
