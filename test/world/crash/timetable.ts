import type { Command } from '../command.ts';
import { perform } from '../perform.ts';
import type { World } from '../world.ts';

/** One thing the janitor or a person at its desk does, some hours after the one before. */
export interface Entry {
  readonly name: string;
  readonly hours: number;
  /** Of the process that does it; entries of one role share a process until it dies. */
  readonly role: string;
  /** A sweep or a run ends here: whoever stands where an undisturbed life stands has converged. */
  readonly endsRun?: boolean;
  /** By the process that is running, or after a crash by a new one. */
  readonly carryOut: (world: World) => Promise<void>;
}

/** A life to live without a crash and then with one anywhere. */
export interface Timetable {
  readonly entries: readonly Entry[];
  /** Time until somebody repeats what died, in milliseconds; 0 where that waits by itself. */
  readonly afterCrashMs: number;
  /** Chains that grow with every attempt: their own invariants judge them. */
  readonly perAttempt: RegExp;
  /** After the end: a sweep that has nothing to do, which may write on these chains. */
  readonly again: { readonly carryOut: (world: World) => Promise<void>; readonly mayWrite: RegExp };
}

/** An entry made of the world's commands. */
export function entryOf(
  place: Omit<Entry, 'carryOut'>,
  commands: (world: World) => readonly Command[],
): Entry {
  return {
    ...place,
    carryOut: async (world) => {
      for (const command of commands(world)) await perform(world, command);
    },
  };
}
