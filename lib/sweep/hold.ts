import { canonical } from '../domain/canonical.ts';
import type { OpenIntent } from '../domain/history.ts';
import { type Hold, type HoldRef, holdsAt, sameRef } from '../domain/hold.ts';
import { recordDeciding } from './append.ts';
import type { ChainContext } from './context.ts';
import { plainFields } from './draft.ts';

/** What placing and lifting holds needs: no account, no clients. */
export interface HoldContext extends Pick<ChainContext, 'record' | 'clock' | 'actor'> {
  readonly policy: Pick<ChainContext['policy'], 'hash'>;
}

export type HoldToPlace = Omit<Hold, 'holdId'>;

export interface PlacedHold {
  readonly holdId: string;
  /** An act that was intended before the hold stood, and that it may come too late for (I21). */
  readonly openIntent?: OpenIntent;
}

/**
 * Puts a hold on a credential. It is on the chain before this returns; when an act was already intended by then, the
 * caller is told of it (I21). What is placed for something of its own (`ref`) is placed once: the same hold again is the
 * one that stands, and the caller is told of an act as it stands now.
 */
export async function placeHold(
  context: HoldContext,
  credentialId: string,
  { kind, reason, until, ...scope }: HoldToPlace,
): Promise<PlacedHold> {
  let holdId = '';
  const before = await context.record.read(credentialId);
  const { history } = await recordDeciding(context.record, credentialId, before, (current) => {
    const standing = current.holds.find(
      (hold) => sameRef(hold.ref, scope.ref) && hold.until === until && sameScope(hold, scope),
    );
    holdId = standing?.holdId ?? `hold/${current.seq + 1}`;
    if (standing !== undefined) return undefined;
    return {
      ...plainFields(context),
      type: 'hold.placed',
      reason,
      expiresAt: until,
      data: { holdId, kind, ...scope },
    };
  });
  return { holdId, ...(history.openIntent === undefined ? {} : { openIntent: history.openIntent }) };
}

/**
 * Lifts whatever stands on a credential for that reference, so that it counts at the next look of a guard. Returns the
 * ids that were lifted: none when nothing stood any more.
 */
export async function liftHolds(
  context: HoldContext,
  credentialId: string,
  { ref, reason }: { readonly ref: HoldRef; readonly reason: string },
): Promise<readonly string[]> {
  const lifted: string[] = [];
  for (let history = await context.record.read(credentialId); ; ) {
    let holdId: string | undefined;
    const recorded = await recordDeciding(context.record, credentialId, history, (current) => {
      holdId = holdsAt(current, context.clock.now()).find((hold) => sameRef(hold.ref, ref))?.holdId;
      if (holdId === undefined) return undefined;
      return { ...plainFields(context), type: 'hold.lifted', reason, data: { holdId } };
    });
    if (holdId === undefined) return lifted;
    lifted.push(holdId);
    history = recorded.history;
  }
}

function sameScope(a: Pick<Hold, 'rules' | 'steps'>, b: Pick<Hold, 'rules' | 'steps'>): boolean {
  return canonical([a.rules ?? null, a.steps ?? null]) === canonical([b.rules ?? null, b.steps ?? null]);
}
