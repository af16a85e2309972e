import { describe, expect, test } from 'vitest';
import { JanitorError } from '../../lib/domain/error.ts';
import { approvePlan, restoreCredential } from '../../lib/sweep/index.ts';
import { Ground } from './ground.ts';

/** Disabled on day 15; its deletion was approved on day 46 and is due. */
async function aboutToBeDeleted(): Promise<{ readonly ground: Ground; readonly id: string }> {
  const ground = await Ground.create();
  const { id } = ground.key({ user: 'deployer' });
  await ground.sweep();
  await ground.wait(15);
  await ground.sweep();
  await ground.wait(31);
  const { plans } = await ground.sweep();
  for (const { planId } of plans) await approvePlan(ground.desk('bob'), planId);
  return { ground, id };
}

/** The owner has looked and is about to place the hold; meanwhile a sweep intends the deletion and gets as far as `until`. */
async function restoreMeanwhile(ground: Ground, id: string, until: string): Promise<string> {
  let sweeping: Promise<unknown> = Promise.resolve();
  let restoring: Promise<unknown> = Promise.resolve();
  const sweep = () =>
    new Promise<void>((reached) => {
      const before = ground.of('step.intended').length;
      ground.network.meanwhile({
        process: 'sweeper',
        before: ({ operation }) => operation === until && ground.of('step.intended').length > before,
        run: () => {
          reached();
          return restoring.catch(() => undefined);
        },
      });
      sweeping = ground.sweep();
    });
  const context = await ground.context({ process: 'owner', by: 'dave' });
  ground.network.meanwhile({
    process: 'owner',
    before: ({ operation }) => operation === 'PutItem',
    run: sweep,
  });
  restoring = restoreCredential(context, id, { reason: 'the month-end job needs it' });
  const answer = await restoring.then(
    () => 'restored',
    (error: unknown) => (error instanceof JanitorError ? error.code : String(error)),
  );
  await sweeping;
  return answer;
}

function unsettledIntents(ground: Ground, id: string): number[] {
  const settled = (['step.done', 'step.abandoned', 'step.failed'] as const)
    .flatMap((type) => ground.of(type))
    .flatMap(({ subject, data }) => (subject.endsWith(id) ? [data.intent] : []));
  return ground
    .of('step.intended')
    .flatMap(({ subject, seq }) => (subject.endsWith(id) && !settled.includes(seq) ? [seq] : []));
}

describe('I21 a restore that meets an act begun since it looked says so', () => {
  test('before the last look of the guards: the hold stops the act', async () => {
    const { ground, id } = await aboutToBeDeleted();
    expect(await restoreMeanwhile(ground, id, 'Query')).toBe('act-under-way');
    expect(ground.story(id).slice(-3)).toEqual(['step.intended', 'hold.placed', 'step.abandoned']);
    expect(ground.deeds().join()).not.toContain('DeleteAccessKey');
    const again = await ground.context({ process: 'owner', by: 'dave' });
    const { changes } = await restoreCredential(again, id, { reason: 'the month-end job needs it' });
    expect(changes).toMatchObject([{ change: 'enable', outcome: 'done' }]);
  });

  test('I7 after it: nobody is told that a key is back which is then deleted unrecorded', async () => {
    const { ground, id } = await aboutToBeDeleted();
    expect(await restoreMeanwhile(ground, id, 'DeleteAccessKey')).toBe('act-under-way');
    expect(ground.deeds().at(-1)).toContain('DeleteAccessKey');
    expect(ground.story(id)).toContain('step.done');
    expect(unsettledIntents(ground, id)).toEqual([]);
  });
});
