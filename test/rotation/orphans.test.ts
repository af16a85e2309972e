import { describe, expect, it } from 'vitest';
import { Ground, OTHER_TOKEN, type Seeded, USER } from './ground.ts';
import { driven, type Ended, sightOf } from './scene.ts';

const MINUTE_MS = 60_000;

interface Crashed {
  readonly ground: Ground;
  readonly seeded: Seeded;
  /** The key that the crash left. */
  readonly left: string;
}

/** A rotation that died right after this call of its process. */
async function crashed(operation: 'CreateAccessKey' | 'PutSecretValue' | 'Begun'): Promise<Crashed> {
  const ground = await Ground.open();
  const seeded = ground.seed({ rotation: { enabled: false } });
  const match = operation === 'Begun' ? { operation: 'CreateAccessKey' } : { operation };
  ground.aws.faults.add({ match, effect: operation === 'CreateAccessKey' ? 'crash-after' : 'crash' });
  await driven(await ground.context(), seeded);
  const { keys } = await sightOf(ground, seeded);
  const left = keys.find((key) => !key.startsWith(seeded.key.id))?.split(' ')[0] ?? '';
  return { ground, seeded, left };
}

async function retried({ ground, seeded }: Crashed, token?: string): Promise<Ended> {
  return driven(await ground.context('retry'), seeded, token);
}

async function keysOf({ ground, seeded }: Crashed): Promise<string[]> {
  const { keys } = await sightOf(ground, seeded);
  return keys.map((key) => key.split(' ')[0] ?? '');
}

describe('a key that a crash left', () => {
  it.each<[string, 'CreateAccessKey' | 'PutSecretValue']>([
    ['before the ledger could name it', 'CreateAccessKey'],
    ['before it was stored', 'PutSecretValue'],
  ])('%s is removed, and told, before another is made', async (_name, operation) => {
    const scene = await crashed(operation);
    expect(scene.left).toMatch(/^AKIA/);
    scene.ground.aws.clock.advance(3 * MINUTE_MS);
    expect((await retried(scene)).outcome).toBe('finished');
    expect(await keysOf(scene)).not.toContain(scene.left);
    const removed = scene.ground.written.filter(({ type }) => type === 'rotation.key-removed');
    expect(removed.map(({ data }) => ('accessKeyId' in data ? data.accessKeyId : ''))).toEqual([scene.left]);
  });

  it('is not taken for one while its process may still store it', async () => {
    const scene = await crashed('PutSecretValue');
    scene.ground.aws.clock.advance(1.5 * MINUTE_MS);
    expect(await retried(scene)).toMatchObject({ outcome: 'interrupted', code: 'attempt-under-way' });
    expect(await keysOf(scene)).toContain(scene.left);
  });

  it('is removed by the next rotation, too, when its own is given up', async () => {
    const scene = await crashed('CreateAccessKey');
    scene.ground.aws.clock.advance(60 * MINUTE_MS);
    expect((await retried(scene, OTHER_TOKEN)).outcome).toBe('finished');
    expect(await keysOf(scene)).not.toContain(scene.left);
  });

  it.each<[string, (scene: Crashed) => void]>([
    ['was used: somebody has it', ({ ground, left }) => ground.account.recordUse(left, { service: 's3' })],
    [
      'may have been used: its last use cannot be read',
      ({ ground }) => {
        const match = { operation: 'GetAccessKeyLastUsed', process: 'retry' };
        ground.aws.faults.add({ match, effect: 'error', code: 'AccessDenied', status: 403, times: 50 });
      },
    ],
  ])('stays when it %s', async (_name, arrange) => {
    const scene = await crashed('CreateAccessKey');
    scene.ground.aws.clock.advance(10 * MINUTE_MS);
    arrange(scene);
    expect(await retried(scene)).toMatchObject({ outcome: 'failed', code: 'slots-full' });
    expect(await keysOf(scene)).toContain(scene.left);
  });
});

describe("somebody's second key", () => {
  it.each([
    ['long after a rotation set out to make one', 6 * MINUTE_MS],
    ['hours later', 300 * MINUTE_MS],
  ])('made %s and never used stays', async (_name, later) => {
    const scene = await crashed('Begun');
    scene.ground.aws.clock.advance(later);
    const theirs = scene.ground.account.addAccessKey(USER).id;
    scene.ground.aws.clock.advance(3 * MINUTE_MS);
    expect(await retried(scene)).toMatchObject({ outcome: 'failed', code: 'slots-full' });
    expect(await keysOf(scene)).toContain(theirs);
  });
});
