import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { type Exception, exceptionState, foldException } from '../../lib/domain/exception.ts';
import type { RequestContent } from '../../lib/domain/request-events.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import {
  approveRequest,
  decideChallenge,
  exceptionEffect,
  executeRequest,
  expireException,
  openChallenge,
  revokeException,
  settleChallenge,
} from '../../lib/requests/index.ts';
import { ASKED_KEY, agent, asker, content, REQUEST_ID, STEP_TARGET } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import { by, Ground, SERVICE } from './ground.ts';

const NEXT = 'request-0002';
const ROUTINE = { endsAt: plus(NOW, 7 * DAY_MS) };
let ground: Ground;
beforeEach(async () => {
  ground = await Ground.open();
});

const nothing = async () => {};

function effect(over: Partial<Parameters<typeof exceptionEffect>[1]> = {}, context = ground.context) {
  return exceptionEffect(context, { actor: SERVICE, owner: 'dora', takeEffect: nothing, ...over });
}

function execute(requestId = REQUEST_ID, using = effect()) {
  return executeRequest(ground.context, { requestId, actor: SERVICE, effect: using });
}

async function excepted(requestId = REQUEST_ID): Promise<void> {
  await ground.submitted({ requestId, content: ROUTINE });
  expect(await execute(requestId)).toMatchObject({ state: 'done' });
}

async function exception(id = REQUEST_ID): Promise<Exception> {
  const folded = foldException(await ground.context.ledger.chain(`exception#${id}`));
  if (folded === undefined) throw new Error(`there is no exception ${id}`);
  return folded;
}

const state = async (id = REQUEST_ID) => exceptionState(await exception(id), ground.now);
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
    const ownerless = exceptionEffect(ground.context, { actor: SERVICE, takeEffect: nothing });
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

describe('challenging an exception', () => {
  const open = (context = ground.context) =>
    openChallenge(context, {
      challenged: { kind: 'exception', exceptionId: REQUEST_ID },
      actor: asker('eve'),
      reason: 'atlas is over',
      notBy: ['fay'],
    });
  const opened = async () => {
    const result = await open();
    if (!result.ok) throw new Error(result.message);
    return result.challengeId;
  };
  const decide = (challengeId: string, id: string, verdict: 'upheld' | 'dismissed') =>
    decideChallenge(ground.context, { challengeId, actor: asker(id), verdict, reason: 'seen' });
  beforeEach(() => excepted());

  it.each([
    ['upheld', 'revoked'],
    ['dismissed', 'active'],
  ] as const)('%s: it is %s', async (verdict, after) => {
    const challengeId = await opened();
    expect(await state()).toBe('challenged');
    expect(await decide(challengeId, 'bo', verdict)).toMatchObject({ ok: true, repeated: false });
    expect(await decide(challengeId, 'bo', verdict)).toMatchObject({ ok: true, repeated: true });
    expect(await decide(challengeId, 'cy', verdict)).toMatchObject({
      ok: false,
      reason: 'not-open',
      state: verdict,
    });
    expect(await state()).toBe(after);
  });

  it('is decided neither by its parties, nor the challenger, nor persons named, nor outside the group', async () => {
    const challengeId = await opened();
    for (const id of ['ana', 'dora', 'fay']) {
      expect(await decide(challengeId, id, 'dismissed')).toMatchObject({ reason: 'party-may-not-decide' });
    }
    expect(await decide(challengeId, 'eve', 'upheld')).toMatchObject({ reason: 'not-an-approver' });
    expect(await state()).toBe('challenged');
  });

  it('again while it is open is the same challenge; after a dismissal it is another', async () => {
    const first = await opened();
    expect(await open()).toMatchObject({ ok: true, repeated: true, challengeId: first });
    await decide(first, 'bo', 'dismissed');
    expect(await open()).toMatchObject({ ok: true, repeated: false });
    expect(await opened()).not.toBe(first);
  });

  it('I18: undecided at the deadline it ends, and nobody decides any more', async () => {
    const challenges = { group: 'security', members: ['bo'], decideWithinMs: 2 * DAY_MS };
    await open(ground.under({ challenges }));
    const challengeId = await opened();
    ground.pass(2 * DAY_MS);
    expect(await decide(challengeId, 'bo', 'dismissed')).toMatchObject({
      reason: 'not-open',
      state: 'undecided',
    });
    expect(await settleChallenge(ground.context, { challengeId, actor: SERVICE })).toBe('undecided');
    expect(await state()).toBe('expired');
    expect((await exception()).end).toMatchObject({ cause: 'challenge-undecided' });
  });

  test('wherever a process crashes, the next call leaves exception and challenge in agreement', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 4 }),
        fc.boolean(),
        fc.constantFrom('upheld' as const, 'dismissed' as const),
        async (puts, applied, verdict) => {
          ground = await Ground.open();
          await excepted();
          let left = puts;
          const dying = ground.process(async (operation, run) => {
            if (left < 0) throw new Error('gone');
            if (operation === 'PutItem' && left-- === 0) {
              if (applied) run();
              throw new Error('gone');
            }
            return run();
          });
          const crash = await open(dying).catch((error: unknown) => error);
          if (!(crash instanceof JanitorError)) expect(crash).toMatchObject({ ok: true });
          const challengeId = await opened();
          await decideChallenge(dying, { challengeId, actor: asker('bo'), verdict, reason: 'seen' }).catch(
            (error: unknown) => expect(error).toBeInstanceOf(JanitorError),
          );
          await decide(challengeId, 'bo', verdict);
          expect(await state()).toBe(verdict === 'upheld' ? 'revoked' : 'active');
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('challenging a step', () => {
  const open = (id: string) =>
    openChallenge(ground.context, {
      challenged: STEP_TARGET,
      actor: asker(id),
      reason: 'it runs once a quarter',
      notBy: ['fay'],
    });

  it('pauses it once in the life of a finding, with an end that stays', async () => {
    const first = await open('dora');
    expect(first).toMatchObject({ repeated: false, challenge: { decideBy: plus(NOW, 7 * DAY_MS) } });
    ground.pass(10 * DAY_MS);
    const again = await open('eve');
    expect(again).toMatchObject({
      repeated: true,
      challenge: { openedBy: asker('dora'), decideBy: plus(NOW, 7 * DAY_MS) },
    });
  });

  it('is not for callers whom nobody knows', async () => {
    const stranger = { kind: 'unresolved', arn: 'arn:aws:iam::111122223333:user/x' } as const;
    const asked = { challenged: STEP_TARGET, actor: stranger, reason: 'mine', notBy: [] };
    expect(await openChallenge(ground.context, asked)).toMatchObject({ reason: 'caller-unresolved' });
  });

  it('is not decided by the owner of the rule', async () => {
    const opened = await open('dora');
    if (!opened.ok) throw new Error(opened.message);
    const decide = (id: string) =>
      decideChallenge(ground.context, {
        challengeId: opened.challengeId,
        actor: asker(id),
        verdict: 'dismissed',
        reason: 'seen',
      });
    expect(await decide('fay')).toMatchObject({ reason: 'party-may-not-decide' });
    expect(await decide('bo')).toMatchObject({ ok: true });
  });
});
