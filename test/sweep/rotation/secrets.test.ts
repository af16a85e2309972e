import { describe, expect, test } from 'vitest';
import { allowRotations } from '../../../lib/sweep/allow-rotations.ts';
import { MAIN } from '../../world/places.ts';
import type { Ground } from '../ground.ts';
import {
  agedSecret,
  begin,
  cancelRotation,
  deleteSecret,
  FUNCTION,
  rotatingGround,
  SECRET_RULE,
  versionAt,
  workingFunction,
} from './rotating-ground.ts';

const WAY = ['finding.opened', 'owner.notified', 'step.intended', 'rotation.begun', 'step.done'];

describe('a secret with a rotation of its own', () => {
  test('is announced, asked for once, watched to its end, and then left alone (G2, I1)', async () => {
    const ground = await rotatingGround();
    ground.aws.rotationFunctions.set(FUNCTION, workingFunction(ground));
    const secret = agedSecret(ground);
    await begin(ground);
    expect(ground.story(secret)).toEqual(WAY);
    const [begun] = ground.of('rotation.begun');
    expect(begun).toMatchObject({
      rule: SECRET_RULE,
      data: { trigger: 'step', by: 'secrets-manager', secretId: secret },
    });
    expect(ground.of('step.intended')[0]?.scope).toMatchObject({
      action: 'secretsmanager:RotateSecret',
      parameters: { SecretId: secret, ClientRequestToken: begun?.data.rotationId },
    });

    await ground.sweep();
    expect(ground.story(secret)).toEqual(WAY);

    await ground.aws.runRotations();
    expect(await versionAt(ground, secret, 'AWSCURRENT')).toBe(begun?.data.rotationId);
    await ground.sweep();
    expect(ground.story(secret)).toEqual([...WAY, 'rotation.finished', 'finding.closed']);
    const rotations = ground.deeds().filter((deed) => deed.startsWith('RotateSecret'));
    expect(rotations).toEqual([`RotateSecret ${secret}`]);
  });

  test('its owner is told before, and of what', async () => {
    const ground = await rotatingGround();
    agedSecret(ground);
    await ground.sweep();
    const [letter] = ground.outbox.letters;
    expect(letter?.notice.recipient.id).toBe('dave');
    expect(letter?.notice.text).toMatch(/rotated, not before 2026-01-08/);
    expect(letter?.notice.items[0]?.announces?.step).toBe('rotate');
  });

  test('an observing sweep rotates nothing (G8)', async () => {
    const ground = await rotatingGround();
    agedSecret(ground);
    await ground.sweep();
    await ground.wait(4);
    const { held } = await ground.sweep({ enforce: false });
    expect(held).toContainEqual(expect.objectContaining({ step: 'rotate', code: 'observe-only' }));
    expect(ground.of('rotation.begun')).toEqual([]);
  });

  test('no more begin in a day than the pace allows; the rest is for the days after', async () => {
    const ground = await rotatingGround({ timeout: '10d' });
    for (const name of ['a', 'b', 'c', 'd', 'e']) agedSecret(ground, name);
    await begin(ground);
    expect(ground.of('rotation.begun')).toHaveLength(2);
    const { held, plans } = await ground.sweep();
    expect(held.filter(({ code }) => code === 'rotation-pace')).toHaveLength(3);
    expect(plans).toEqual([]);
    await ground.wait(1);
    await ground.sweep();
    expect(ground.of('rotation.begun')).toHaveLength(4);
  });

  test('rotations take no slot from destructive steps, nor the other way round (I5)', async () => {
    const ground = await rotatingGround();
    agedSecret(ground);
    await begin(ground);
    const key = ground.key({ user: 'deployer' });
    await ground.sweep();
    await ground.wait(14);
    await ground.sweep();
    expect(ground.of('slot.claimed').map(({ data, subject }) => `${data.step} ${subject}`)).toEqual([
      `rotate cap#${MAIN}`,
      `disable cap#${MAIN}`,
      'disable cap#organisation',
    ]);
    expect(ground.story(key.id)).toContain('step.done');
  });
});

describe('what cannot begin is held, told once with the way out, and never disabled instead', () => {
  test('a secret without any rotation', async () => {
    const ground = await rotatingGround();
    const secret = ground.secret({ name: 'by/hand', usedDays: 1 });
    await begin(ground);
    const letters = ground.outbox.letters.length;
    expect(ground.story(secret).slice(0, 4)).toEqual([
      'finding.opened',
      'owner.notified',
      'rotation.blocked',
      'owner.notified',
    ]);
    expect(ground.outbox.letters.at(-1)?.notice.text).toMatch(
      /rotation-not-configured.*no rotation: give it a rotation function/s,
    );
    for (let day = 0; day < 60; day += 10) {
      await ground.wait(10);
      const { held } = await ground.sweep();
      expect(held).toContainEqual(
        expect.objectContaining({ step: 'rotate', code: 'rotation-not-configured' }),
      );
    }
    expect(ground.outbox.letters).toHaveLength(letters);
    expect(ground.deeds()).toEqual([]);
  });

  test('a secret whose rotation was switched off is not switched on again', async () => {
    const ground = await rotatingGround();
    const secret = agedSecret(ground);
    await ground.sweep();
    await cancelRotation(ground, secret);
    await ground.wait(3);
    const { held } = await ground.sweep();
    expect(held).toContainEqual(expect.objectContaining({ step: 'rotate', code: 'rotation-disabled' }));
    expect(ground.of('rotation.begun')).toEqual([]);
  });
});

describe('a rotation that breaks stops those of the account until a person says go', () => {
  /** A rotation that has begun, and a second secret that is due after it. */
  async function begun() {
    const ground = await rotatingGround({ perAccountPerDay: 1 });
    ground.aws.rotationFunctions.set(FUNCTION, workingFunction(ground));
    const first = agedSecret(ground, 'a');
    await begin(ground);
    const second = agedSecret(ground, 'b');
    await ground.sweep();
    return { ground, first, second };
  }

  test.each([
    ['overdue', async (_ground: Ground, _secret: string) => {}],
    ['rotation-disabled', cancelRotation],
    ['secret-scheduled-for-deletion', deleteSecret],
  ])('%s', async (code, spoil) => {
    const { ground, first, second } = await begun();
    await spoil(ground, first);
    await ground.wait(4);
    const { held } = await ground.sweep();
    expect(ground.of('rotation.failed')[0]).toMatchObject({ subject: `credential#${first}`, data: { code } });
    expect(ground.of('rotations.stopped')[0]).toMatchObject({
      subject: `rotations#${MAIN}`,
      data: { credentialId: first, code },
    });
    expect(held).toContainEqual(expect.objectContaining({ credentialId: second, code: 'rotations-stopped' }));
    expect(ground.of('rotation.begun')).toHaveLength(1);

    await ground.sweep();
    expect(ground.of('rotations.stopped')).toHaveLength(1);
    await allowRotations(ground.desk('bob'), { accountId: MAIN, reason: 'the function is mended' });
    await ground.sweep();
    expect(ground.of('rotations.stopped')).toHaveLength(1);
    expect(ground.of('rotation.begun').map(({ subject }) => subject)).toContain(`credential#${second}`);
  });

  test('its owner is told that it failed, once', async () => {
    const { ground, first } = await begun();
    await ground.wait(4);
    const before = ground.outbox.letters.length;
    await ground.sweep();
    const text = ground.outbox.letters
      .slice(before)
      .find(({ notice }) =>
        notice.items.some(({ credentialId, announces }) => credentialId === first && announces === undefined),
      )?.notice.text;
    expect(text).toMatch(/failed on .* \(overdue\)/);
    const after = ground.outbox.letters.length;
    await ground.sweep();
    expect(ground.outbox.letters).toHaveLength(after);
  });

  test('one that ends late overcomes its failure; the stop stands until somebody has looked', async () => {
    const { ground, first } = await begun();
    await ground.wait(4);
    await ground.sweep();
    expect(ground.story(first)).toContain('rotation.failed');
    await ground.aws.runRotations();
    await ground.sweep();
    expect(ground.story(first)).toContain('rotation.finished');
    const { held } = await ground.sweep();
    expect(held).toContainEqual(expect.objectContaining({ code: 'rotations-stopped' }));
  });
});
