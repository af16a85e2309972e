import { canonical } from '../domain/canonical.ts';
import type { EventDraft } from '../domain/event.ts';
import type { CredentialHistory, OpenIntent } from '../domain/history.ts';
import { type Hold, type HoldRef, holdsAt, sameRef } from '../domain/hold.ts';
import type { StepKind } from '../domain/step.ts';
import { recordDeciding } from './append.ts';
import type { ChainContext } from './context.ts';
import { plainFields } from './draft.ts';

/** What placing and lifting holds needs: no account, no clients. */
export interface HoldContext extends Pick<ChainContext, 'record' | 'clock' | 'actor'> {
  readonly policy: Pick<ChainContext['policy'], 'hash'>;
}

export interface HoldToPlace extends Readonly<Pick<Hold, 'kind' | 'reason' | 'until'>> {
  /** Absent: all. */
  readonly rules?: readonly string[] | undefined;
  /** Absent: everything but tagging. */
  readonly steps?: readonly StepKind[] | undefined;
  readonly ref?: HoldRef;
}

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
  hold: HoldToPlace,
): Promise<PlacedHold> {
  let holdId = '';
  const before = await context.record.read(credentialId);
  const { history } = await recordDeciding(context.record, credentialId, before, (current) => {
    const standing = standingOf(current, hold);
    holdId = standing?.holdId ?? nextId(current);
    return standing === undefined ? placing(context, hold, holdId) : undefined;
  });
  return placed(holdId, history);
}

/** The same, as long as the chain still says that it is wanted; undefined when it does not. */
export async function placeHoldWhile(
  context: HoldContext,
  credentialId: string,
  hold: HoldToPlace,
  isWanted: (history: CredentialHistory) => boolean,
): Promise<PlacedHold | undefined> {
  let holdId: string | undefined;
  const before = await context.record.read(credentialId);
  const { history } = await recordDeciding(context.record, credentialId, before, (current) => {
    const standing = standingOf(current, hold);
    holdId = standing?.holdId;
    if (standing !== undefined || !isWanted(current)) return undefined;
    holdId = nextId(current);
    return placing(context, hold, holdId);
  });
  return holdId === undefined ? undefined : placed(holdId, history);
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

function standingOf({ holds }: CredentialHistory, hold: HoldToPlace): Hold | undefined {
  return holds.find(
    (each) => sameRef(each.ref, hold.ref) && each.until === hold.until && sameScope(each, hold),
  );
}

function nextId({ seq }: CredentialHistory): string {
  return `hold/${seq + 1}`;
}

function placing(
  context: HoldContext,
  { kind, reason, until, rules, steps, ref }: HoldToPlace,
  holdId: string,
): EventDraft {
  const data = {
    holdId,
    kind,
    ...(rules === undefined ? {} : { rules: [...rules] }),
    ...(steps === undefined ? {} : { steps: [...steps] }),
    ...(ref === undefined ? {} : { ref }),
  };
  return { ...plainFields(context), type: 'hold.placed', reason, expiresAt: until, data };
}

function placed(holdId: string, { openIntent }: CredentialHistory): PlacedHold {
  return { holdId, ...(openIntent === undefined ? {} : { openIntent }) };
}

function sameScope(
  a: Pick<HoldToPlace, 'rules' | 'steps'>,
  b: Pick<HoldToPlace, 'rules' | 'steps'>,
): boolean {
  return canonical([a.rules ?? null, a.steps ?? null]) === canonical([b.rules ?? null, b.steps ?? null]);
}
