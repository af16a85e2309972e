import type { Actor } from '../domain/actor.ts';
import { JanitorError } from '../domain/error.ts';
import type { EventDraft } from '../domain/event.ts';
import { type Exception, type ExceptionState, exceptionState, foldException } from '../domain/exception.ts';
import type { Request } from '../domain/request.ts';
import { subjects } from '../domain/subject.ts';
import { decideOn, type RequestsContext } from './decide-on.ts';
import type { Effect, EffectOutcome } from './execute-request.ts';

interface ExceptionEffect {
  /** The service that carries it out. */
  readonly actor: Actor;
  /** The credential's owner as it is known now; undefined when nobody is. */
  readonly owner?: string;
  /** Makes the exemption count on the credential's own chain; must converge when repeated (I21). */
  readonly takeEffect: (exceptionId: string, exception: Exception) => Promise<void>;
}

type Scope = Pick<Exception, 'scope' | 'while'> & {
  readonly renews?: string;
  /** Whose it was to stay. */
  readonly ownerBefore?: string;
};

/**
 * What an approved request of kind exception or extension does: the exception is proposed under the request's id, takes
 * effect on the credential, and is then in force. An extension first ends the exception it follows, which only one can
 * (I12): if that one was challenged or ended meanwhile, nothing follows it.
 */
export function exceptionEffect(context: RequestsContext, with_: ExceptionEffect): Effect {
  return async (requestId, request) => {
    const scope = await scopeOf(context, request);
    if (scope.while.owner !== undefined && with_.owner === undefined) {
      return failed('owner-unknown', 'its owner was to stay the same, and nobody is known to own it');
    }
    const { ownerBefore = with_.owner } = scope;
    if (scope.while.owner !== undefined && ownerBefore !== with_.owner) {
      return failed('owner-changed', `its owner was ${ownerBefore} and is now ${with_.owner}: no extension`);
    }
    if (scope.renews !== undefined && !(await giveWay(context, scope.renews, requestId, with_.actor))) {
      return failed('exception-not-active', `${scope.renews} is not active any more`);
    }
    const exception = await propose(context, requestId, request, scope, with_);
    await with_.takeEffect(requestId, exception);
    const state = await activate(context, requestId, with_.actor);
    if (state === 'active' || state === 'challenged') return { ok: true, outcome: `exception ${requestId}` };
    return failed('exception-ended', `the exception is ${state}`);
  };
}

async function scopeOf({ ledger }: RequestsContext, { content: { ask } }: Request): Promise<Scope> {
  if (ask.kind === 'exception') return { scope: ask.scope, while: ask.while };
  if (ask.kind !== 'extension') throw noException(`a request of kind ${ask.kind} makes no exception`);
  const before = foldException(await ledger.chain(subjects.exception(ask.exceptionId)));
  if (before === undefined) throw noException(`there is no exception ${ask.exceptionId}`);
  const { scope, while: conditions, owner } = before;
  const renewing = { scope, while: conditions, renews: ask.exceptionId };
  return owner === undefined ? renewing : { ...renewing, ownerBefore: owner };
}

/** Whether the exception before ends in favour of this one, now or in an earlier attempt. */
function giveWay(
  context: RequestsContext,
  before: string,
  renewedBy: string,
  actor: Actor,
): Promise<boolean> {
  return decideOn<boolean>(context, subjects.exception(before), (events, now) => {
    const exception = foldException(events);
    if (exception === undefined) return { answer: false };
    if (exception.end?.renewedBy === renewedBy) return { answer: true };
    if (exceptionState(exception, now) !== 'active') return { answer: false };
    const fields = { at: now, actor, policyHash: context.rules.policyHash };
    return {
      record: { ...fields, type: 'exception.renewed', data: { renewedBy } },
      answerOf: () => true,
    };
  });
}

function propose(
  context: RequestsContext,
  requestId: string,
  request: Request,
  scope: Scope,
  { actor, owner }: ExceptionEffect,
): Promise<Exception> {
  return decideOn<Exception>(context, subjects.exception(requestId), (events, now) => {
    const exception = foldException(events);
    if (exception !== undefined) return { answer: exception };
    if (events.length > 0)
      throw noException(`the chain of exception ${requestId} begins with something else`);
    return { record: proposal(request, scope, owner, { at: now, actor }) };
  });
}

function proposal(
  request: Request,
  { scope, while: conditions, renews }: Scope,
  owner: string | undefined,
  fields: Pick<EventDraft, 'at' | 'actor'>,
): EventDraft {
  const { requestHash, requester, content, admission, policyHash, approvals } = request;
  const persons = [requester.actor, ...requester.onBehalfOf].map(({ person }) => person);
  const parties = [requester.sponsor, content.beneficiary, ...persons, ...(admission?.beneficiaries ?? [])];
  return {
    ...fields,
    type: 'exception.proposed',
    policyHash,
    reason: content.reason,
    ticket: content.ticket,
    expiresAt: content.endsAt,
    approvals: [...approvals],
    data: {
      requestHash,
      requestedBy: requester.onBehalfOf[0] ?? requester.actor,
      scope,
      while: conditions,
      reasonKind: content.reasonKind,
      businessOwner: content.businessOwner,
      parties: [...new Set(parties.filter((person) => person !== undefined))].sort(),
      exemptSince: admission?.exemptSince ?? request.submittedAt,
      ...(owner === undefined ? {} : { owner }),
      ...(renews === undefined ? {} : { renews }),
    },
  };
}

function activate(context: RequestsContext, exceptionId: string, actor: Actor): Promise<ExceptionState> {
  return decideOn<ExceptionState>(context, subjects.exception(exceptionId), (events, now) => {
    const exception = foldException(events);
    if (exception === undefined) throw noException(`there is no exception ${exceptionId}`);
    const state = exceptionState(exception, now);
    if (state !== 'proposed') return { answer: state };
    const fields = { at: now, actor, policyHash: context.rules.policyHash };
    return { record: { ...fields, type: 'exception.activated', data: {} } };
  });
}

function failed(code: string, reason: string): EffectOutcome {
  return { ok: false, code, reason };
}

function noException(message: string): JanitorError {
  return new JanitorError(message, {
    code: 'exception-missing',
    source: 'system',
    hint: 'Run `janitor ledger verify`: what was approved does not fit what is recorded.',
  });
}
