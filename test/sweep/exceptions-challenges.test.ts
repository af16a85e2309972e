import { describe, expect, test } from 'vitest';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { decideChallenge, openChallenge } from '../../lib/requests/index.ts';
import { approvePlan, holdForChallenge, readPlans } from '../../lib/sweep/index.ts';
import { SERVICE } from '../requests/ground.ts';
import { actorOf } from '../world/people.ts';
import { MAIN } from '../world/places.ts';
import { ExceptionScene, REQUEST_ID } from './exception-scene.ts';
import { KEY_RULE } from './ground-policy.ts';

interface Challenged {
  readonly scene: ExceptionScene;
  readonly challengeId: string;
  /** Brings the holds in line with where the challenge stands. */
  readonly settle: () => ReturnType<typeof holdForChallenge>;
}

/** Dave's key was warned about, and he objects to what is to come. */
async function challenged(step: 'disable' | 'delete' = 'disable'): Promise<Challenged> {
  const scene = await ExceptionScene.warned(KEY_RULE);
  const [finding] = scene.ground.of('finding.opened');
  const target = {
    kind: 'step',
    credentialId: scene.key.id,
    rule: KEY_RULE,
    step,
    findingOpenedAt: finding?.at ?? '',
  } as const;
  const opened = await openChallenge(scene.requests(), {
    challenged: target,
    actor: actorOf('dave'),
    reason: 'it runs once a quarter',
    notBy: ['carol'],
  });
  if (!opened.ok) throw new Error(opened.message);
  const { challengeId } = opened;
  const settle = async () => {
    const { challenge } = await scene.challenge(challengeId);
    return holdForChallenge(scene.service(), challengeId, challenge);
  };
  expect((await settle()).placed).toHaveLength(2);
  return { scene, challengeId, settle };
}

async function decide({ scene, challengeId }: Challenged, verdict: 'upheld' | 'dismissed') {
  const decided = await decideChallenge(scene.requests(), {
    challengeId,
    actor: actorOf('alice'),
    verdict,
    reason: 'the report shows it',
  });
  expect(decided.ok).toBe(true);
}

/** Sweeps every so many days; whoever has to approves what waits. */
async function days(scene: ExceptionScene, count: number, every = 1): Promise<void> {
  for (let day = 0; day < count; day += every) {
    await scene.ground.wait(every);
    const { plans } = await scene.sweep();
    for (const { planId } of plans) await approvePlan(scene.ground.desk('alice'), planId);
  }
}

describe('I18 a challenge pauses the steps of one finding, for a bounded time', () => {
  test('while it is open nothing is changed, and its owner goes on being told', async () => {
    const there = await challenged();
    const { scene } = there;
    await scene.tag('owner', 'erin');
    await days(scene, 4);
    expect(scene.ground.of('owner.notified').at(-1)?.data.recipient).toBe('erin');
    expect(scene.deeds()).toEqual([]);
    expect(await there.settle()).toMatchObject({ lifted: [] });
    expect(scene.ground.of('hold.placed')).toHaveLength(2);
  });

  test('dismissed, everything goes on as announced', async () => {
    const there = await challenged();
    await decide(there, 'dismissed');
    expect((await there.settle()).lifted).toHaveLength(2);
    expect((await there.settle()).lifted).toEqual([]);
    await days(there.scene, 60, 3);
    expect(there.scene.deeds()).toEqual([`disable ${KEY_RULE}`, `delete ${KEY_RULE}`]);
  });

  test('I13 dismissed by a service that crashes before the holds are lifted: the next sweep lifts them', async () => {
    const there = await challenged();
    await decide(there, 'dismissed');
    await days(there.scene, 3, 3);
    expect(there.scene.ground.of('hold.lifted')).toHaveLength(2);
    await days(there.scene, 12, 12);
    expect(there.scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('upheld by a service that crashes before the hold is placed: the next sweep places it', async () => {
    const there = await challenged();
    await decide(there, 'upheld');
    await days(there.scene, 6, 6);
    expect(there.scene.ground.of('hold.placed')).toHaveLength(3);
    await days(there.scene, 20, 10);
    expect(there.scene.deeds()).toEqual([]);
  });

  test('dismissed by a service that crashes before its list is written: the chain is read, not believed', async () => {
    const there = await challenged();
    const { scene, challengeId } = there;
    await decide(there, 'dismissed');
    const { ledger } = scene.requests();
    const subject = `credential#${scene.key.id}`;
    for (const { data } of scene.ground.of('hold.placed')) {
      const draft = { at: scene.ground.now(), actor: SERVICE, reason: challengeId } as const;
      const { holdId } = data;
      await ledger.append(subject, (await ledger.head(subject)) ?? null, {
        ...draft,
        type: 'hold.lifted',
        data: { holdId },
      });
    }
    await scene.ground.wait(15);
    await scene.sweep();
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('upheld, no step is taken as long as the finding stays open', async () => {
    const there = await challenged();
    await decide(there, 'upheld');
    await there.settle();
    await there.settle();
    expect(there.scene.ground.of('hold.placed')).toHaveLength(3);
    await days(there.scene, 60, 4);
    expect(there.scene.deeds()).toEqual([]);
  });

  test('decided by nobody it leads to disabling, and never to deleting, whoever approves', async () => {
    const there = await challenged();
    await days(there.scene, 14, 2);
    expect(there.scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
    await there.settle();
    await days(there.scene, 120, 6);
    expect(there.scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
    expect(await readPlans(await there.scene.ground.context(), MAIN)).toEqual([]);
    expect(
      there.scene.ground.of('hold.placed').map(({ data, expiresAt }) => [data.steps, expiresAt]),
    ).toEqual([
      [['tag', 'rotate', 'disable', 'delete'], expect.any(String)],
      [['delete'], plus(there.scene.ground.of('hold.placed')[0]?.expiresAt ?? '', 3_650 * DAY_MS)],
    ]);
  });

  test('a finding that closes takes its challenge along: the next one is warned about and ends as announced', async () => {
    const there = await challenged();
    await decide(there, 'upheld');
    await there.settle();
    there.scene.ground.aws.account(MAIN).recordUse(there.scene.key.keyId);
    await days(there.scene, 1);
    expect(there.scene.ground.story(there.scene.key.id).at(-1)).toBe('finding.closed');
    await days(there.scene, 46, 46);
    expect(there.scene.ground.of('finding.opened')).toHaveLength(2);
    expect((await there.settle()).placed).toEqual([]);
    await days(there.scene, 15, 15);
    expect(there.scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('I21 whoever challenges a step that is under way is told of it, and it is abandoned', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.ground.wait(15);
    const [finding] = scene.ground.of('finding.opened');
    const findingOpenedAt = finding?.at ?? '';
    let told: unknown;
    scene.ground.afterIntent(async () => {
      const challenged = {
        kind: 'step',
        credentialId: scene.key.id,
        rule: KEY_RULE,
        step: 'disable',
        findingOpenedAt,
      } as const;
      const opened = await openChallenge(scene.requests(), {
        challenged,
        actor: actorOf('dave'),
        reason: 'no',
        notBy: [],
      });
      if (opened.ok) told = await holdForChallenge(scene.service(), opened.challengeId, opened.challenge);
    });
    const { actions } = await scene.sweep();
    expect(told).toMatchObject({ openIntent: { change: 'disable', rule: KEY_RULE } });
    expect(actions).toMatchObject([{ outcome: 'abandoned' }]);
    expect(scene.ground.changes()).toEqual([]);
  });

  test('a challenge to an exception holds nothing: the exception stays until it is decided', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except({ tag: { project: 'atlas' } });
    const opened = await openChallenge(scene.requests(), {
      challenged: { kind: 'exception', exceptionId: REQUEST_ID },
      actor: actorOf('dave'),
      reason: 'atlas is over',
      notBy: [],
    });
    if (!opened.ok) throw new Error(opened.message);
    const effect = await holdForChallenge(scene.service(), opened.challengeId, opened.challenge);
    expect(effect).toEqual({ placed: [], lifted: [] });
  });
});
