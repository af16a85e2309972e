import type { Actor } from '../domain/actor.ts';
import type { EventDraft } from '../domain/event.ts';
import { toldIn, toldNoticeId } from '../domain/told.ts';
import { decideOn, type RequestsContext } from './decide-on.ts';
import { type Telling, tellingsOf } from './telling.ts';

/** unknown: nobody can tell whether it arrived; the same notice is sent again by whoever comes next. */
export type ToldOutcome = 'accepted' | 'refused' | 'unknown';

/** Sends one notice under this id; never throws. Of somebody who cannot be reached at all it says refused. */
export type Tell = (telling: Telling, noticeId: string) => Promise<ToldOutcome>;

/**
 * Tells everybody who is still to be told of a request, an exception or a challenge, by its subject: approvers while it
 * waits, everybody concerned once it ended. Each notice is sent under an id of its own and then recorded, so that each is
 * told once, and a crash between the two sends the same notice again. For the reconciler, after it has settled the chain
 * and for chains that ended lately; `rules` are those of what the chain is about. Returns how many were told now.
 */
export async function tellOf(
  context: RequestsContext,
  { subject, actor, tell }: { readonly subject: string; readonly actor: Actor; readonly tell: Tell },
): Promise<number> {
  const events = await context.ledger.chain(subject);
  const done = toldIn(events);
  let told = 0;
  for (const telling of tellingsOf(subject, events, context.rules, context.clock.now())) {
    const noticeId = toldNoticeId(subject, telling.about, telling.recipient);
    if (done.has(noticeId)) continue;
    const outcome = await tell(telling, noticeId);
    if (outcome === 'unknown') continue;
    await recordTold(context, subject, { telling, noticeId, outcome, actor });
    told += 1;
  }
  return told;
}

function recordTold(
  context: RequestsContext,
  subject: string,
  sent: {
    readonly telling: Telling;
    readonly noticeId: string;
    readonly outcome: 'accepted' | 'refused';
    readonly actor: Actor;
  },
): Promise<void> {
  const { telling, noticeId, outcome, actor } = sent;
  const { kind, about, recipient } = telling;
  return decideOn<void>(context, subject, (events, now) => {
    if (toldIn(events).has(noticeId)) return { answer: undefined };
    const fields = { at: now, actor, policyHash: context.rules.policyHash };
    const record: EventDraft = {
      ...fields,
      type: `${kind}.told`,
      data: { noticeId, recipient, about, outcome },
    };
    return { record };
  });
}
