import { describe, expect, test } from 'vitest';
import { foldRequest } from '../../lib/domain/request.ts';
import type { StepKind } from '../../lib/domain/step.ts';
import { approveRequest, executeRequest } from '../../lib/requests/index.ts';
import { holdForOverride } from '../../lib/sweep/index.ts';
import { asker } from '../builders/asked.ts';
import { SERVICE } from '../requests/ground.ts';
import { ExceptionScene, OLD_RULE, REQUEST_ID } from './exception-scene.ts';
import { KEY_RULE } from './ground-policy.ts';

async function request(scene: ExceptionScene) {
  const folded = foldRequest(await scene.requests().ledger.chain(`request#${REQUEST_ID}`));
  if (folded === undefined) throw new Error('there is no such request');
  return folded;
}

/** A step of a rule that is to be left out for 20 days, approved by two and carried out. */
async function overridden(scene: ExceptionScene, step: StepKind, rule = KEY_RULE, ruleHash?: string) {
  const { policy } = scene.ground.policy;
  const hash = ruleHash ?? policy.ruleHash(rule);
  const ask = { kind: 'policy-override', credentialId: scene.key.id, rule, ruleHash: hash, step } as const;
  await scene.ask(REQUEST_ID, ask, 20);
  const { requestHash } = await request(scene);
  for (const id of ['bo', 'cy'])
    await approveRequest(scene.requests(), { requestId: REQUEST_ID, requestHash, actor: asker(id) });
  return executeRequest(scene.requests(), {
    requestId: REQUEST_ID,
    actor: SERVICE,
    effect: (id, approved) => holdForOverride({ ...scene.service(), policy }, id, approved),
  });
}

describe('an approved policy override', () => {
  test('leaves out one step of one rule until the request ends; the other rule goes on', async () => {
    const scene = await ExceptionScene.due();
    expect(await overridden(scene, 'disable')).toMatchObject({
      state: 'done',
      request: { end: { outcome: expect.stringMatching(/^hold\/\d+ on arn:/) } },
    });
    const { endsAt } = (await request(scene)).content;
    expect(scene.ground.of('hold.placed')).toMatchObject([
      {
        expiresAt: endsAt,
        reason: 'the migration needs it',
        data: {
          kind: 'override',
          rules: [KEY_RULE],
          steps: ['disable'],
          ref: { kind: 'request', id: REQUEST_ID },
        },
      },
    ]);
    const { held } = await scene.sweep();
    expect(held).toMatchObject([{ rule: KEY_RULE, step: 'disable', code: 'on-hold' }]);
    expect(scene.deeds()).toEqual([`disable ${OLD_RULE}`]);
  });

  test('I12 ends by itself, and the step goes on', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await overridden(scene, 'disable');
    await scene.ground.wait(19);
    await scene.sweep();
    expect(scene.deeds()).toEqual([]);
    await scene.ground.wait(1);
    await scene.sweep();
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('of another step holds back no more than that', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await overridden(scene, 'delete');
    await scene.ground.wait(15);
    await scene.sweep();
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('I6 carried out twice it holds once', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await overridden(scene, 'disable');
    const { policy } = scene.ground.policy;
    await holdForOverride({ ...scene.service(), policy }, REQUEST_ID, await request(scene));
    expect(scene.ground.of('hold.placed')).toHaveLength(1);
  });

  test.each([
    ['a rule that reads otherwise by now', KEY_RULE, 'a'.repeat(64)],
    ['a rule there is none of', 'no-such-rule', 'a'.repeat(64)],
  ])('of %s is not carried out', async (_what, rule, hash) => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    expect(await overridden(scene, 'disable', rule, hash)).toMatchObject({
      state: 'failed',
      request: { end: { code: 'rule-changed' } },
    });
    expect(scene.ground.of('hold.placed')).toEqual([]);
  });

  test('I21 who asked is told of an act that was under way', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.ground.wait(15);
    const { policy } = scene.ground.policy;
    let told: unknown;
    scene.ground.afterIntent(async () => {
      await overridden(scene, 'disable');
      told = await holdForOverride({ ...scene.service(), policy }, REQUEST_ID, await request(scene));
    });
    const { actions } = await scene.sweep();
    expect(told).toMatchObject({ ok: true, openIntent: { change: 'disable' } });
    expect(actions).toMatchObject([{ outcome: 'abandoned' }]);
  });

  test('what is no override is refused as broken', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except({ owner: 'same' });
    const { policy } = scene.ground.policy;
    await expect(
      holdForOverride({ ...scene.service(), policy }, REQUEST_ID, await request(scene)),
    ).rejects.toMatchObject({ code: 'not-an-override', source: 'system' });
  });
});
