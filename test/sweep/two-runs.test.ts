import { expect, test } from 'vitest';
import {
  actOnAccount,
  decideAccount,
  liftHalt,
  placeHalt,
  restoreCredential,
} from '../../lib/sweep/index.ts';
import { Ground } from './ground.ts';

const LABEL = 'access-key-unlabelled';
const HALT = { target: `rule:${LABEL}`, reason: 'not yet' } as const;

async function half(ground: Ground, runId: string) {
  const context = await ground.context({ process: runId });
  const workspace = { store: context.evidence, runId };
  return { context, options: { workspace, enforce: true, mayGoOn: () => true, allowance: 10 } };
}

async function decide(ground: Ground, runId: string): Promise<string> {
  const { context, options } = await half(ground, runId);
  return (await decideAccount(context, options)).status;
}

async function act(ground: Ground, runId: string): Promise<string> {
  const { context, options } = await half(ground, runId);
  return (await actOnAccount(context, options)).status;
}

test('I8 what a run has read before another one disabled a key does not show that somebody enabled it', async () => {
  const ground = await Ground.create({
    janitor: { lifetime: { 'access-key': '90d' } },
    rules: {
      [LABEL]: {
        why: 'Whoever finds the user should see whose key it is.',
        credential: 'access-key',
        match: { labelled: false },
        steps: ['tag'],
      },
    },
  });
  const { id } = ground.key({ user: 'deployer' });
  await placeHalt(ground.desk('alice'), HALT);
  await ground.sweep();
  await ground.wait(15);

  expect([await decide(ground, 'first'), await decide(ground, 'second')]).toEqual(['decided', 'decided']);
  expect(await act(ground, 'first')).toBe('finished');
  await liftHalt(ground.desk('bob'), HALT);
  expect(await act(ground, 'second')).toBe('finished');

  expect(ground.deeds()).toEqual([
    expect.stringContaining('UpdateAccessKey'),
    expect.stringContaining('TagUser'),
  ]);
  expect(ground.story(id)).not.toContain('quarantine.ended');
  const owner = await ground.context({ process: 'owner', by: 'dave' });
  const { changes } = await restoreCredential(owner, id, { reason: 'the month-end job needs it' });
  expect(changes).toMatchObject([{ change: 'enable', outcome: 'done' }]);
});
