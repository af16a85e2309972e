import type { Deployment } from '../functions/deployment.ts';
import { HubWorld } from '../functions/hub-world.ts';
import type { SentCall } from '../functions/loopback-cloud.ts';
import { STORIES } from '../functions/stories.ts';
import { type Use, usesOf } from './check.ts';

/** Everything that functions needed in every story, in hubs of this deployment. */
export async function recordedUses(deployment: Deployment): Promise<Use[]> {
  const uses: Use[] = [];
  for (const { policy, tell } of STORIES) {
    await using world = await HubWorld.open({ deployment, ...(policy === undefined ? {} : { policy }) });
    await tell(world);
    uses.push(...usesOf(callsOf(world), world.arns));
  }
  return uses;
}

function callsOf(world: HubWorld): readonly SentCall[] {
  return world.services.cloud.calls;
}
