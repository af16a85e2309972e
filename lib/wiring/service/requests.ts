import type { ApiCaller, Page, PageQuery, RequestView } from '../../api/index.ts';
import { sameActor } from '../../domain/actor.ts';
import { foldRequest, isParty, type Request } from '../../domain/request.ts';
import { subjects } from '../../domain/subject.ts';
import type { ResolvedCaller } from '../../identity/index.ts';
import { approveRequest, rejectRequest, withdrawRequest } from '../../requests/index.ts';
import { aboutAsk, requestsContext } from './about.ts';
import { decider, type Known, knownCaller } from './callers.ts';
import type { ServiceDesk } from './desk.ts';
import { getUnderWay } from './get-under-way.ts';
import { listOf } from './lists.ts';
import { notFound, refusalError } from './refusals.ts';
import { requestView } from './views.ts';

type Answered = Awaited<ReturnType<typeof approveRequest>>;

export async function listRequests(
  desk: ServiceDesk,
  caller: ApiCaller,
  query: PageQuery,
): Promise<Page<RequestView>> {
  const known = await knownCaller(desk, caller);
  return listOf(desk, 'request', query, ({ id, record }, now) =>
    mayRead(known.caller, record) ? requestView(id, record, now) : undefined,
  );
}

export async function getRequest(
  desk: ServiceDesk,
  caller: ApiCaller,
  requestId: string,
): Promise<RequestView> {
  const known = await knownCaller(desk, caller);
  const request = await read(desk, requestId);
  if (!mayRead(known.caller, request)) throw notFound('request', requestId);
  return requestView(requestId, request, desk.clock.now());
}

/** The approval that completes the quorum has the request carried out. */
export async function approve(
  desk: ServiceDesk,
  caller: ApiCaller,
  requestId: string,
  requestHash: string,
): Promise<RequestView> {
  const known = await decider(desk, caller);
  const context = await contextFor(desk, known, requestId);
  const { actor } = known.caller;
  const answered = accepted(await approveRequest(context, { requestId, requestHash, actor }));
  const isApproved = answered.state === 'approved';
  const request = isApproved ? await getUnderWay(desk, requestId, answered.request) : answered.request;
  return requestView(requestId, request, desk.clock.now());
}

export async function reject(
  desk: ServiceDesk,
  caller: ApiCaller,
  requestId: string,
  reason: string,
): Promise<RequestView> {
  const known = await decider(desk, caller);
  const context = await contextFor(desk, known, requestId);
  const { actor } = known.caller;
  const { request } = accepted(await rejectRequest(context, { requestId, actor, reason }));
  return requestView(requestId, request, desk.clock.now());
}

export async function withdraw(
  desk: ServiceDesk,
  caller: ApiCaller,
  requestId: string,
  reason: string | undefined,
): Promise<RequestView> {
  const known = await knownCaller(desk, caller);
  const context = await contextFor(desk, known, requestId);
  const { actor } = known.caller;
  const order = { requestId, actor, ...(reason === undefined ? {} : { reason }) };
  const { request } = accepted(await withdrawRequest(context, order));
  return requestView(requestId, request, desk.clock.now());
}

function accepted(answered: Answered): Extract<Answered, { ok: true }> {
  if (answered.ok) return answered;
  throw refusalError('request', answered);
}

async function contextFor(desk: ServiceDesk, { policy }: Known, requestId: string) {
  const { content } = await read(desk, requestId);
  return requestsContext(desk, policy, await aboutAsk(desk, content.ask));
}

async function read({ ledger }: ServiceDesk, requestId: string): Promise<Request> {
  const request = foldRequest(await ledger.chain(subjects.request(requestId)));
  if (request === undefined) throw notFound('request', requestId);
  return request;
}

/** Of outside parties, those who asked, were asked for, or belong to the party that did. */
function mayRead({ actor }: ResolvedCaller, request: Request): boolean {
  const { outsideParty } = actor;
  if (outsideParty === undefined) return true;
  const { requester } = request;
  const asked = [requester.actor, ...requester.onBehalfOf];
  return (
    isParty(request, actor) ||
    asked.some((each) => each.outsideParty === outsideParty || sameActor(each, actor))
  );
}
