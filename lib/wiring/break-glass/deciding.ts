import type { ApiCaller, GrantView, ReviewBody } from '../../api/index.ts';
import { approveGrant, reviewGrant } from '../../break-glass/index.ts';
import { insider } from '../service/callers.ts';
import { type BreakGlassDesk, callerDesk, contextOf } from './desk.ts';
import { grantNotFound, mayNotDecide } from './refusals.ts';
import { viewOfGrant } from './views.ts';

/** A second person's word; whoever asked starts the grant again then. */
export async function approve(desk: BreakGlassDesk, caller: ApiCaller, grantId: string): Promise<GrantView> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const said = await approveGrant(contextOf(desk, policy), { grantId, actor: known.actor });
  if (said.outcome === 'not-found') throw grantNotFound(grantId);
  if (said.outcome === 'refused') throw mayNotDecide(`grant ${grantId}`, said.reason);
  return viewOfGrant(said.grant, desk.clock.now());
}

/** Somebody else's word on a use. */
export async function review(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  grantId: string,
  { verdict, reason, followUp }: ReviewBody,
): Promise<GrantView> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const said = await reviewGrant(contextOf(desk, policy), {
    grantId,
    actor: known.actor,
    verdict,
    reason,
    ...(followUp === undefined ? {} : { followUp }),
  });
  if (said.outcome === 'not-found') throw grantNotFound(grantId);
  if (said.outcome === 'refused') throw mayNotDecide(`grant ${grantId}`, said.reason);
  return viewOfGrant(said.grant, desk.clock.now());
}
