import type { Actor } from '../domain/actor.ts';
import { afterUse, type Grant, type GrantState, reviewProblem } from '../domain/grant.ts';
import type { GrantToldAbout } from '../domain/grant-events.ts';
import { subjects } from '../domain/subject.ts';
import { type Instant, plus } from '../domain/time.ts';
import { toldIn, toldNoticeId } from '../domain/told.ts';
import type { AfterUseContext, GrantTelling } from './after-use-context.ts';
import { LAST_LOOK_MS } from './collect-evidence.ts';
import { readEvidence } from './read-evidence.ts';
import { recordOn, type Stood } from './record.ts';

/**
 * Tells everybody who is still to be told of a grant, each once: the notice goes out under an id of its own and is recorded
 * then, so that a crash between the two sends the same notice again. Returns how many were told now.
 */
export async function tellOfGrant(context: AfterUseContext, stood: Stood): Promise<number> {
  const { grant, state, events, now } = stood;
  const subject = subjects.grant(grant.grantId);
  const done = toldIn(events);
  const due = [...tellingsOf(grant, state, now, context.concerned(grant.accountId)), ...grown(stood)]
    .map((each) => ({ ...each, noticeId: toldNoticeId(subject, each.about, each.recipient) }))
    .filter(({ noticeId }) => !done.has(noticeId));
  if (due.length === 0) return 0;
  const summary = await summaryFor(context, grant, due);
  let told = 0;
  for (const { about, recipient, noticeId } of due) {
    const telling: GrantTelling = { about, recipient, grant, summary: isOfEvidence(about) ? summary : [] };
    const outcome = await context.tell(telling, noticeId);
    if (outcome === 'unknown') continue;
    await recordOn(context, grant.grantId, (found) =>
      toldIn(found.events).has(noticeId)
        ? undefined
        : {
            at: found.now,
            actor: context.broker,
            type: 'grant.told',
            data: { noticeId, recipient, about, outcome },
          },
    );
    told += 1;
  }
  return told;
}

async function summaryFor(
  context: AfterUseContext,
  grant: Grant,
  due: readonly { readonly about: GrantToldAbout }[],
): Promise<readonly string[]> {
  if (!due.some(({ about }) => isOfEvidence(about))) return [];
  const read = await readEvidence(context.evidence, grant);
  return read.state === 'attached' ? read.summary : [];
}

function isOfEvidence(about: GrantToldAbout): boolean {
  return about === 'review' || about === 'more';
}

/** Those who were shown less than there is, once no further look will be made. */
function grown({ grant, events, now }: Stood): readonly Due[] {
  const { evidence, endedAt } = grant;
  if (evidence === undefined || endedAt === undefined) return [];
  if (!evidence.complete && now < plus(endedAt, LAST_LOOK_MS)) return [];
  const shown = new Map<string, number>();
  let attached = 0;
  for (const event of events) {
    if (event.type === 'grant.evidence-attached') attached = event.data.events;
    if (event.type === 'grant.told' && event.data.about === 'review')
      shown.set(event.data.recipient, attached);
  }
  return to(
    'more',
    [...shown].flatMap(([recipient, calls]) => (calls < evidence.events ? [recipient] : [])),
  );
}

interface Due {
  readonly about: GrantToldAbout;
  readonly recipient: string;
}

/** Whom a grant has something to be told of at an instant, told already or not. That it began is told by the broker. */
function tellingsOf(
  grant: Grant,
  state: GrantState,
  now: Instant,
  concerned: readonly string[],
): readonly Due[] {
  const stage = afterUse(grant, now);
  const taker = grant.requestedBy.person === undefined ? [] : [grant.requestedBy.person];
  const watching = watchersOf(grant, concerned);
  return [
    ...(state === 'ending' && grant.failure !== undefined ? to('end-failed', watching) : []),
    ...(state === 'ended' && grant.activatedAt !== undefined ? to('ended', [...taker, ...watching]) : []),
    ...(stage === 'review-due' ? to('review', mayReview(grant)) : []),
    ...(stage === 'review-overdue'
      ? to('overdue', [...mayReview(grant), ...grant.approvers, ...concerned])
      : []),
  ];
}

/** Everybody who is told when it begins: who could say no, and who answers for what it touches. */
export function watchersOf(grant: Grant, concerned: readonly string[]): readonly string[] {
  return [...new Set([...grant.reviewers, ...grant.approvers, ...concerned])];
}

function mayReview(grant: Grant): readonly string[] {
  return grant.reviewers.filter((id) => reviewProblem(grant, personNamed(id)) === undefined);
}

function personNamed(id: string): Actor {
  return { kind: 'person', arn: '', person: id };
}

function to(about: GrantToldAbout, recipients: readonly string[]): readonly Due[] {
  return [...new Set(recipients)].map((recipient) => ({ about, recipient }));
}
