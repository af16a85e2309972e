import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { Ground, REGION, type Seeded, USER_ARN } from './ground.ts';
import { currentValue, driven, sightOf, signedBy } from './scene.ts';

const ELSEWHERE = 'eu-west-1';

async function replicated(): Promise<{ ground: Ground; seeded: Seeded; replicaId: string }> {
  const ground = await Ground.open();
  const seeded = ground.seed({ replicas: [{ region: ELSEWHERE }] });
  return { ground, seeded, replicaId: seeded.secretId.replace(REGION, ELSEWHERE) };
}

async function valueElsewhere(ground: Ground, replicaId: string): Promise<Record<string, unknown>> {
  const { secretsManager } = await ground.clients('administrator');
  const { SecretString = '{}' } = await secretsManager(ELSEWHERE).send(
    new GetSecretValueCommand({ SecretId: replicaId }),
  );
  return JSON.parse(SecretString);
}

describe('a store with a replica in another Region', () => {
  it('the replica is refused: its primary is rotated, and the way out names where that is', async () => {
    const { ground, seeded, replicaId } = await replicated();
    const before = await sightOf(ground, seeded);
    const ended = await driven(await ground.context(), { ...seeded, secretId: replicaId });
    expect(ended).toMatchObject({ outcome: 'refused', code: 'replica' });
    expect(ended.said).toContain(`Rotate the primary in ${REGION}`);
    expect(await sightOf(ground, seeded)).toEqual(before);
    expect(ground.told).toEqual([]);
  });

  it('what a lagging replica still serves works as before; caught up, it serves the new key', async () => {
    const { ground, seeded, replicaId } = await replicated();
    const lagging = await valueElsewhere(ground, replicaId);
    expect(await driven(await ground.context(), seeded)).toMatchObject({ outcome: 'finished' });
    expect(lagging.accessKeyId).toBe(seeded.key.id);
    expect(await signedBy(ground, lagging.accessKeyId, lagging.secretAccessKey)).toBe(USER_ARN);
    const caughtUp = await valueElsewhere(ground, replicaId);
    expect(caughtUp).toEqual(await currentValue(ground, seeded.secretId));
    expect(caughtUp.accessKeyId).not.toBe(seeded.key.id);
    expect(await signedBy(ground, caughtUp.accessKeyId, caughtUp.secretAccessKey)).toBe(USER_ARN);
  });
});
