import { foldHalts, type Halt } from '../domain/account-chains.ts';
import { actorLabel, sameActor } from '../domain/actor.ts';
import { JanitorError } from '../domain/error.ts';
import { subjects } from '../domain/subject.ts';
import { appendDeciding } from './append.ts';
import type { RecordingContext } from './context.ts';
import { plainFields } from './draft.ts';

/** What a halt can stop: everything, one account, one rule. */
export type HaltTarget = 'all' | `account:${string}` | `rule:${string}`;

/** Stops acting at the next guard check, for whoever asks (G20). Halting twice keeps the first halt. */
export async function placeHalt(
  context: RecordingContext,
  { target, reason }: { readonly target: HaltTarget; readonly reason: string },
): Promise<Halt> {
  let standing: Halt | undefined;
  const event = await appendDeciding(context.ledger, subjects.halts, (events) => {
    standing = foldHalts(events).find((halt) => halt.target === target);
    if (standing !== undefined) return undefined;
    return {
      ...plainFields(context),
      type: 'halt.placed',
      reason,
      data: { haltId: `halt/${events.length + 1}`, target },
    };
  });
  if (standing !== undefined) return standing;
  const placed = event === undefined ? undefined : foldHalts([event])[0];
  if (placed === undefined) throw noHalt(target);
  return placed;
}

/**
 * Lets acting go on again.
 * @throws JanitorError `no-such-halt`; with source `policy`: `same-person-may-not-resume`, `unresolved-may-not-resume`.
 */
export async function liftHalt(
  context: RecordingContext,
  { target, reason }: { readonly target: HaltTarget; readonly reason: string },
): Promise<Halt> {
  let lifted: Halt | undefined;
  await appendDeciding(context.ledger, subjects.halts, (events) => {
    lifted = foldHalts(events).find((halt) => halt.target === target);
    if (lifted === undefined) throw noHalt(target);
    refuseResuming(context, lifted);
    return { ...plainFields(context), type: 'halt.lifted', reason, data: { haltId: lifted.haltId } };
  });
  if (lifted === undefined) throw noHalt(target);
  return lifted;
}

function refuseResuming({ actor }: RecordingContext, halt: Halt): void {
  if (actor.kind !== 'person') {
    throw new JanitorError(`${actorLabel(actor)} is not a person of the directory and may not resume`, {
      code: 'unresolved-may-not-resume',
      source: 'policy',
      hint: 'Resuming takes a person: map your principal to a person in directory.yaml.',
    });
  }
  if (!sameActor(actor, halt.by)) return;
  throw new JanitorError(`${actorLabel(actor)} placed this halt and may not lift it`, {
    code: 'same-person-may-not-resume',
    source: 'policy',
    hint: 'Resuming takes another person.',
  });
}

function noHalt(target: string): JanitorError {
  return new JanitorError(`nothing is halted for ${target}`, {
    code: 'no-such-halt',
    source: 'user',
    hint: 'janitor halt --list shows what is halted.',
  });
}
