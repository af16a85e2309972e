import type {
  ApiCaller,
  ExplainIncidentBody,
  IncidentView,
  Page,
  PageQuery,
  ReviewBody,
} from '../../api/index.ts';
import { explainIncident, reviewIncident } from '../../break-glass/index.ts';
import { insider } from '../service/callers.ts';
import { listOf } from '../service/lists.ts';
import { type BreakGlassDesk, callerDesk, contextOf } from './desk.ts';
import { incidentNotFound, mayNotDecide } from './refusals.ts';
import { viewOfIncident } from './views.ts';

export async function listIncidents(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  query: PageQuery,
): Promise<Page<IncidentView>> {
  await insider(callerDesk(desk), caller);
  return listOf(desk, 'incident', query, ({ record }, now) => viewOfIncident(record, now));
}

/** What it was for, said by whoever did it. */
export async function explain(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  incidentId: string,
  { reason, ticket }: ExplainIncidentBody,
): Promise<IncidentView> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const said = { incidentId, actor: known.actor, reason, ticket };
  return answerOf(desk, incidentId, await explainIncident(contextOf(desk, policy), said));
}

/** Somebody else's word on it. */
export async function reviewOf(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  incidentId: string,
  { verdict, reason, followUp }: ReviewBody,
): Promise<IncidentView> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const said = { incidentId, actor: known.actor, verdict, reason };
  const review = followUp === undefined ? said : { ...said, followUp };
  return answerOf(desk, incidentId, await reviewIncident(contextOf(desk, policy), review));
}

type Said = Awaited<ReturnType<typeof explainIncident> | ReturnType<typeof reviewIncident>>;

function answerOf({ clock }: BreakGlassDesk, incidentId: string, said: Said): IncidentView {
  if (said.outcome === 'not-found') throw incidentNotFound(incidentId);
  if (said.outcome === 'refused') throw mayNotDecide(`incident ${incidentId}`, said.reason);
  return viewOfIncident(said.incident, clock.now());
}
