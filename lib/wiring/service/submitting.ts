import type { ApiCaller, SubmitBody, SubmittedView } from '../../api/index.ts';
import { type Actor, sameActor } from '../../domain/actor.ts';
import { canonical } from '../../domain/canonical.ts';
import { JanitorError } from '../../domain/error.ts';
import { foldRequest, type Request, type Requester, requestState } from '../../domain/request.ts';
import type { RequestContent } from '../../domain/request-events.ts';
import { subjects } from '../../domain/subject.ts';
import {
  mayAsk,
  personsBehind,
  type ResolvedCaller,
  requestCoreHash,
  verifyDelegation,
} from '../../identity/index.ts';
import type { Policy } from '../../policy/index.ts';
import { submitRequest } from '../../requests/index.ts';
import { aboutAsk, requestsContext } from './about.ts';
import { callerRefused, directoryOf, type Known, type Resolved, resolved, whyRefused } from './callers.ts';
import type { ServiceDesk } from './desk.ts';
import { getUnderWay } from './get-under-way.ts';
import { type SubjectFacts, subjectFacts } from './subject-facts.ts';
import { requestView } from './views.ts';

type Facts = Parameters<typeof submitRequest>[1]['facts'];

/** With the outside party that the credential belongs to. */
type Found = Facts & Pick<SubjectFacts, 'outsideParty'>;

/** Who asks, and what was found out about it. */
interface Submission {
  readonly requester: Requester;
  readonly facts: Facts;
}

/** What each hop of a delegation signs: the request under its id, without the delegation. */
export function coreOf({ requestId, request }: Pick<SubmitBody, 'requestId' | 'request'>): string {
  return requestCoreHash({ requestId, request });
}

/**
 * Records what somebody asks for, or answers from the record when this id was used before: a repeated request is
 * recognised before its delegation is verified, which uses the proofs up. What is denied is recorded, and thrown.
 * @throws JanitorError `caller-unresolved`, `caller-refused`, `request-denied`, `delegation-refused` with `denied` in its
 * details; `request-conflict`; `organisation-unreadable`, `delegation-unverified`; what `subjectFacts` and
 * `submitRequest` throw, with nothing stored.
 */
export async function submit(
  desk: ServiceDesk,
  apiCaller: ApiCaller,
  body: SubmitBody,
): Promise<SubmittedView> {
  const who = await resolved(desk, apiCaller);
  if (!who.ok && who.reason === 'organisation-unreadable') throw callerRefused(who);
  const before = foldRequest(await desk.ledger.chain(subjects.request(body.requestId)));
  if (before !== undefined) {
    return answered(desk, 'repeated', body.requestId, fromRecord(before, actorOf(who), body));
  }
  const { policy } = who;
  const context = requestsContext(desk, policy, await aboutAsk(desk, body.request.ask));
  const submission = who.ok ? await found(desk, who, apiCaller, body) : refusedCaller(who);
  const submitted = await submitRequest(context, {
    requestId: body.requestId,
    content: body.request,
    ...submission,
  });
  if (submitted.outcome === 'conflict') throw conflict(body.requestId);
  return answered(desk, submitted.outcome, body.requestId, submitted.request);
}

function actorOf(who: Resolved): Actor {
  return who.ok ? who.caller.actor : who.actor;
}

/** Nobody waits for what is in the record, but what was pre-approved is carried out at once, also after a crash. */
async function answered(
  desk: ServiceDesk,
  outcome: SubmittedView['outcome'],
  requestId: string,
  request: Request,
): Promise<SubmittedView> {
  if (request.end?.state === 'denied') throw denied(requestId, request.end);
  const isApproved = requestState(request, desk.clock.now()) === 'approved';
  const now = isApproved ? await getUnderWay(desk, requestId, request) : request;
  return { outcome, request: requestView(requestId, now, desk.clock.now()) };
}

/** The stored request, when the same caller asked for the same before, with a delegation or without as then. */
function fromRecord(before: Request, actor: Actor, { requestId, request, delegation }: SubmitBody): Request {
  const { requester, content, end } = before;
  const isDelegated = requester.onBehalfOf.length > 0;
  const isSame =
    sameActor(requester.actor, actor) &&
    canonical(content) === canonical(withoutAbsent(request)) &&
    (end?.state === 'denied' || isDelegated === (delegation !== undefined));
  if (isSame) return before;
  throw conflict(requestId);
}

function withoutAbsent({ beneficiary, ...content }: RequestContent): RequestContent {
  return beneficiary === undefined ? content : { ...content, beneficiary };
}

function refusedCaller(who: Extract<Resolved, { ok: false }>): Submission {
  return {
    requester: { actor: who.actor, onBehalfOf: [], autonomous: false },
    facts: { beneficiaries: [], refused: whyRefused(who) },
  };
}

/** Everything that can be found out without using proofs up comes first. */
async function found(
  desk: ServiceDesk,
  known: Known,
  { arn }: ApiCaller,
  body: SubmitBody,
): Promise<Submission> {
  const { policy } = known;
  const { ask, ticket } = body.request;
  const [subject, state] = await Promise.all([
    subjectFacts(desk, policy, ask),
    desk.ticketsOf(policy).stateOf(ticket),
  ]);
  const facts = { ...subject, ticket: state };
  if (body.delegation === undefined) return submissionOf(known, [], facts);
  const verified = await verifyDelegation(
    { ...desk.delegations, clock: desk.clock, directory: directoryOf(desk, policy) },
    { delegation: body.delegation, core: coreOf(body), callerArn: arn },
  );
  if (verified.ok) return submissionOf(known, verified.hops, facts);
  const { reason, message, hint, mayRetry } = verified;
  if (mayRetry || reason === 'malformed') {
    throw new JanitorError(message, {
      code: mayRetry ? 'delegation-unverified' : 'delegation-malformed',
      source: mayRetry ? 'access' : 'user',
      hint,
      details: { reason },
    });
  }
  const submission = submissionOf(known, [], facts);
  const refused = { code: `delegation-${reason}`, why: `${message}. ${hint}` };
  return { ...submission, facts: { ...submission.facts, refused } };
}

function submissionOf(
  { caller, policy }: Known,
  hops: readonly ResolvedCaller[],
  { outsideParty, ...facts }: Found,
): Submission {
  const involved = { caller, hops };
  const outside = [caller, ...hops].flatMap(({ actor }) => actor.outsideParty ?? []);
  const notTheirs = outside.some((party) => party !== outsideParty);
  const may = mayAsk(involved, 'routine');
  const sponsor = may.ok ? may.sponsor : undefined;
  return {
    requester: {
      actor: caller.actor,
      onBehalfOf: hops.map(({ actor }) => actor),
      autonomous: [caller, ...hops].some(({ agent }) => agent !== undefined),
      ...(sponsor === undefined ? {} : { sponsor }),
    },
    facts: {
      ...facts,
      ...(notTheirs ? { notTheirs } : {}),
      beneficiaries: [...new Set([...facts.beneficiaries, ...standingBehind(policy, involved)])],
    },
  };
}

/** Who stands in the chain, or answers for an agent or an outside party in it: none of them approves (I11). */
function standingBehind(
  { directory }: Policy,
  involved: { readonly caller: ResolvedCaller; readonly hops: readonly ResolvedCaller[] },
): readonly string[] {
  const parties = [involved.caller, ...involved.hops].map(({ actor }) => actor.outsideParty);
  const sponsors = directory.externalParties.flatMap(({ id, sponsor }) =>
    parties.includes(id) ? [sponsor] : [],
  );
  return [...personsBehind(involved), ...sponsors];
}

function denied(requestId: string, { code = 'denied', reason = '' }: NonNullable<Request['end']>) {
  const isOwnCode = code === 'caller-unresolved' || code === 'caller-refused';
  const isDelegation = code.startsWith('delegation-');
  return new JanitorError(`request ${requestId} is denied (${code}): ${reason}`, {
    code: isOwnCode ? code : isDelegation ? 'delegation-refused' : 'request-denied',
    source: 'policy',
    hint: 'The denial is recorded. Mend what it names, and ask again under a new request id.',
    details: { denied: code, requestId },
  });
}

function conflict(requestId: string): JanitorError {
  return new JanitorError(`the id ${requestId} is that of another request`, {
    code: 'request-conflict',
    source: 'user',
    hint: 'Choose a new id for a new request. To repeat one, send exactly the same from the same caller, its end as the instant that was printed: 14d ends later each time.',
  });
}
