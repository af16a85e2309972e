import { HOUR_MS } from '../../../lib/domain/time.ts';
import type { World } from '../world.ts';
import { callBroker } from './calls.ts';
import { owed } from './invariants/i17-reviews.ts';
import { tryAll } from './perform-night.ts';

/** Longer than any grant and the sessions of its last minute. */
const QUIET_MS = 2 * HOUR_MS;

/**
 * No more faults, clocks are right, nobody does anything: after two rounds of the reconciler every grant is over by its
 * record, nothing can be done under any, and nothing is forgotten (I13, I17).
 */
export async function nightsOver(world: World): Promise<string[]> {
  const { nights, network, aws } = world;
  aws.faults.clear();
  network.settle();
  nights.skewMs = 0;
  nights.schedules.clear();
  await network.advance(QUIET_MS);
  await callBroker(world, { kind: 'reconcile' });
  await network.advance(world.options.consistencyDelayMs ?? 0);
  await callBroker(world, { kind: 'reconcile' });
  await callBroker(world, { kind: 'reconcile' });
  await tryAll(world);
  const chronicle = world.chronicle();
  const usable = nights.tried.filter(({ tick, outcome }) => tick > world.checkedTo && outcome === 'answered');
  return [
    ...nights.rounds
      .slice(-3)
      .flatMap(({ failures }) => failures.map((what) => `a quiet round failed: ${what}`)),
    ...usable.map(({ session }) => `I13: a session of ${session.grantId} still works`),
    ...owed(chronicle),
  ];
}
