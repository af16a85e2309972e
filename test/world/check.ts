import { ALWAYS } from './invariants/index.ts';
import type { World } from './world.ts';

/** An invariant that does not hold, with what happened last. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken';

  constructor(violations: readonly string[], after: string) {
    super(`${violations.join('\n')}\nafter ${after}`);
  }
}

/** Judges what is new since the last check by every invariant. */
export function check(world: World, after: string): void {
  const chronicle = world.chronicle();
  const violations = ALWAYS.flatMap((invariant) => invariant(chronicle));
  world.checkedTo = world.tick;
  if (violations.length > 0) throw new InvariantBroken(violations, after);
}
