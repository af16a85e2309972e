import { describe, expect, it } from 'vitest';
import { MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { Ground } from './ground.ts';
import { driven } from './scene.ts';

describe('two keys, none of them used', () => {
  it('are both told, with the way out, and left alone', async () => {
    const ground = await Ground.open();
    const seeded = ground.seed();
    const { account } = ground;
    account.addUser({ name: 'idle', tags: { [MANAGED_TAG]: MANAGED } });
    const first = account.addAccessKey('idle', { createdAt: '2026-01-01T00:00:00Z' });
    const second = account.addAccessKey('idle', { createdAt: '2026-01-02T00:00:00Z' });
    const secretId = ground.seedStore(first, {
      name: 'idle',
      tags: { [STORE_USER_TAG]: 'idle' },
      document: { userName: 'idle' },
    });
    const credentialId = `arn:aws:iam::111122223333:user/idle/access-key/${first.id}`;
    const ended = await driven(await ground.context(), { ...seeded, secretId, credentialId });
    expect(ended).toMatchObject({ outcome: 'refused', code: 'slots-full' });
    expect(ended.said).toMatch(/None was ever used/);
    for (const { id } of [first, second]) expect(ended.said).toContain(id);
  });
});
