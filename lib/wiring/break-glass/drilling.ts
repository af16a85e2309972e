import type { ApiCaller, DrillBody, DrillView } from '../../api/index.ts';
import { drill } from '../../break-glass/index.ts';
import { callerRefused, resolved } from '../service/callers.ts';
import { type BreakGlassDesk, callerDesk, contextOf } from './desk.ts';
import { grantConflict, grantRefused } from './refusals.ts';
import { ours } from './start.ts';
import { viewOfGrant } from './views.ts';

/** The whole path on the role that may do nothing; how far it came is recorded and answered. */
export async function runDrill(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  { grantId, accountId }: DrillBody,
): Promise<DrillView> {
  const who = await resolved(callerDesk(desk), caller);
  if (!who.ok && who.reason === 'organisation-unreadable') throw callerRefused(who);
  const context = { ...contextOf(desk, who.policy), iamAs: desk.iamAs };
  const drilled = await drill(context, { actor: ours(who), grantId, accountId });
  if (drilled.outcome === 'conflict') throw grantConflict(grantId);
  if (drilled.outcome === 'refused') throw grantRefused(grantId, drilled);
  const { grant, failed } = drilled;
  return {
    outcome: failed === undefined ? 'passed' : 'failed',
    grant: viewOfGrant(grant, desk.clock.now()),
    stages: (grant.drill?.stages ?? []).map(({ stage, outcome, detail }) => ({
      stage,
      outcome,
      ...(detail === undefined ? {} : { detail }),
    })),
  };
}
