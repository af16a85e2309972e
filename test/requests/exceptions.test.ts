import { beforeEach, describe, expect, it } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import type { Exception } from '../../lib/domain/exception.ts';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import {
  approveRequest,
  exceptionEffect,
  expireException,
  revokeException,
} from '../../lib/requests/index.ts';
import { ASKED_KEY, agent, asker, content, REQUEST_ID } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import * as scene from './exception-scene.ts';
import { by, Ground, SERVICE } from './ground.ts';

const NEXT = 'request-0002';
const { ROUTINE } = scene;
let ground: Ground;
beforeEach(async () => {
  ground = await Ground.open();
});

const effect = (over: Parameters<typeof scene.effect>[1] = {}) => scene.effect(ground, over);
const execute = (requestId = REQUEST_ID, using = effect()) => scene.execute(ground, requestId, using);
const excepted = () => scene.excepted(ground);
const exception = (id?: string): Promise<Exception> => scene.exception(ground, id);
const state = (id?: string) => scene.state(ground, id);
const extension = { ask: { kind: 'extension', exceptionId: REQUEST_ID } } as const;

describe('an exception that was approved', () => {
  it('G1 to G4: says who asked, who approved, what exactly, why, until when and while what', async () => {
    const request = await ground.submitted({
      requester: by(agent('portal'), { onBehalfOf: [asker('ana')] }),
    });
    for (const id of ['bo', 'cy']) {
      const { requestHash } = request;
      await approveRequest(ground.context, { requestId: REQUEST_ID, requestHash, actor: asker(id) });
    }
    await execute();
    expect(await exception()).toMatchObject({
      requestHash: request.requestHash,
      requestedBy: asker('ana'),
      approvals: [{ actor: asker('bo') }, { actor: asker('cy') }],
      parties: ['ana', 'dora'],
      scope: { credentialId: ASKED_KEY, rules: ['access-key-unused'] },
      while: { tag: { project: 'atlas' }, ticket: 'open' },
      owner: 'dora',
      reason: content().reason,
      ticket: 'OPS-7',
      businessOwner: 'olga',
      endsAt: content().endsAt,
    });
    expect(await state()).toBe('active');
  });

  it('takes effect on the credential before it is in force, and converges after a crash', async () => {
    await ground.submitted({ content: ROUTINE });
    const seen: string[] = [];
    const crash = effect({
      takeEffect: async (id) => {
        seen.push(`${id} ${await state()}`);
        throw new Error('crash');
      },
    });
    await expect(execute(REQUEST_ID, crash)).rejects.toThrow('crash');
    expect(seen).toEqual([`${REQUEST_ID} proposed`]);
    expect(await execute()).toMatchObject({
      state: 'done',
      request: { end: { outcome: `exception ${REQUEST_ID}` } },
    });
    expect(await ground.types(`exception#${REQUEST_ID}`)).toEqual([
      'exception.proposed',
      'exception.activated',
    ]);
  });

  it('whose owner must stay the same does not begin while nobody owns the credential', async () => {
    const ask: RequestContent['ask'] = {
      kind: 'exception',
      scope: { credentialId: ASKED_KEY, rules: ['access-key-unused'] },
      while: { owner: 'same' },
    };
    await ground.submitted({ content: { ...ROUTINE, ask } });
    const ownerless = exceptionEffect(ground.context, { actor: SERVICE, takeEffect: scene.nothing });
    expect(await execute(REQUEST_ID, ownerless)).toMatchObject({
      state: 'failed',
      request: { end: { code: 'owner-unknown' } },
    });
  });
});

describe('I12: a longer exception is another one', () => {
  it('takes the place of the one before, which keeps its end', async () => {
    await excepted();
    ground.pass(5 * DAY_MS);
    const endsAt = plus(ground.now, 7 * DAY_MS);
    await ground.submitted({ requestId: NEXT, content: { ...extension, endsAt } });
    expect(await execute(NEXT)).toMatchObject({ state: 'done' });
    expect(await exception()).toMatchObject({
      endsAt: ROUTINE.endsAt,
      end: { state: 'renewed', renewedBy: NEXT },
    });
    expect(await exception(NEXT)).toMatchObject({ endsAt, renews: REQUEST_ID, exemptSince: NOW });
  });

  it('one of two that were asked for follows; the other fails', async () => {
    await excepted();
    const both = [NEXT, 'request-0003'];
    for (const requestId of both)
      await ground.submitted({ requestId, content: { ...extension, ...ROUTINE } });
    const results = await Promise.all(both.map((id) => execute(id)));
    expect(results.map(({ state: each }) => each).sort()).toEqual(['done', 'failed']);
  });

  it('the cap counts from the first of them', async () => {
    await excepted();
    const tight = ground.under({ exemptAtMostMs: 10 * DAY_MS });
    ground.pass(5 * DAY_MS);
    const endsAt = plus(ground.now, 6 * DAY_MS);
    expect(
      await ground.submit({ context: tight, requestId: NEXT, content: { ...extension, endsAt } }),
    ).toMatchObject({ state: 'denied', request: { end: { code: 'exemption-cap' } } });
  });

  it('G10: short ones that follow each other are a long one, and need persons', async () => {
    await excepted();
    ground.pass(5 * DAY_MS);
    const longer = { ...extension, endsAt: plus(NOW, 14 * DAY_MS + 1) };
    expect(await ground.submitted({ requestId: NEXT, content: longer })).toMatchObject({
      admission: { tier: 'critical' },
    });
    const again = { requestId: 'request-0003', content: { endsAt: plus(ground.now, 3 * DAY_MS) } };
    expect(await ground.submitted({ ...again, exemptSince: NOW })).toMatchObject({
      admission: { tier: 'critical' },
    });
  });

  it('what has ended is not extended', async () => {
    await excepted();
    await revokeException(ground.context, {
      exceptionId: REQUEST_ID,
      actor: asker('bo'),
      reason: 'it leaked',
    });
    const error = await ground
      .submit({ requestId: NEXT, content: { ...extension, ...ROUTINE } })
      .catch((thrown: unknown) => thrown);
    expect(error instanceof JanitorError && error.code).toBe('exception-not-active');
  });
});

describe('G14: ending an exception', () => {
  it.each([
    ['an approver', asker('bo'), true],
    ['who asked', asker('ana'), true],
    ['who is served', asker('dora'), true],
    ['who answers for it', asker('olga'), true],
    ['somebody else', asker('eve'), false],
    ['a workload', agent('bo'), false],
  ])('%s may revoke: %s %s', async (_who, actor, may) => {
    await excepted();
    const revoked = await revokeException(ground.context, { exceptionId: REQUEST_ID, actor, reason: 'over' });
    expect(revoked).toMatchObject(
      may ? { ok: true, repeated: false } : { ok: false, reason: 'may-not-revoke' },
    );
    expect(await state()).toBe(may ? 'revoked' : 'active');
  });

  it('revoking twice is once, and another who is late is told', async () => {
    await excepted();
    const revoke = (id: string) =>
      revokeException(ground.context, { exceptionId: REQUEST_ID, actor: asker(id), reason: 'over' });
    await revoke('bo');
    expect(await revoke('bo')).toMatchObject({ ok: true, repeated: true });
    expect(await revoke('cy')).toMatchObject({ ok: false, reason: 'not-in-force', state: 'revoked' });
  });

  it('G13, G22: a broken condition ends it, an unknown one does not', async () => {
    await excepted();
    const expire = (holds: 'yes' | 'no' | 'unknown') =>
      expireException(ground.context, {
        exceptionId: REQUEST_ID,
        actor: SERVICE,
        conditions: { holds, reasons: ['its ticket is closed'] },
      });
    expect(await expire('yes')).toBe('active');
    expect(await expire('unknown')).toBe('active');
    expect(await expire('no')).toBe('expired');
    expect((await exception()).end).toMatchObject({ cause: 'condition', reason: 'its ticket is closed' });
  });

  it('I13: its end comes by the clock, and is recorded once', async () => {
    await excepted();
    ground.pass(7 * DAY_MS);
    expect(await state()).toBe('expired');
    const expire = { exceptionId: REQUEST_ID, actor: SERVICE };
    expect(await expireException(ground.context, expire)).toBe('expired');
    expect(await expireException(ground.context, expire)).toBe('expired');
    expect(await ground.types(`exception#${REQUEST_ID}`)).toHaveLength(3);
  });
});
