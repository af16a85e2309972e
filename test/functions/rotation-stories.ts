import { MANAGED, MANAGED_TAG } from '../../lib/domain/rotation-store.ts';
import { DAY_MS, MINUTE_MS } from '../../lib/domain/time.ts';
import { type Answer, activate, approveNewestPlan, ask, iamUser } from './asker.ts';
import { deliverApproved } from './carried-out.ts';
import type { HubWorld } from './hub-world.ts';
import { HUB, MEMBER, REGION } from './places.ts';
import { rotateAnyhow, startRotation } from './secret-owner.ts';
import { run } from './workflow.ts';

/**
 * Secrets Manager has the stack's function rotate three keys: of the first one it refuses the new value once, the last
 * one's user has no room for another.
 */
export async function rotatedByFunction(world: HubWorld): Promise<readonly string[]> {
  const here = { account: HUB, rotator: world.rotator };
  const byTag = world.storedKey('builder', here);
  const byName = world.storedKey('packer', { ...here, tagged: false });
  const full = world.storedKey('sorter', here);
  world.secondKey('sorter', HUB);
  world.refuseOnce('secretsmanager', 'PutSecretValue');
  for (const { secret } of [byTag, byName, full]) await startRotation(world, secret);
  const called = await world.callRotators();
  world.advance(15 * MINUTE_MS);
  return [...called, ...(await world.callRotators())];
}

/** The same, with every answer of the ledger lost. */
export async function rotatedWhileStumbling(world: HubWorld): Promise<readonly string[]> {
  const { secret } = world.storedKey('builder', { account: HUB, rotator: world.rotator });
  world.stumble();
  await startRotation(world, secret);
  return world.callRotators();
}

/** What a sweep rotates: a key that it stores itself, a key and a secret that have functions of their own. */
export interface RotatedBySweep {
  readonly walked: string;
  readonly deeds: readonly string[];
}

export async function rotatedBySweep(world: HubWorld): Promise<RotatedBySweep> {
  const rotator = `arn:aws:lambda:${REGION}:${MEMBER}:function:rotate-database`;
  world.services.aws.rotationFunctions.set(rotator, (event) => rotateAnyhow(world, event));
  const { key } = world.storedKey('builder');
  world.storedKey('packer', { tagged: false });
  world.secret('app/db', { usedDays: 1, rotator });
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  world.advance(8 * DAY_MS);
  await run(world, { runId: 'run-2', accounts: [MEMBER] });
  await world.callRotators();
  world.advance(DAY_MS);
  await run(world, { runId: 'run-3', accounts: [MEMBER] });
  return { walked: key, deeds: world.changes() };
}

/**
 * The first rotation of a sweep fails, its key is removed again and no other begins, until somebody lets them go on. A user
 * without room for another key is told of.
 */
export async function rotationBroken(world: HubWorld): Promise<Answer> {
  world.storedKey('builder');
  world.storedKey('sorter');
  world.secondKey('sorter', MEMBER);
  await activate(world);
  await run(world, { runId: 'run-1', accounts: [MEMBER] });
  world.advance(8 * DAY_MS);
  world.refuseOnce('secretsmanager', 'PutSecretValue');
  await run(world, { runId: 'run-2', accounts: [MEMBER] });
  const allowed = await ask(world, iamUser('cleo'), {
    route: 'POST /v1/rotations/allow',
    body: { accountId: MEMBER, reason: 'the key of the secret is mended' },
  });
  world.advance(DAY_MS);
  await run(world, { runId: 'run-3', accounts: [MEMBER] });
  return allowed;
}

/** Somebody has a key replaced that lies in no secret; the new one is delivered to whom the policy names. */
export async function rotatedForSomebody(world: HubWorld): Promise<readonly Answer[]> {
  const credentialId = world.key('eva', {
    path: '/people/',
    usedDays: 1,
    tags: { [MANAGED_TAG]: MANAGED },
  });
  const { key: stored } = world.storedKey('builder');
  await activate(world);
  const answers: Answer[] = [];
  for (const each of [credentialId, stored]) {
    const body = { credentialId: each, reason: 'a laptop was lost' };
    const order = { route: 'POST /v1/rotations', body } as const;
    answers.push(await ask(world, iamUser('ana'), order));
    answers.push(await approveNewestPlan(world, iamUser('ben')));
    answers.push(await ask(world, iamUser('ana'), order));
    await deliverApproved(world);
    answers.push(await ask(world, iamUser('ana'), order));
  }
  return answers;
}
