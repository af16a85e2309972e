import fc from 'fast-check';
import { verifyLedger } from '../../../lib/ledger/index.ts';
import { check, InvariantBroken } from '../check.ts';
import { actorOf } from '../people.ts';
import { World } from '../world.ts';
import { type NightHistory, nightsUpTo } from './night-generate.ts';
import { performNight } from './perform-night.ts';
import { nightsOver } from './recovery.ts';

/** Lives one history of break-glass only, in a world without credentials; every invariant is checked after every step. */
export async function liveNight({ options, commands }: NightHistory): Promise<World> {
  const world = await World.create({ ...options, scenery: () => [] });
  for (const [index, command] of commands.entries()) {
    await performNight(world, command);
    check(world, `step ${index + 1}: ${JSON.stringify(command)}`);
  }
  const left = [...(await nightsOver(world)), ...(await ledgerViolations(world))];
  check(world, 'the end');
  if (left.length > 0) throw new InvariantBroken(left, 'the end');
  return world;
}

/** I10: chains verify, and what is listed is what they say. */
async function ledgerViolations(world: World): Promise<string[]> {
  const verified = await verifyLedger(world.process('desk').recording(world.atHand, actorOf('robot')));
  return [...verified.problems, ...verified.repairable].map(
    ({ code, message }) => `I10: ${code}: ${message}`,
  );
}

/** Lives so many histories of a seed; the smallest one that breaks an invariant is reported with its seed. */
export async function liveNights(
  seed: number,
  numRuns: number,
  onWorld: (world: World) => void = () => {},
  longest = 9,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(nightsUpTo(longest), async (drawn) => onWorld(await liveNight(drawn))),
    { seed, numRuns, endOnFailure: false },
  );
}
