import {
  CancelRotateSecretCommand,
  DescribeSecretCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { RotationFunctionEvent } from '../../lib/embedded-aws/index.ts';
import { errorName, type OneAccount, oneAccount, REGION } from './one-account.ts';

const ROTATOR = `arn:aws:lambda:${REGION}:111122223333:function:rotate`;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A secret that rotates every ten days, next in a day. */
function rotating({ account }: OneAccount): string {
  return account.addSecret(REGION, {
    name: 'db',
    value: 'one',
    rotation: { lambdaArn: ROTATOR, rules: { AutomaticallyAfterDays: 10 } },
    nextRotationAt: '2026-03-02T09:00:00Z',
  });
}

/** Registers a function that notes its events and fails as long as `fails` says so. */
function rotator({ aws }: OneAccount, fails: (event: RotationFunctionEvent) => boolean = () => false) {
  const events: RotationFunctionEvent[] = [];
  aws.rotationFunctions.set(ROTATOR, async (event) => {
    events.push(event);
    if (fails(event)) throw new Error('the function failed');
  });
  return { events, steps: () => events.map(({ Step }) => Step) };
}

const ALL = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

describe('rotation functions registered with a world', () => {
  it('are called for RotateSecret, with the four steps in order and the token of the request', async () => {
    const world = oneAccount();
    const { events, steps } = rotator(world);
    const SecretId = rotating(world);
    const { VersionId } = await world.secrets.send(new RotateSecretCommand({ SecretId }));
    expect(events).toEqual([]);
    await world.aws.runRotations();
    expect(steps()).toEqual(ALL);
    expect(new Set(events.map(({ ClientRequestToken }) => ClientRequestToken))).toEqual(new Set([VersionId]));
    expect(events[0]?.SecretId).toBe(SecretId);
    expect(await world.aws.runRotations()).toEqual([]);
  });

  it('are called when the schedule is due, and not before', async () => {
    const world = oneAccount();
    const { steps } = rotator(world);
    const SecretId = rotating(world);
    await world.aws.runRotations();
    expect(steps()).toEqual([]);
    world.aws.clock.advance(DAY_MS);
    await world.aws.runRotations();
    expect(steps()).toEqual(ALL);
    const { NextRotationDate } = await world.secrets.send(new DescribeSecretCommand({ SecretId }));
    expect(NextRotationDate?.toISOString()).toBe('2026-03-12T09:00:00.000Z');
  });

  it('are called again with the same token after a failure, after waits that double, five times in all', async () => {
    const world = oneAccount();
    const { events, steps } = rotator(world, ({ Step }) => Step === 'setSecret');
    await world.secrets.send(new RotateSecretCommand({ SecretId: rotating(world) }));
    const [, failed] = await world.aws.runRotations();
    expect(failed?.error?.message).toBe('the function failed');
    expect(steps()).toEqual(['createSecret', 'setSecret']);
    for (const minutes of [10, 20, 40, 80, 160, 320]) {
      world.aws.clock.advance(minutes * MINUTE_MS - 1);
      expect(await world.aws.runRotations()).toEqual([]);
      world.aws.clock.advance(1);
      await world.aws.runRotations();
    }
    expect(steps()).toHaveLength(10);
    expect(new Set(events.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
  });

  it('are asked again at once when RotateSecret meets a rotation that is not complete', async () => {
    const world = oneAccount();
    let broken = true;
    const { steps } = rotator(world, () => broken);
    const SecretId = rotating(world);
    await world.secrets.send(new RotateSecretCommand({ SecretId }));
    await world.aws.runRotations();
    broken = false;
    expect(await errorName(world.secrets.send(new RotateSecretCommand({ SecretId })))).toBe(
      'InvalidRequestException',
    );
    await world.aws.runRotations();
    expect(steps().slice(1)).toEqual(ALL);
  });

  it('are not called for a rotation that was cancelled meanwhile', async () => {
    const world = oneAccount();
    const { steps } = rotator(world);
    const SecretId = rotating(world);
    await world.secrets.send(new RotateSecretCommand({ SecretId }));
    await world.secrets.send(new CancelRotateSecretCommand({ SecretId }));
    await world.aws.runRotations();
    expect(steps()).toEqual([]);
  });

  it('may call the world themselves', async () => {
    const world = oneAccount();
    const SecretId = rotating(world);
    world.aws.rotationFunctions.set(ROTATOR, async ({ Step, ClientRequestToken }) => {
      if (Step !== 'finishSecret') return;
      const { VersionIdsToStages = {} } = await world.secrets.send(new DescribeSecretCommand({ SecretId }));
      const [current] = Object.keys(VersionIdsToStages);
      await world.secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: ClientRequestToken,
          ...(current === undefined ? {} : { RemoveFromVersionId: current }),
        }),
      );
    });
    const { VersionId = '' } = await world.secrets.send(new RotateSecretCommand({ SecretId }));
    const invocations = await world.aws.runRotations();
    expect(invocations.filter(({ error }) => error !== undefined)).toEqual([]);
    const { VersionIdsToStages } = await world.secrets.send(new DescribeSecretCommand({ SecretId }));
    expect(VersionIdsToStages?.[VersionId]).toContain('AWSCURRENT');
  });
});
