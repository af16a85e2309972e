import { expect, test } from 'vitest';
import { DAY_MS, plus } from '../../lib/domain/time.ts';
import { createLedgerTables } from '../../lib/ledger/index.ts';
import { activatePolicy } from '../../lib/sweep/index.ts';
import { directClient } from '../world/dynamo/direct-client.ts';
import { TABLES } from '../world/janitor-process.ts';
import { Ground } from './ground.ts';
import { policyWith } from './ground-policy.ts';

type Voter = 'alice' | 'bob' | 'carol';

/** A ledger in which nothing was ever activated. */
async function inactive(): Promise<Ground> {
  const ground = await Ground.create();
  for (const table of Object.values(TABLES)) ground.dynamo.drop(table);
  await createLedgerTables(
    directClient(async (operation, input) => ground.dynamo.run(operation, input)),
    TABLES,
  );
  ground.written.length = 0;
  return ground;
}

const OTHER = policyWith({ janitor: { restoreHold: '3d' } });

test('G8 of two versions that are activated at once, each as the first, the later one needs the approval of the other', async () => {
  const ground = await inactive();
  const one = await ground.context({ process: 'one', by: 'alice' });
  const other = await ground.context({ process: 'other', by: 'dave', policy: OTHER });
  ground.network.meanwhile({
    process: 'other',
    before: ({ operation }) => operation === 'PutItem',
    run: () => activatePolicy(one),
  });
  expect(await activatePolicy(other)).toMatchObject({ outcome: 'pending', approvals: 0, needed: 2 });
  expect(ground.of('policy.activated').map(({ data }) => data.hash)).toEqual([one.policy.hash]);
});

test('G8 a version that gets its last approval while another one is activated has to be proposed under that one', async () => {
  const ground = await Ground.create();
  const late = policyWith({ janitor: { restoreHold: '4d' } });
  const vote = async (by: Voter, policy = OTHER) =>
    activatePolicy(await ground.context({ process: `${by}'s`, by, policy }));
  for (const policy of [OTHER, late]) {
    await vote('alice', policy);
    await vote('bob', policy);
  }
  const last = await ground.context({ process: 'late', by: 'carol', policy: late });
  ground.network.meanwhile({
    process: 'late',
    before: ({ operation }) => operation === 'PutItem',
    run: () => vote('carol'),
  });
  expect(await activatePolicy(last)).toMatchObject({ outcome: 'pending', approvals: 0 });
  const { policy } = await ground.context({ policy: OTHER });
  expect(ground.of('policy.activated').at(-1)?.data.hash).toBe(policy.hash);
});

test('G1 an activation names when each approval was given', async () => {
  const ground = await Ground.create();
  const approve = async (by: Voter) =>
    activatePolicy(await ground.context({ process: by, by, policy: OTHER }));
  await approve('alice');
  await ground.wait(1);
  const first = ground.now();
  await approve('bob');
  await ground.wait(1);
  expect(await approve('carol')).toMatchObject({ outcome: 'activated' });
  expect(
    ground
      .of('policy.activated')
      .at(-1)
      ?.approvals?.map(({ at }) => at.slice(0, 10)),
  ).toEqual([first.slice(0, 10), ground.now().slice(0, 10)]);
});

test('I14 a proposal that misses its quorum lapses by the clock: earlier approvals count for nothing, and it is proposed anew', async () => {
  const ground = await Ground.create();
  const vote = async (by: Voter) => activatePolicy(await ground.context({ process: by, by, policy: OTHER }));
  const proposed = await vote('alice');
  expect(proposed.outcome).toBe('pending');
  expect(proposed.lapsesAt?.slice(0, 16)).toBe(plus(ground.now(), 7 * DAY_MS).slice(0, 16));
  await vote('bob');
  await ground.wait(7);
  expect(await vote('carol')).toMatchObject({ outcome: 'pending', approvals: 0, needed: 2 });
  expect(ground.of('policy.proposed').map(({ actor }) => actor.person)).toEqual(['alice', 'carol']);
  expect(await vote('alice')).toMatchObject({ outcome: 'pending', approvals: 1 });
  expect(await vote('bob')).toMatchObject({ outcome: 'activated' });
});
