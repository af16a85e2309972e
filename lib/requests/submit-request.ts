import { sameActor } from '../domain/actor.ts';
import { canonical } from '../domain/canonical.ts';
import { JanitorError } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { type Exception, exceptionState, foldException } from '../domain/exception.ts';
import {
  foldRequest,
  type Request,
  type Requester,
  type RequestState,
  requestState,
} from '../domain/request.ts';
import { type RequestContent, requestIdSchema } from '../domain/request-events.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import { admit, refuseImpossible, type SubmissionFacts } from './admission.ts';
import { type Decision, decideOn, type RequestsContext } from './decide-on.ts';

/** recorded: by this call. repeated: the same was asked under this id before. conflict: something else was. */
export type Submitted =
  | { readonly outcome: 'recorded' | 'repeated'; readonly request: Request; readonly state: RequestState }
  | { readonly outcome: 'conflict' };

/**
 * Records a request under the id its client chose, with the policy's first word on it, in one event: denied, pending, or
 * approved as routine. The same id again gives what is stored, whatever has happened since; what another request under
 * that id says is not shown.
 * @throws JanitorError with source `user` and nothing stored: `request-id-invalid`, `end-in-past`, `end-too-far`,
 * `person-unknown`, `ticket-malformed`, `exception-not-found`, `exception-not-active`, `secret-shaped`.
 */
export async function submitRequest(
  context: RequestsContext,
  submission: {
    readonly requestId: string;
    readonly requester: Requester;
    readonly content: RequestContent;
    readonly facts: Omit<SubmissionFacts, 'extended'>;
  },
): Promise<Submitted> {
  const { requestId, requester, content } = submission;
  const id = requestIdSchema.safeParse(requestId);
  if (!id.success) {
    throw new JanitorError(`requestId: ${id.error.issues[0]?.message ?? 'it is not valid'}`, {
      code: 'request-id-invalid',
      source: 'user',
      hint: 'Choose a new UUID for each request, and send the same one again to repeat it.',
    });
  }
  const { refused } = submission.facts;
  const extended = refused === undefined ? await extendedBy(context, content) : undefined;
  return decideOn<Submitted>(context, subjects.request(id.data), (events, now) => {
    const before = foldRequest(events);
    if (before !== undefined)
      return { answer: isSame(before, requester, content) ? stored(before, now) : CONFLICT };
    if (extended !== undefined) refuseEnded(extended, now);
    const facts = { ...submission.facts, ...(extended === undefined ? {} : { extended }) };
    return first(draftOf(context, { requester, content, facts }, now), now);
  });
}

const CONFLICT = { outcome: 'conflict' } as const;

function stored(request: Request, now: Instant): Submitted {
  return { outcome: 'repeated', request, state: requestState(request, now) };
}

function first(record: EventDraft, now: Instant): Decision<Submitted> {
  return {
    record,
    answerOf: (events: readonly LedgerEvent[]) => {
      const request = foldRequest(events);
      return request === undefined
        ? CONFLICT
        : { outcome: 'recorded', request, state: requestState(request, now) };
    },
  };
}

/** The same content from the same requester through the same chain; when it was sent does not matter. */
function isSame(before: Request, requester: Requester, content: RequestContent): boolean {
  const chain = [requester.actor, ...requester.onBehalfOf];
  const chainBefore = [before.requester.actor, ...before.requester.onBehalfOf];
  return (
    canonical(before.content) === canonical(content) &&
    before.requester.sponsor === requester.sponsor &&
    chain.length === chainBefore.length &&
    chain.every((actor, index) => {
      const other = chainBefore[index];
      return other !== undefined && sameActor(actor, other);
    })
  );
}

function draftOf(
  { rules }: RequestsContext,
  {
    requester,
    content,
    facts,
  }: { readonly requester: Requester; readonly content: RequestContent; readonly facts: SubmissionFacts },
  now: Instant,
): EventDraft {
  const submission = { requester, content, facts, rules, now };
  if (facts.refused === undefined) refuseImpossible(submission);
  const { reason, ticket, endsAt, ...asked } = content;
  const { actor, onBehalfOf, sponsor, autonomous } = requester;
  const fields = { at: now, actor, policyHash: rules.policyHash, reason, ticket, expiresAt: endsAt };
  const data = {
    ...asked,
    onBehalfOf: [...onBehalfOf],
    autonomous,
    ...(sponsor === undefined ? {} : { sponsor }),
  };
  const admitted = admit(submission);
  if (!admitted.ok) {
    const { code, why } = admitted;
    return { ...fields, type: 'request.denied', data: { ...data, code, why } };
  }
  const { beneficiaries, ...admission } = admitted.admission;
  return {
    ...fields,
    type: 'request.submitted',
    data: { ...data, ...admission, beneficiaries: [...beneficiaries] },
  };
}

async function extendedBy(
  { ledger }: RequestsContext,
  { ask }: RequestContent,
): Promise<Exception | undefined> {
  if (ask.kind !== 'extension') return undefined;
  const exception = foldException(await ledger.chain(subjects.exception(ask.exceptionId)));
  if (exception !== undefined) return exception;
  throw new JanitorError(`ask.exceptionId: there is no exception ${ask.exceptionId}`, {
    code: 'exception-not-found',
    source: 'user',
    hint: 'The id of an exception is the id of the request it came of.',
  });
}

function refuseEnded(exception: Exception, now: Instant): void {
  const state = exceptionState(exception, now);
  if (state === 'active') return;
  throw new JanitorError(`ask.exceptionId: the exception is ${state}, and only an active one is extended`, {
    code: 'exception-not-active',
    source: 'user',
    hint: 'Ask for a new exception.',
    details: { state },
  });
}
