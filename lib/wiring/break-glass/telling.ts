import type { GrantTelling, GrantTold, IncidentTelling } from '../../break-glass/index.ts';
import type { Clock } from '../../domain/time.ts';
import { composeGrantNotice, composeIncidentNotice, type Notice } from '../../notify/index.ts';
import { hasLeft, type Policy, routeOf } from '../../policy/index.ts';
import type { GrantRoutes } from './announcing.ts';

/**
 * Sends one notice to somebody by the policy in force, and a copy to whoever watches. Somebody whom the directory does not
 * reach is refused. A copy tells whoever cannot be reached otherwise, and nobody whose mail may still arrive: the same
 * notice goes out again then.
 */
export function tellingBy(
  routes: GrantRoutes,
  policy: Policy,
  clock: Clock,
): (telling: GrantTelling, noticeId: string) => Promise<GrantTold> {
  return async (telling, noticeId) => {
    const recipient = routeOf(policy, telling.recipient);
    if (recipient === undefined || hasLeft(policy, telling.recipient, clock.now())) return 'refused';
    return sent(routes, composeGrantNotice({ ...telling, noticeId, recipient }));
  };
}

/** The same of an incident. */
export function tellingOfIncidentBy(
  routes: GrantRoutes,
  policy: Policy,
  clock: Clock,
): (telling: IncidentTelling, noticeId: string) => Promise<GrantTold> {
  return async (telling, noticeId) => {
    const recipient = routeOf(policy, telling.recipient);
    if (recipient === undefined || hasLeft(policy, telling.recipient, clock.now())) return 'refused';
    return sent(routes, composeIncidentNotice({ ...telling, noticeId, recipient }));
  };
}

async function sent(routes: GrantRoutes, notice: Notice): Promise<GrantTold> {
  const [toPerson = 'unknown', ...copies] = await Promise.all(
    [routes.people, ...routes.watching].map(async (route) => (await route.deliver(notice)).outcome),
  );
  if (toPerson !== 'refused') return toPerson;
  if (copies.includes('accepted')) return 'accepted';
  return copies.includes('unknown') ? 'unknown' : 'refused';
}
