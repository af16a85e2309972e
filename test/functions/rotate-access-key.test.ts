import { describe, expect, test } from 'vitest';
import { HubWorld } from './hub-world.ts';
import { HUB } from './places.ts';
import { rotatedByFunction, rotatedWhileStumbling } from './rotation-stories.ts';

const DONE = ['createSecret done', 'setSecret done', 'testSecret done', 'finishSecret done'];

describe('the function that Secrets Manager calls', () => {
  test('rotates keys in secrets known by tag and by name; a value that is refused leaves no key behind', async () => {
    await using world = await HubWorld.open();
    const called = await rotatedByFunction(world);
    expect(called).toEqual([
      'createSecret PutRefused',
      ...DONE,
      'createSecret SlotsFull',
      ...DONE,
      'createSecret SlotsFull',
    ]);
    const told = (await world.events()).map(({ type }) => type);
    expect(told.filter((type) => type === 'rotation.key-created')).toHaveLength(3);
    expect(told.filter((type) => type === 'rotation.key-removed')).toHaveLength(1);
    expect(told.filter((type) => type === 'rotation.finished')).toHaveLength(2);
  });

  test('is not put off by answers that get lost', async () => {
    await using world = await HubWorld.open();
    expect(await rotatedWhileStumbling(world)).toEqual(DONE);
    expect((await world.events()).map(({ type }) => type)).toEqual([
      'rotation.begun',
      'rotation.key-created',
      'rotation.finished',
    ]);
  });

  test('takes nothing but the four steps of a secret', async () => {
    await using world = await HubWorld.open();
    const { secret } = world.storedKey('builder', { account: HUB, rotator: world.rotator });
    const event = { Step: 'createSecret', SecretId: secret, ClientRequestToken: 'x'.repeat(32) };
    for (const changed of [
      { Step: 'deleteSecret' },
      { SecretId: 'ci/builder' },
      { ClientRequestToken: 'x' },
    ]) {
      await expect(world.invoke('rotate-access-key', { ...event, ...changed })).rejects.toThrow();
    }
    expect(world.changes()).toEqual([]);
  });
});
