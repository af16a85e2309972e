import { type Actor, sameActor } from '../domain/actor.ts';
import type { Grant } from '../domain/grant.ts';
import { subjects } from '../domain/subject.ts';
import type { BreakGlassContext } from './context.ts';
import { endWithoutReason } from './end-grant.ts';
import { recordOn, type Stood } from './record.ts';
import { type IssuedSession, issueSession } from './session.ts';

export type Renewed =
  | { readonly outcome: 'started'; readonly grant: Grant; readonly session: IssuedSession }
  | { readonly outcome: 'over'; readonly grant: Grant };

/** Another session of a grant, for the one who took it, while its reason stands (G13). Undefined: there is no such grant of theirs. */
export async function renewGrant(
  context: BreakGlassContext,
  { grantId, actor }: { readonly grantId: string; readonly actor: Actor },
): Promise<
  Renewed | { readonly outcome: 'not-found' } | { readonly outcome: 'not-active'; readonly grant: Grant }
> {
  const stood = await recordOn(context, grantId, () => undefined);
  if (stood === undefined || !sameActor(stood.grant.requestedBy, actor)) return { outcome: 'not-found' };
  if (stood.state === 'requested' || stood.state === 'activating')
    return { outcome: 'not-active', grant: stood.grant };
  const ended = await endWithoutReason(context, stood);
  return ended === undefined ? renewFrom(context, stood) : { outcome: 'over', grant: ended };
}

/**
 * The renewal is appended right after what was read, before the session is asked for: it and an end cannot both win. The
 * session is handed out only when the grant is still active after it was recorded.
 */
export async function renewFrom(context: BreakGlassContext, { grant, events }: Stood): Promise<Renewed> {
  const { grantId, requestedBy: actor } = grant;
  const intended = await recordOn(
    context,
    grantId,
    ({ state, now, grant: { sessions } }) =>
      state === 'active'
        ? { at: now, actor, type: 'grant.renewed', data: { session: sessions + 1 } }
        : undefined,
    events,
  );
  if (intended?.state !== 'active') return { outcome: 'over', grant: intended?.grant ?? grant };
  const number = intended.grant.sessions;
  const [session] = await Promise.all([
    issueSession(context, intended.grant),
    context.follow(subjects.grant(grantId), intended.events),
  ]);
  const issued = await recordOn(
    context,
    grantId,
    ({ state, now }) =>
      state === 'active'
        ? {
            at: now,
            actor: context.broker,
            type: 'grant.issued',
            data: {
              session: number,
              accessKeyId: session.accessKeyId,
              sessionExpiresAt: session.expiresAt,
            },
          }
        : undefined,
    intended.events,
  );
  if (issued?.state !== 'active') return { outcome: 'over', grant: issued?.grant ?? grant };
  return { outcome: 'started', grant: issued.grant, session };
}
