import type { ApiCaller, StartedView, StartGrantBody } from '../../api/index.ts';
import { renewGrant, type Started, startGrant } from '../../break-glass/index.ts';
import type { Actor } from '../../domain/actor.ts';
import { callerRefused, insider, type Resolved, resolved } from '../service/callers.ts';
import { type BreakGlassDesk, callerDesk, contextOf } from './desk.ts';
import { readAhead } from './read-ahead.ts';
import {
  grantConflict,
  grantNotActive,
  grantOver,
  grantRefused,
  noGrantOfYours,
  orLastResort,
} from './refusals.ts';
import { viewOfGrant, viewOfSession } from './views.ts';

/**
 * From invocation to credentials in four round trips: read (all at once, see `readAhead`), record, act, record. Whoever is
 * no person of ours is refused on the record, too. Throws `organisation-unreadable` with nothing stored, and what
 * `startGrant` throws.
 */
export function start(desk: BreakGlassDesk, caller: ApiCaller, body: StartGrantBody): Promise<StartedView> {
  const { grantId, role, accountId } = body;
  return orLastResort(async () => {
    const ahead = readAhead(desk, caller, { grantId, begins: { role, accountId } });
    const who = await resolved(callerDesk(ahead), caller);
    if (!who.ok && who.reason === 'organisation-unreadable') throw callerRefused(who);
    const started = await startGrant(contextOf(ahead, who.policy), { actor: ours(who), content: body });
    return answerOf(desk, grantId, started);
  });
}

/** Whoever belongs to an outside party is not one of the persons whom the directory vouches for. */
export function ours(who: Resolved): Actor {
  if (!who.ok) return who.actor;
  const { person: _person, ...actor } = who.caller.actor;
  return actor.outsideParty === undefined ? who.caller.actor : { ...actor, kind: 'unresolved' };
}

function answerOf({ clock }: BreakGlassDesk, grantId: string, started: Started): StartedView {
  const now = clock.now();
  switch (started.outcome) {
    case 'started':
      return viewOfSession(started.grant, started.session, now);
    case 'waiting':
      return { outcome: 'waiting', grant: viewOfGrant(started.grant, now) };
    case 'over':
      throw grantOver(started.grant);
    case 'refused':
      throw grantRefused(grantId, started);
    case 'conflict':
      throw grantConflict(grantId);
  }
}

type Renewed = Awaited<ReturnType<typeof renewGrant>>;

/** Another session, for the one who took the grant; in four round trips as well. */
export function renew(desk: BreakGlassDesk, caller: ApiCaller, grantId: string): Promise<StartedView> {
  return orLastResort(async () => {
    const ahead = readAhead(desk, caller, { grantId });
    const known = await insider(callerDesk(ahead), caller);
    const { actor } = known.caller;
    const renewed = await renewGrant(contextOf(ahead, known.policy), { grantId, actor });
    return renewalOf(desk, grantId, renewed);
  });
}

function renewalOf({ clock }: BreakGlassDesk, grantId: string, renewed: Renewed): StartedView {
  switch (renewed.outcome) {
    case 'started':
      return viewOfSession(renewed.grant, renewed.session, clock.now());
    case 'not-found':
      throw noGrantOfYours(grantId);
    case 'not-active':
      throw grantNotActive(renewed.grant);
    case 'over':
      throw grantOver(renewed.grant);
  }
}
