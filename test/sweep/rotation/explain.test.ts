import { expect, test } from 'vitest';
import { DAY_MS, plus } from '../../../lib/domain/time.ts';
import { explain, renderExplanation } from '../../../lib/ledger/index.ts';
import { approvePlan } from '../../../lib/sweep/approve-plan.ts';
import { type Ground, type Key, T0 } from '../ground.ts';
import { agedSecret, begin, rotatingGround, storedKey } from './rotating-ground.ts';

async function told(ground: Ground, { id }: Pick<Key, 'id'>) {
  const explanation = await explain(ground.desk('alice'), id, { now: ground.now() });
  return { ...explanation, text: renderExplanation(explanation).join('\n') };
}

test('G5 of a rotated key: old and new id, where the new one is, who was told, when the old one was used, disabled, deleted', async () => {
  const ground = await rotatingGround();
  const lastUsedAt = plus(T0, -DAY_MS);
  const { key, store } = storedKey(ground);
  await begin(ground);
  const replacedBy = ground.of('rotation.finished')[0]?.data.accessKeyId ?? '';

  const replaced = await told(ground, key);
  expect(replaced.summary).toMatch(
    new RegExp(`replaced on .* by ${replacedBy}, which is stored in ${store}`),
  );
  expect(replaced.replacement).toMatchObject({
    accessKeyId: key.keyId,
    replacedBy,
    storedIn: store,
    lastUsedAt,
  });

  for (const days of [8, 2]) {
    await ground.wait(days);
    await ground.sweep();
  }
  const disabledAt = ground.of('step.done').at(-1)?.at;
  await ground.sweep();
  await ground.wait(31);
  const { plans } = await ground.sweep();
  await approvePlan(ground.desk('bob'), plans[0]?.planId ?? '');
  await ground.sweep();
  expect(ground.deeds()).toContain(`DeleteAccessKey deployer/${key.keyId}`);

  const gone = await told(ground, key);
  expect(gone.replacement).toEqual({
    accessKeyId: key.keyId,
    replacedBy,
    storedIn: store,
    replacedAt: ground.of('rotation.finished')[0]?.at,
    told: ground
      .of('owner.notified')
      .filter(({ subject }) => subject === `credential#${key.id}`)
      .map(({ data, at }) => ({ recipient: data.recipient, at })),
    lastUsedAt,
    disabledAt,
    deletedAt: ground.of('step.done').at(-1)?.at,
  });
  expect(gone.replacement?.told.map(({ recipient }) => recipient)).toEqual(['dave', 'dave', 'dave']);
  for (const line of [
    `old key ${key.keyId}`,
    `new key ${replacedBy}, stored in ${store}`,
    'old key deleted: on',
  ]) {
    expect(gone.text).toContain(line);
  }
});

test('a rotation that has not finished is what a secret’s explanation begins with', async () => {
  const ground = await rotatingGround();
  const id = agedSecret(ground);
  await begin(ground);
  const { summary, replacement } = await told(ground, { id });
  expect(summary).toMatch(
    /^It is being rotated since 2026-01-08 .* has not finished; the value before is in force\.$/,
  );
  expect(replacement).toBeUndefined();
});
