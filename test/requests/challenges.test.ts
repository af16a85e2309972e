import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { decideChallenge, openChallenge, settleChallenge } from '../../lib/requests/index.ts';
import { asker, REQUEST_ID, STEP_TARGET } from '../builders/asked.ts';
import { NOW } from '../builders/credential.ts';
import * as scene from './exception-scene.ts';
import { Ground, SERVICE } from './ground.ts';

let ground: Ground;
beforeEach(async () => {
  ground = await Ground.open();
});

const excepted = () => scene.excepted(ground);
const exception = () => scene.exception(ground);
const state = () => scene.state(ground);

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
