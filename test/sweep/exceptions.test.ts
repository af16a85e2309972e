import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../lib/domain/fact.ts';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { openChallenge, revokeException } from '../../lib/requests/index.ts';
import { placeHold } from '../../lib/sweep/index.ts';
import { actorOf } from '../world/people.ts';
import { MAIN } from '../world/places.ts';
import { ExceptionScene, OLD_RULE, REQUEST_ID } from './exception-scene.ts';
import { KEY_RULE } from './ground-policy.ts';

const ATLAS = { tag: { project: 'atlas' } };

describe('G13 an exception holds the rule it names', () => {
  test('and silences no other: that one disables the key as announced', async () => {
    const scene = await ExceptionScene.due();
    await scene.except(ATLAS);
    const { held } = await scene.sweep();
    expect(held).toContainEqual({
      credentialId: scene.key.id,
      rule: KEY_RULE,
      step: 'disable',
      code: 'on-hold',
      reason: expect.stringContaining(`exception ${REQUEST_ID}): the migration needs it`),
    });
    expect(scene.deeds()).toEqual([`disable ${OLD_RULE}`]);
  });

  test('I21 who takes out an exception while its step is under way is heard: it is abandoned', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.ground.wait(15);
    scene.ground.afterIntent(() => scene.except(ATLAS));
    const { actions } = await scene.sweep();
    expect(actions).toMatchObject([
      { step: 'disable', outcome: 'abandoned', reason: expect.stringContaining('exception hold') },
    ]);
    expect(scene.ground.changes()).toEqual([]);
  });

  test('I12 it ends by itself on its day, and the step goes on', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except(ATLAS, 20);
    await scene.ground.wait(19);
    await scene.sweep();
    expect(scene.deeds()).toEqual([]);
    await scene.ground.wait(1);
    await scene.sweep();
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });
});

interface Ending {
  readonly title: string;
  readonly state: string;
  readonly reason: RegExp;
  readonly end: (scene: ExceptionScene) => unknown;
}

const ENDINGS: readonly Ending[] = [
  {
    title: 'G13 its tag changes',
    state: 'expired',
    reason: /is expired: the tag "project" was to stay "atlas" and is now "hermes"/,
    end: (scene) => scene.tag('project', 'hermes'),
  },
  {
    title: 'G13 its ticket closes',
    state: 'expired',
    reason: /is expired: its ticket is closed/,
    end: (scene) => {
      scene.ticket = known('closed', scene.ground.now(), 'ticket system');
    },
  },
  {
    title: 'G14 somebody revokes it and its hold is left behind by a crash',
    state: 'revoked',
    reason: /is revoked: the key leaked/,
    end: (scene) =>
      revokeException(scene.requests(), {
        exceptionId: REQUEST_ID,
        actor: actorOf('erin'),
        reason: 'the key leaked',
      }),
  },
  {
    title: 'I18 a challenge to it is decided by nobody',
    state: 'expired',
    reason: /is expired: challenge-undecided/,
    end: async (scene) => {
      await openChallenge(scene.requests(), {
        challenged: { kind: 'exception', exceptionId: REQUEST_ID },
        actor: actorOf('erin'),
        reason: 'atlas is over',
        notBy: [],
      });
      await scene.sweep();
      expect(scene.deeds()).toEqual([]);
      await scene.ground.wait(5);
    },
  },
];

describe('G13, G14 the next sweep looks at an exception again, ends it, and goes on without it', () => {
  test.each(ENDINGS)('$title', async ({ state, reason, end }) => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except({ ...ATLAS, ticket: 'open' });
    await scene.ground.wait(15);
    await scene.sweep();
    expect(scene.deeds()).toEqual([]);
    await end(scene);

    await scene.sweep();

    expect((await scene.exception()).end?.state).toBe(state);
    expect(scene.ground.of('hold.lifted')).toMatchObject([{ reason: expect.stringMatching(reason) }]);
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
    expect(scene.ground.story(scene.key.id).slice(-4)).toEqual([
      'hold.lifted',
      'step.intended',
      'step.done',
      'owner.notified',
    ]);
    await scene.sweep();
    expect(scene.ground.of('hold.lifted')).toHaveLength(1);
  });

  test('G13 its owner changes: the new one is told first, and has the whole wait (I3)', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except({ owner: 'same' });
    await scene.ground.wait(15);
    await scene.tag('owner', 'erin');
    await scene.sweep();
    expect(scene.ground.of('hold.lifted')).toMatchObject([
      { reason: expect.stringContaining('its owner was dave and is now erin') },
    ]);
    expect(scene.deeds()).toEqual([]);
    expect(scene.ground.of('owner.notified').at(-1)?.data.recipient).toBe('erin');
    await scene.ground.wait(14);
    await scene.sweep();
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('I3 what was excepted before anybody was told is told first, and waits', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.ground.wait(3);
    await scene.except(ATLAS);
    await scene.tag('project', 'hermes');
    await scene.sweep();
    expect(scene.ground.of('hold.lifted')).toHaveLength(1);
    await scene.ground.wait(10);
    await scene.sweep();
    expect(scene.deeds()).toEqual([]);
    await scene.ground.wait(1);
    await scene.sweep();
    expect(scene.deeds()).toEqual([`disable ${KEY_RULE}`]);
  });

  test('I2 what the hold had kept from being confirmed is read anew: a key in use is not cut', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except(ATLAS);
    await scene.ground.wait(15);
    await scene.sweep();
    scene.ground.aws.account(MAIN).recordUse(scene.key.keyId);
    await scene.tag('project', 'hermes');
    const { actions } = await scene.sweep();
    expect(actions).toEqual([]);
    expect(scene.ground.story(scene.key.id).slice(-2)).toEqual(['hold.lifted', 'finding.closed']);
  });

  test('a sweep that only observes records the end too, and changes nothing', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except(ATLAS);
    await scene.ground.wait(15);
    await scene.tag('project', 'hermes');
    const changes = scene.ground.changes().length;
    await scene.sweep(false);
    expect((await scene.exception()).end).toMatchObject({ state: 'expired', cause: 'condition' });
    expect(scene.ground.of('hold.lifted')).toHaveLength(1);
    expect(scene.ground.changes(changes)).toEqual([]);
  });

  test('a tag that looks like a secret ends it all the same, and is not recorded', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except(ATLAS);
    const value = 'wJalrXUtnFEMI/K7MDENGbPxRfiCYzEXAMPLEKEY'.replace('EXAMPLE', 'Q7xP2mZ');
    await scene.tag('project', value);
    await scene.sweep();
    expect((await scene.exception()).end?.reason).toMatch(/is now "\[redacted: looks like/);
    expect(scene.ground.of('hold.lifted')).toHaveLength(1);
    expect(JSON.stringify(scene.ground.written)).not.toContain(value);
  });
});

describe('G22 what is unknown ends nothing', () => {
  test('its ticket cannot be asked about', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except({ ticket: 'open' });
    scene.ticket = unknown('the ticket system does not answer');
    await scene.ground.wait(15);
    const { held } = await scene.sweep();
    expect(scene.asked).toBe(1);
    expect(held).toMatchObject([{ code: 'on-hold' }]);
    expect(scene.ground.of('hold.lifted')).toEqual([]);
  });

  test('its tags cannot be read, nor whose it is', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except({ ...ATLAS, owner: 'same' });
    scene.ground.aws.account(MAIN).deny('*', ['iam:GetAccountAuthorizationDetails', 'iam:ListUserTags']);
    await scene.sweep();
    expect(scene.ground.of('hold.lifted')).toEqual([]);
    scene.ground.aws.account(MAIN).allow('*');
    await scene.sweep();
    expect(scene.ground.of('hold.lifted')).toEqual([]);
    await scene.tag('owner', 'erin');
    await scene.sweep();
    expect(scene.ground.of('hold.lifted')).toHaveLength(1);
  });

  test('nobody is asked about a ticket that an exception does not rest on', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    await scene.except(ATLAS);
    await scene.sweep();
    expect(scene.asked).toBe(0);
  });

  test('nor about exceptions at all where only a manual hold stands', async () => {
    const scene = await ExceptionScene.warned(KEY_RULE);
    const until = plus(scene.ground.now(), DAY_MS);
    await placeHold(scene.service(), scene.key.id, { kind: 'manual', reason: 'please', until });
    await scene.sweep();
    expect(scene.asked).toBe(0);
    expect(scene.ground.of('hold.lifted')).toEqual([]);
  });
});
