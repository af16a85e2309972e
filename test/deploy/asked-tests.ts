import { expect, it } from 'vitest';
import { subjects } from '../../lib/domain/subject.ts';
import { approveShown, askAs, askToRotate, seedReplaceableKey } from './asked.ts';
import type { DeployedWorld } from './deployed-world.ts';
import { until } from './until.ts';
import { ROTATION_MS } from './waits.ts';

/** Tests of who reaches the API, while no policy is in force. */
export function whoIsLetIn(of: () => DeployedWorld): void {
  const activate = { route: 'POST /v1/policy/activate', body: { hash: '0'.repeat(64) } } as const;

  it('who signs nothing, or may not call it, is refused before the function runs', async () => {
    // Whose API it is MiniStack knows by the signature alone.
    expect((await askAs(of(), 'nobody', activate)).status).toBe(404);
    for (const who of ['mallory', 'ben'] as const) {
      expect((await askAs(of(), who, activate)).status).toBe(403);
    }
    expect(await of().hub.ledger.chain(subjects.activation)).toEqual([]);
  });

  it('whoever may call it is known by the signature; the root user is nobody (G1, I16)', async () => {
    const caller = await askAs(of(), 'ana', { route: 'GET /v1/caller' });
    expect(caller).toMatchObject({ status: 200, body: { actor: { person: 'ana' }, mayDecide: true } });
    const body = { target: 'all', reason: 'let me' };
    for (const call of [{ route: 'GET /v1/caller' }, { route: 'POST /v1/halts/lift', body }] as const) {
      expect(await askAs(of(), 'root', call)).toMatchObject({
        status: 403,
        contentType: 'application/problem+json',
        body: { code: 'caller-unresolved' },
      });
    }
    expect(await of().hub.ledger.chain(subjects.activation)).toEqual([]);
  });

  it('the API describes itself, from beside its code', async () => {
    const described = await askAs(of(), 'ana', { route: 'GET /v1/openapi.json' });
    expect(described).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
  });
}

/** A test of what people ask for and approve, and the deployed janitor carries out, once a policy is in force. */
export function replacedOnRequest(of: () => DeployedWorld): void {
  it('a key that somebody asks to have replaced: planned, approved by another person, carried out (G10, I11)', {
    timeout: ROTATION_MS + 30_000,
  }, async () => {
    const credentialId = await seedReplaceableKey(of());
    await of().give('ben', 'operator');
    const planned = await askToRotate(of(), 'ana', credentialId);
    expect(planned).toMatchObject({ status: 200, body: { state: 'awaiting-approval' } });
    expect((await approveShown(of(), 'ana', planned)).status).toBe(403);
    expect(await approveShown(of(), 'ben', planned)).toMatchObject({ body: { state: 'approved' } });
    expect(await askToRotate(of(), 'ana', credentialId)).toMatchObject({ body: { state: 'carrying-out' } });
    const types = await until('the key was replaced', ROTATION_MS, async () => {
      const chain = await of().hub.ledger.chain(subjects.credential(credentialId));
      const told = chain.map(({ type }) => type);
      return told.includes('rotation.finished') ? told : undefined;
    });
    expect(types).toEqual(expect.arrayContaining(['rotation.begun', 'rotation.key-created']));
    expect(await askToRotate(of(), 'ana', credentialId)).toMatchObject({ body: { state: 'rotated' } });
    expect(await of().hub.verify()).toMatchObject({ ok: true });
  });
}
