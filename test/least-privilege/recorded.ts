import type { Deployment } from '../functions/deployment.ts';
import { STORIES } from '../functions/every-story.ts';
import { HubWorld } from '../functions/hub-world.ts';
import type { SentCall } from '../functions/loopback-cloud.ts';
import { type Use, usesOf } from './check.ts';

/** Everything that functions needed in every story, in hubs of this deployment. */
export async function recordedUses(deployment: Deployment): Promise<Use[]> {
  const uses: Use[] = [];
  for (const { policy, tell } of STORIES) {
    await using world = await HubWorld.open({ deployment, ...(policy === undefined ? {} : { policy }) });
    await tell(world);
    rememberNewKeys(world);
    uses.push(...usesOf(callsOf(world), world.arns));
  }
  return uses;
}

/** Whose the keys are that were made on the way. */
function rememberNewKeys({ arns, services }: HubWorld): void {
  for (const { operation, accountId, target } of services.aws.changes.all) {
    const [userName = '', keyId = ''] = target.split('/');
    if (operation === 'CreateAccessKey') arns.remember('', keyId, arns.userArn(accountId, userName));
  }
}

function callsOf(world: HubWorld): readonly SentCall[] {
  return world.services.cloud.calls;
}
