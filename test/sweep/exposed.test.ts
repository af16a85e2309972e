import { DeleteAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { EXPOSED_RULE } from '../../lib/domain/grant-evidence.ts';
import { explain, renderExplanation, verifyLedger } from '../../lib/ledger/index.ts';
import { draft } from '../builders/event.ts';
import { MAIN, REGION } from '../world/places.ts';
import { Ground } from './ground.ts';
import { FUNCTION, workingFunction } from './rotation/rotating-ground.ts';

/** A credential in good order, with a finding that the reconciler of break-glass opened on it. */
async function exposed(kind: 'secret' | 'access-key') {
  const ground = await Ground.create();
  const key = ground.key({ user: 'deployer', createdDays: 1, usedDays: 0 });
  const id = kind === 'secret' ? ground.secret({ name: 'app/db', usedDays: 1, createdDays: 5 }) : key.id;
  const context = await ground.context();
  const append = async (event: Parameters<typeof context.record.append>[2]) => {
    const recorded = await context.record.append(id, await context.record.read(id), event);
    expect(recorded.ok).toBe(true);
  };
  await append(
    draft('finding.opened', {
      at: ground.now(),
      rule: EXPOSED_RULE,
      data: { kind, reasons: ['its value was shown under break-glass grant 6f1d2c3b'] },
    }),
  );
  const open = async () => Object.keys((await context.record.read(id)).findings);
  return { ground, id, key, context, append, open };
}

test.each(['secret', 'access-key'] as const)(
  'what a grant exposed stands through every sweep, and nothing is done to it: %s',
  async (kind) => {
    const { ground, id, context, open } = await exposed(kind);
    const before = ground.deeds().length;
    for (let days = 0; days < 3; days += 1) {
      await ground.sweep();
      await ground.wait(1);
    }
    expect(await open()).toContain(EXPOSED_RULE);
    expect(ground.deeds().slice(before)).toEqual([]);
    const told = renderExplanation(await explain(context, id, { now: ground.now() })).join('\n');
    expect(told).toMatch(/was exposed during a break-glass grant: its value was shown/);
    expect(told).toContain(`janitor rotate ${id}`);
    expect((await verifyLedger(context)).problems).toEqual([]);
  },
);

test('it is closed by the first sweep after a rotation', async () => {
  const { ground, id, append, open } = await exposed('secret');
  await ground.sweep();
  expect(await open()).toContain(EXPOSED_RULE);
  await ground.wait(1);
  const rotation = { rotationId: 'rotation-1', secretId: id };
  await append(
    draft('rotation.begun', { at: ground.now(), data: { ...rotation, trigger: 'person', by: 'janitor' } }),
  );
  await append(draft('rotation.finished', { at: ground.now(), data: rotation }));
  await ground.sweep();
  expect(await open()).not.toContain(EXPOSED_RULE);
  expect(ground.of('finding.closed').at(-1)?.reason).toBe('It was rotated since.');
});

test('it is closed when the credential is gone', async () => {
  const { ground, key, open } = await exposed('access-key');
  await ground.sweep();
  const iam = new IAMClient({
    region: REGION,
    credentials: ground.aws.account(MAIN).credentials(),
    requestHandler: ground.aws.requestHandler({ process: 'somebody' }),
  });
  await iam.send(new DeleteAccessKeyCommand({ UserName: key.user, AccessKeyId: key.keyId }));
  await ground.wait(1);
  await ground.sweep();
  expect(await open()).toEqual([]);
});

test('a rule that matches what was exposed rotates it under every guard, and then nothing is open any more', async () => {
  const ground = await Ground.create({
    janitor: { rotation: { spreadOver: '0d', perAccountPerDay: 2 } },
    rules: {
      'shown-to-somebody': {
        why: 'Whoever had a grant may still know it.',
        credential: 'secret',
        match: { exposed: true },
        steps: ['notify', { rotate: { wait: '1d' } }],
      },
    },
  });
  ground.aws.rotationFunctions.set(FUNCTION, workingFunction(ground));
  const secret = ground.secret({ name: 'app/db', usedDays: 1, rotatedDays: 2, lambdaArn: FUNCTION });
  await ground.sweep();
  expect(ground.story(secret)).toEqual([]);
  const { record } = await ground.context();
  const reasons = ['its value was shown under break-glass grant 6f1d2c3b'];
  await record.append(
    secret,
    await record.read(secret),
    draft('finding.opened', { at: ground.now(), rule: EXPOSED_RULE, data: { kind: 'secret', reasons } }),
  );
  await ground.sweep();
  await ground.wait(2);
  await ground.sweep();
  await ground.aws.runRotations();
  await ground.sweep();
  expect(ground.story(secret)).toEqual([
    'finding.opened',
    'finding.opened',
    'owner.notified',
    'step.intended',
    'rotation.begun',
    'step.done',
    'rotation.finished',
    'finding.closed',
    'finding.closed',
  ]);
});
