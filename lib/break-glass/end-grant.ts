import { type Actor, sameActor } from '../domain/actor.ts';
import { reasonGone } from '../domain/break-glass-reason.ts';
import { JanitorError } from '../domain/error.ts';
import type { EventDraft, LedgerEvent } from '../domain/event.ts';
import { type Grant, grantState, ISSUE_WITHIN_MS, mayHaveSessions } from '../domain/grant.ts';
import type { EndCause } from '../domain/grant-events.ts';
import { plus } from '../domain/time.ts';
import type { BreakGlassContext } from './context.ts';
import { recentGrants } from './recent-grants.ts';
import { recordOn, type Stood } from './record.ts';
import type { Keep } from './tag-denial.ts';

/** ended: and seen to be. ending: no session is issued any more, and what there is will be ended by the reconciler. */
export type Ended =
  | { readonly outcome: 'ended' | 'ending' | 'lapsed' | 'open'; readonly grant: Grant }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'not-allowed'; readonly grant: Grant };

interface Ending {
  readonly grantId: string;
  readonly actor: Actor;
  readonly reason?: string;
}

/** Given back by the one who took it. */
export function returnGrant(context: BreakGlassContext, ending: Ending): Promise<Ended> {
  return end(context, ending, 'returned', ({ requestedBy }) => sameActor(requestedBy, ending.actor));
}

/** Taking access away is the safe direction: whoever may approve, review or go ahead in an emergency may. */
export function revokeGrant(context: BreakGlassContext, ending: Ending): Promise<Ended> {
  return end(context, ending, 'revoked', (grant) => mayRevoke(context, grant, ending.actor));
}

/**
 * Revokes every grant of a role that is not over; each by itself, so that one failure stops no other. Throws the first of
 * them once all were tried: the same call again tries what is left.
 */
export async function revokeRole(
  context: BreakGlassContext,
  {
    role,
    accountId,
    actor,
    reason,
  }: Omit<Ending, 'grantId'> & { readonly role: string; readonly accountId?: string },
): Promise<ReadonlyMap<string, Ended>> {
  const found = new Map<string, Ended>();
  const troubles: unknown[] = [];
  for (const grantId of await recentGrants(context)) {
    const ending = { grantId, actor, ...(reason === undefined ? {} : { reason }) };
    try {
      const stood = await recordOn(context, grantId, () => undefined);
      if (stood === undefined || !isOfRole(stood, role, accountId)) continue;
      found.set(grantId, await revokeGrant(context, ending));
    } catch (error) {
      troubles.push(error);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return found;
}

function isOfRole({ grant, state }: Stood, role: string, accountId: string | undefined): boolean {
  if (state === 'ended' || state === 'lapsed') return false;
  return grant.role === role && (accountId ?? grant.accountId) === grant.accountId;
}

/**
 * What the one-time schedule and the reconciler call: ends what is over by its clock, was never activated, or has lost its
 * reason by the policy in force (G13), else nothing.
 */
export function expireGrant(context: BreakGlassContext, grantId: string, keep?: Keep): Promise<Ended> {
  const late = overdueEnd(context);
  return finish(context, grantId, (stood) => late(stood) ?? reasonlessEnd(context, stood), keep);
}

/** Ends a grant whose reason is gone, before anybody gets a session under it; undefined: the reason stands. */
export async function endWithoutReason(
  context: BreakGlassContext,
  stood: Pick<Stood, 'grant' | 'state'>,
): Promise<Grant | undefined> {
  const { grant } = stood;
  if (!isOpen(stood) || reasonGone(context.rules, grant) === undefined) return undefined;
  const ended = await expireGrant(context, grant.grantId);
  return 'grant' in ended ? ended.grant : grant;
}

async function end(
  context: BreakGlassContext,
  { grantId, actor, reason }: Ending,
  cause: EndCause,
  allowed: (grant: Grant) => boolean,
): Promise<Ended> {
  const before = await recordOn(context, grantId, () => undefined);
  if (before === undefined) return { outcome: 'not-found' };
  if (!allowed(before.grant)) return { outcome: 'not-allowed', grant: before.grant };
  const said = reason === undefined ? {} : { reason };
  return finish(context, grantId, (stood) => {
    const late = overdueEnd(context)(stood);
    if (late !== undefined) return late;
    return isOpen(stood)
      ? { at: stood.now, actor, ...said, type: 'grant.ending', data: { cause } }
      : undefined;
  });
}

function isOpen({ state }: Pick<Stood, 'state'>): boolean {
  return state === 'requested' || state === 'activating' || state === 'active';
}

function reasonlessEnd({ rules, broker: actor }: BreakGlassContext, stood: Stood): EventDraft | undefined {
  const reason = isOpen(stood) ? reasonGone(rules, stood.grant) : undefined;
  if (reason === undefined) return undefined;
  const { policyHash } = rules;
  return {
    at: stood.now,
    actor,
    policyHash,
    reason,
    type: 'grant.ending',
    data: { cause: 'reason-changed' },
  };
}

/** The event that makes durable what the clock has already decided. */
function overdueEnd({ broker: actor }: BreakGlassContext): (stood: Stood) => EventDraft | undefined {
  return ({ grant, state, now: at }): EventDraft | undefined => {
    if (state === 'lapsed' && grant.lapsedAt === undefined)
      return { at, actor, type: 'grant.lapsed', data: {} };
    if (state === 'ending' && grant.ending === undefined)
      return { at, actor, type: 'grant.ending', data: { cause: 'expired' } };
    const given = plus(grant.intendedAt ?? at, 2 * ISSUE_WITHIN_MS);
    return state === 'activating' && at >= given
      ? { at, actor, type: 'grant.ending', data: { cause: 'never-active' } }
      : undefined;
  };
}

async function finish(
  context: BreakGlassContext,
  grantId: string,
  draftOf: (stood: Stood) => EventDraft | undefined,
  keep?: Keep,
): Promise<Ended> {
  const stood = await recordOn(context, grantId, draftOf);
  if (stood === undefined) return { outcome: 'not-found' };
  const { grant, state } = stood;
  if (state === 'ending') return carryOut(context, stood, keep);
  return { outcome: state === 'ended' || state === 'lapsed' ? state : 'open', grant };
}

/** Denies the grant's tag, or finds that every session of it has expired, and records which. Failing is recorded, too. */
async function carryOut(context: BreakGlassContext, stood: Stood, keep?: Keep): Promise<Ended> {
  const { grant } = stood;
  const proof = await proofOf(context, grant, keep);
  const draft: EventDraft = { at: stood.now, actor: context.broker, ...proof };
  const after = await recordOn(
    context,
    grant.grantId,
    ({ grant: { endedAt, failure }, events, now }) => {
      if (endedAt !== undefined) return undefined;
      const known =
        draft.type === 'grant.end-failed' &&
        draft.data.code === failure &&
        (draft.data.mended === undefined || events.some(sawItChanged));
      return known ? undefined : { ...draft, at: now };
    },
    stood.events,
  );
  const now = after?.now ?? stood.now;
  const ended = after !== undefined && grantState(after.grant, now) === 'ended';
  return { outcome: ended ? 'ended' : 'ending', grant: after?.grant ?? grant };
}

/** Whether an end, or the attempt at one, found that somebody had changed the policy of ended grants. */
export function sawItChanged(event: LedgerEvent): boolean {
  return (event.type === 'grant.ended' || event.type === 'grant.end-failed') && event.data.mended === true;
}

type Proof =
  | Pick<Extract<EventDraft, { type: 'grant.ended' }>, 'type' | 'data'>
  | Pick<Extract<EventDraft, { type: 'grant.end-failed' }>, 'type' | 'data' | 'reason'>;

async function proofOf(context: BreakGlassContext, grant: Grant, keep?: Keep): Promise<Proof> {
  if (!mayHaveSessions(grant, context.clock.now())) {
    return { type: 'grant.ended', data: { proof: 'sessions-expired' } };
  }
  let mended: { mended?: true } = {};
  const changed = () => {
    mended = { mended: true };
  };
  try {
    const denied = await context.deniedGrants(grant.accountId);
    const policyVersion = await denied.deny([grant.grantId], { keep, changed });
    return { type: 'grant.ended', data: { proof: 'tag-denied', policyVersion, ...mended } };
  } catch (error) {
    if (!(error instanceof JanitorError)) throw error;
    return { type: 'grant.end-failed', reason: error.message, data: { code: error.code, ...mended } };
  }
}

function mayRevoke({ rules }: BreakGlassContext, grant: Grant, actor: Actor): boolean {
  if (sameActor(grant.requestedBy, actor)) return true;
  if (actor.kind !== 'person' || actor.person === undefined) return false;
  return [...grant.approvers, ...grant.reviewers, ...rules.emergency].includes(actor.person);
}
