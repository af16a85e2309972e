import type { ApiCaller, EndedView, RevokeRoleBody } from '../../api/index.ts';
import { returnGrant, revokeGrant, revokeRole } from '../../break-glass/index.ts';
import { JanitorError } from '../../domain/error.ts';
import { insider } from '../service/callers.ts';
import { type BreakGlassDesk, callerDesk, contextOf } from './desk.ts';
import { grantNotFound, mayNotEnd, mayNotReturn } from './refusals.ts';
import { viewOfEnded } from './views.ts';

/** Given back by the one who took it. */
export async function giveBack(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  grantId: string,
  reason: string | undefined,
): Promise<EndedView> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const ending = { grantId, actor: known.actor, ...(reason === undefined ? {} : { reason }) };
  const ended = await returnGrant(contextOf(desk, policy), ending);
  if (ended.outcome === 'not-found') throw grantNotFound(grantId);
  if (ended.outcome === 'not-allowed') throw mayNotReturn(ended.grant);
  return viewOfEnded(ended.outcome, ended.grant, desk.clock.now());
}

export async function revoke(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  grantId: string,
  reason: string,
): Promise<EndedView> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const ended = await revokeGrant(contextOf(desk, policy), { grantId, actor: known.actor, reason });
  if (ended.outcome === 'not-found') throw grantNotFound(grantId);
  if (ended.outcome === 'not-allowed') throw mayNotEnd(`grant ${grantId}`);
  return viewOfEnded(ended.outcome, ended.grant, desk.clock.now());
}

/** Every grant of a role that is not over and that the caller may end. Throws when there are some and he may end none. */
export async function revokeAll(
  desk: BreakGlassDesk,
  caller: ApiCaller,
  { role, accountId, reason }: RevokeRoleBody,
): Promise<{ readonly items: readonly EndedView[] }> {
  const { policy, caller: known } = await insider(callerDesk(desk), caller);
  const context = contextOf(desk, policy);
  const found = await revokeRole(context, {
    role,
    actor: known.actor,
    reason,
    ...(accountId === undefined ? {} : { accountId }),
  });
  if (found.size === 0 && context.rules.roles.every(({ name }) => name !== role)) throw noSuchRole(role);
  const now = desk.clock.now();
  const items = [...found.values()].flatMap((ended) =>
    ended.outcome === 'not-found' || ended.outcome === 'not-allowed'
      ? []
      : [viewOfEnded(ended.outcome, ended.grant, now)],
  );
  if (items.length === 0 && found.size > 0) throw mayNotEnd(`grants of ${role}`);
  return { items };
}

function noSuchRole(role: string): JanitorError {
  return new JanitorError(`the policy has no break-glass role "${role}", and no grant is of one`, {
    code: 'role-unknown',
    source: 'policy',
    hint: 'List the roles to find the name that is meant.',
  });
}
