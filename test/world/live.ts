import fc from 'fast-check';
import type { NightCommand } from './break-glass/night-commands.ts';
import { nightsBetween } from './break-glass/night-generate.ts';
import { performNight } from './break-glass/perform-night.ts';
import { nightsOver } from './break-glass/recovery.ts';
import { check, InvariantBroken } from './check.ts';
import type { Command } from './command.ts';
import type { History } from './generate.ts';
import { historyUpTo } from './generate.ts';
import { perform } from './perform.ts';
import { recover, settledViolations } from './quiescence.ts';
import { World } from './world.ts';

/** The deployer activates the first version, as people do before anything else. */
const FIRST: Command = { kind: 'activate', by: 'alice' };

/** Sweeps are days apart, rounds of the reconciler are not. */
const MORNING: NightCommand = { kind: 'pass', minutes: 70, firing: 'on-time', rounds: true };

/** Lives one history, checking every invariant after every step; returns the world for whoever wants to look. */
export async function live(
  { options, commands, audited }: History,
  nights: readonly NightCommand[] = [],
): Promise<World> {
  const world = await World.create(options);
  await perform(world, FIRST);
  for (const [index, command] of commands.entries()) {
    await perform(world, command);
    check(world, `step ${index + 1}: ${JSON.stringify(command)}`);
    const night = nights[index];
    if (night === undefined) continue;
    await performNight(world, night);
    await performNight(world, MORNING);
    check(world, `step ${index + 1} and in the night after it: ${JSON.stringify(night)}`);
  }
  const unfinished = [...(nights.length === 0 ? [] : await nightsOver(world)), ...(await recover(world))];
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
    fc.asyncProperty(historyUpTo(longest), nightsBetween, async (drawn, nights) =>
      onWorld(await live(drawn, nights)),
    ),
    { seed, numRuns, endOnFailure: false },
  );
}
