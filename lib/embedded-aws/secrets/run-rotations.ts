import type { AccountState } from '../account-state.ts';
import type { World } from '../world/world.ts';
import { isReplica } from './lookup.ts';
import { beginRotation, nextRotation } from './rotation.ts';
import type { RotationFunctionEvent, RotationJob } from './rotation-functions.ts';
import type { Secret } from './state.ts';
import { PENDING, versionWith } from './versions.ts';

/** One call of a rotation function and how it ended. */
export interface RotationInvocation {
  readonly event: RotationFunctionEvent;
  /** The error that the function threw; absent when the step was done. */
  readonly error?: Error;
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/**
 * What Secrets Manager does in the background, at the instant of the world's clock: starts rotations whose schedule is
 * due and calls the registered function of each, step by step. A step that fails ends the attempt; it is made again after
 * a while. Secrets whose function is not registered stay as they are.
 */
export async function runRotations(world: World): Promise<RotationInvocation[]> {
  startScheduled(world);
  const invocations: RotationInvocation[] = [];
  for (const job of world.rotationFunctions.takeDue(world.clock.millis())) {
    invocations.push(...(await attempt(world, job)));
  }
  return invocations;
}

async function attempt(world: World, job: RotationJob): Promise<RotationInvocation[]> {
  const handler = world.rotationFunctions.get(job.lambdaArn);
  const invocations: RotationInvocation[] = [];
  for (const Step of STEPS) {
    if (handler === undefined || !isWanted(world, job)) return invocations;
    const event = { Step, SecretId: job.secretArn, ClientRequestToken: job.token };
    try {
      await handler(event);
      invocations.push({ event });
    } catch (error) {
      invocations.push({ event, error: error instanceof Error ? error : new Error(String(error)) });
      world.rotationFunctions.askAgain(job, world.clock.millis());
      return invocations;
    }
  }
  return invocations;
}

/** Secrets Manager asks for no rotation that was cancelled, or of a secret that is deleted. */
function isWanted(world: World, { accountId, region, secretName, secretArn }: RotationJob): boolean {
  const secret = world.account(accountId).secrets(region).byName.get(secretName);
  return secret?.arn === secretArn && secret.deletedAt === undefined && secret.rotation?.enabled === true;
}

function startScheduled(world: World): void {
  const now = world.clock.millis();
  for (const account of world.accounts.values()) {
    for (const region of account.secretRegions()) {
      for (const secret of account.secrets(region).byName.values()) {
        if (isDue(secret, now)) startOne(world, account, region, secret);
      }
    }
  }
}

function isDue(secret: Secret, now: number): boolean {
  const { rotation, nextRotationAt, deletedAt } = secret;
  if (rotation?.enabled !== true || deletedAt !== undefined || isReplica(secret)) return false;
  return nextRotationAt !== undefined && nextRotationAt <= now;
}

/** One that is stuck is tried again under its own token. */
function startOne(world: World, account: AccountState, region: string, secret: Secret): void {
  const now = world.clock.millis();
  const lambdaArn = secret.rotation?.lambdaArn;
  if (lambdaArn === undefined || world.rotationFunctions.get(lambdaArn) === undefined) return;
  const pending = versionWith(secret.versions, PENDING);
  const stuck = pending !== undefined && !pending.stages.includes('AWSCURRENT') ? pending.id : undefined;
  const token = stuck ?? world.ids.requestId();
  const nextAt = nextRotation(secret.rotation?.rules, now);
  beginRotation(secret, token, now);
  if (nextAt === undefined) delete secret.nextRotationAt;
  else secret.nextRotationAt = nextAt;
  world.changes.add({
    at: new Date(now).toISOString(),
    service: 'secretsmanager',
    operation: 'RotationStarted',
    accountId: account.id,
    principalArn: 'secretsmanager.amazonaws.com',
    target: secret.arn,
    before: { rotationEnabled: true },
    after: { rotationEnabled: true, versionId: token },
  });
  world.rotationFunctions.ask({
    accountId: account.id,
    region,
    secretName: secret.name,
    secretArn: secret.arn,
    token,
    lambdaArn,
    notBefore: now,
  });
}
