import fc from 'fast-check';
import { check, InvariantBroken } from './check.ts';
import type { Command } from './command.ts';
import type { History } from './generate.ts';
import { historyUpTo } from './generate.ts';
import { perform } from './perform.ts';
import { recover, settledViolations } from './quiescence.ts';
import { World } from './world.ts';

/** The deployer activates the first version, as people do before anything else. */
const FIRST: Command = { kind: 'activate', by: 'alice' };

/** Lives one history, checking every invariant after every step; returns the world for whoever wants to look. */
export async function live({ options, commands, audited }: History): Promise<World> {
  const world = await World.create(options);
  await perform(world, FIRST);
  for (const [index, command] of commands.entries()) {
    await perform(world, command);
    check(world, `step ${index + 1}: ${JSON.stringify(command)}`);
  }
  const unfinished = await recover(world);
  check(world, 'the recovery');
  const violations = [...unfinished, ...(await settledViolations(world, audited))];
  if (violations.length > 0) throw new InvariantBroken(violations, 'the recovery');
  return world;
}

/** Lives so many histories of a seed; the smallest one that breaks an invariant is reported with its seed. */
export async function liveMany(
  seed: number,
  numRuns: number,
  onWorld: (world: World) => void = () => {},
  longest = 14,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(historyUpTo(longest), async (drawn) => onWorld(await live(drawn))),
    { seed, numRuns, endOnFailure: false },
  );
}
