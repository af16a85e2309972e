import type { Grant } from '../domain/grant.ts';
import { ISSUE_WITHIN_MS } from '../domain/grant.ts';
import { subjects } from '../domain/subject.ts';
import { plus } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';
import { recordOn, type Stood } from './record.ts';
import { renewFrom } from './renew-grant.ts';
import { type IssuedSession, issueSession } from './session.ts';

type Activated =
  | { readonly outcome: 'started'; readonly grant: Grant; readonly session: IssuedSession }
  | { readonly outcome: 'over'; readonly grant: Grant };

/**
 * Goes on with a grant that may be activated: end schedule, announcement and session side by side, then the record of all
 * three, and only then the session is handed out. A schedule or an announcement that failed is recorded and done later; B
 * and C end access without either. Whoever comes second gets a session of its own.
 */
export async function activateGrant(context: BreakGlassContext, stood: Stood): Promise<Activated> {
  const { grant, state, now } = stood;
  if (state === 'active') return renewFrom(context, stood);
  const isFresh = grant.intendedAt !== undefined && now < plus(grant.intendedAt, ISSUE_WITHIN_MS);
  if (state !== 'activating' || !isFresh) return { outcome: 'over', grant };
  const [scheduled, announced, issued] = await Promise.allSettled([
    context.endSchedule.place(grant),
    context.announcement.announce(grant),
    issueSession(context, grant),
    context.follow(subjects.grant(grant.grantId), stood.events),
  ]);
  if (issued.status === 'rejected') throw issued.reason;
  const session = issued.value;
  const after = await recordOn(
    context,
    grant.grantId,
    (found) =>
      found.state === 'activating'
        ? {
            at: found.now,
            actor: context.broker,
            type: 'grant.activated',
            data: {
              accessKeyId: session.accessKeyId,
              sessionExpiresAt: session.expiresAt,
              endSchedule: scheduled.status === 'fulfilled' ? 'done' : 'failed',
              announcement: announced.status === 'fulfilled' ? 'done' : 'failed',
            },
          }
        : undefined,
    stood.events,
  );
  if (after?.state !== 'active') return { outcome: 'over', grant: after?.grant ?? grant };
  return after.recorded ? { outcome: 'started', grant: after.grant, session } : renewFrom(context, after);
}
