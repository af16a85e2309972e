import { type Grant, type GrantState, mayHaveSessions } from '../domain/grant.ts';
import type { Errand } from '../domain/grant-events.ts';
import { subjects } from '../domain/subject.ts';
import { MINUTE_MS, plus } from '../domain/time.ts';
import { attempt } from './attempt.ts';
import type { BreakGlassContext } from './context.ts';
import { expireGrant, sawItChanged } from './end-grant.ts';
import { recentGrants } from './recent-grants.ts';
import { recordOn, type Stood } from './record.ts';
import type { Keep } from './tag-denial.ts';
import { noteUse } from './uses.ts';

/** What a round of the reconciler found and did; grants by id. */
export interface Reconciled {
  readonly looked: number;
  readonly ended: readonly string[];
  /** Whose end is not verified yet: tried again in the next round. */
  readonly ending: readonly string[];
  /** What could not be looked at, or done, in this round. */
  readonly failed: ReadonlyMap<string, string>;
  /** Accounts whose policy of ended grants was not as the janitor writes it: somebody changed it. */
  readonly drifted: readonly string[];
}

/**
 * Brings lists up to date, ends what should have ended, does what failed at an activation, and sees to it that what has ended stays denied while a
 * session of it could exist, since two writers of the policy may undo each other. One grant that fails stops no other;
 * repeated, it converges.
 */
export async function reconcileGrants(
  context: BreakGlassContext,
  grantIds?: readonly string[],
): Promise<Reconciled> {
  const failed = new Map<string, string>();
  const ids = grantIds ?? (await recentGrants(context, failed));
  const stood = new Map<string, Stood>();
  for (const id of ids) {
    await attempt(failed, id, async () => {
      const found = await recordOn(context, id, () => undefined);
      if (found !== undefined) stood.set(id, found);
    });
  }
  const before = [...stood.values()];
  const ended: string[] = [];
  const ending: string[] = [];
  for (const { grant, state, events } of before) {
    await attempt(failed, grant.grantId, async () => {
      await context.follow(subjects.grant(grant.grantId), events);
      if (grant.reviewsNeeded > 0) await noteUse(context, { ...grant, actor: grant.requestedBy });
      await runErrands(context, grant, state);
      if (state === 'ended' || (state === 'lapsed' && grant.lapsedAt !== undefined)) return;
      const { outcome } = await expireGrant(context, grant.grantId, keeping(context));
      if (outcome === 'ended') ended.push(grant.grantId);
      if (outcome === 'ending') ending.push(grant.grantId);
    });
  }
  const mended = before.filter((each) => mendedLately(context, each)).map(({ grant }) => grant.accountId);
  const drifted = [...new Set([...mended, ...(await holdDown(context, before, failed))])];
  return { looked: before.length, ended, ending, failed, drifted };
}

/** Grants of an account that are over and of which a session could exist. */
function keptIn(context: BreakGlassContext, all: readonly Stood[], accountId: string): readonly string[] {
  return all
    .filter((stood) => stood.grant.accountId === accountId && isHeldDown(context, stood))
    .map(({ grant }) => grant.grantId);
}

/**
 * Of what is denied, what has to stay so, by the chains as they are now and not as the round found them: a grant that was
 * given back since, or began since, is none that may be forgotten.
 */
function keeping(context: BreakGlassContext): Keep {
  return async (denied) => {
    const kept = await Promise.all(
      denied.map(async (id) => {
        const stood = await recordOn(context, id, () => undefined);
        return stood !== undefined && isHeldDown(context, stood);
      }),
    );
    return denied.filter((_id, index) => kept[index]);
  };
}

/** It is over, and a session of it could exist. */
function isHeldDown({ clock }: BreakGlassContext, { grant, state }: Stood): boolean {
  return (state === 'ending' || state === 'ended') && mayHaveSessions(grant, clock.now());
}

/** More than the time between two rounds, so that what an end mended on its way is told by the next of them, or by two. */
const LATELY_MS = 10 * MINUTE_MS;

function mendedLately({ clock }: BreakGlassContext, { events }: Stood): boolean {
  return events.some((event) => sawItChanged(event) && plus(event.at, LATELY_MS) > clock.now());
}

/** Denies, per account, all that is over at once: what another writer left out is denied again. */
async function holdDown(
  context: BreakGlassContext,
  all: readonly Stood[],
  failed: Map<string, string>,
): Promise<ReadonlySet<string>> {
  const drifted = new Set<string>();
  for (const accountId of new Set(all.map(({ grant }) => grant.accountId))) {
    const kept = keptIn(context, all, accountId);
    if (kept.length === 0) continue;
    await attempt(failed, accountId, async () => {
      const denied = await context.deniedGrants(accountId);
      await denied.deny(kept, { changed: () => drifted.add(accountId) });
    });
  }
  return drifted;
}

/** An end that is over needs no schedule any more. */
async function runErrands(context: BreakGlassContext, grant: Grant, state: GrantState): Promise<void> {
  const due = grant.errands.filter((errand) => errand === 'announcement' || state === 'active');
  for (const errand of due) {
    if (!(await isDone(context, grant, errand))) continue;
    await recordOn(context, grant.grantId, ({ now, grant: { errands } }) =>
      errands.includes(errand)
        ? { at: now, actor: context.broker, type: 'grant.errand-done', data: { errand } }
        : undefined,
    );
  }
}

/** Failing again is no event: it is tried in the next round. */
async function isDone(context: BreakGlassContext, grant: Grant, errand: Errand): Promise<boolean> {
  try {
    if (errand === 'announcement') await context.announcement.announce(grant);
    else await context.endSchedule.place(grant);
    return true;
  } catch {
    return false;
  }
}
