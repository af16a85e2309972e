import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/domain/metric.ts';
import { activate } from './asker.ts';
import { plainDeployment } from './deployment.ts';
import { HubWorld, PLANTED } from './hub-world.ts';
import { HUB, MEMBER, STRANGER, SUSPENDED } from './places.ts';
import { list, run } from './workflow.ts';

const SCHEDULED = '2026-03-02T06:00:00Z';

describe('G8 an observing run over the organisation', () => {
  test('reads two accounts through AssumeRole, tells what came of the others, changes nothing', async () => {
    await using world = await HubWorld.open({ deployment: plainDeployment({ mode: 'observe' }) });
    world.key('stale');
    world.secret('app/db');
    world.key('robot', { account: HUB, usedDays: 1 });

    const ran = await run(world, { runId: 'run-1', enforce: false, scheduledAt: SCHEDULED });

    expect(ran.decided).toEqual([
      { accountId: HUB, status: 'finished' },
      { accountId: MEMBER, status: 'finished' },
      {
        accountId: STRANGER,
        status: 'unreachable',
        reason: expect.stringMatching(/AssumeRole .* was denied/),
      },
      { accountId: SUSPENDED, status: 'skipped', reason: 'its state in the organisation is SUSPENDED' },
    ]);
    expect(ran).toMatchObject({
      acted: [],
      finished: { accounts: 4, swept: 2, incomplete: 0, notSwept: 2, credentials: 5 },
    });
    expect(world.changes()).toEqual([]);
    expect(world.services.ses.sent).toEqual([]);
    expect((await world.of('sweep.finished')).map(({ data }) => [data.accountId, data.outcomes.act])).toEqual(
      expect.arrayContaining([
        [HUB, 1],
        [MEMBER, 2],
      ]),
    );
  });

  test('G21 the operators read what was not swept, and metrics count it', async () => {
    await using world = await HubWorld.open({ policy: { enforced: [] } });
    await run(world, { runId: 'run-1', enforce: false });
    const [told] = world.services.sns.published;
    expect(told?.subject).toBe('Credential Janitor: 2 of 4 accounts swept, 2 with trouble');
    expect(told?.message).toContain(`Not swept: ${STRANGER}, unreachable: sts:AssumeRole`);
    expect(told?.message).toContain(
      `Not swept: ${SUSPENDED}, skipped: its state in the organisation is SUSPENDED`,
    );
    expect(world.metric(METRICS.accountsNotSwept)).toEqual([2]);
    expect(world.metric(METRICS.accountsIncomplete)).toEqual([0]);
    expect(world.metric(METRICS.accountsSwept)).toEqual([1, 1]);
  });
});

describe('a run that may act', () => {
  test('in a stack that observes it observes, whoever asked for more', async () => {
    await using world = await HubWorld.open({
      deployment: plainDeployment({ mode: 'observe', accounts: MEMBER }),
    });
    const listed = await list(world, { runId: 'run-1', enforce: true });
    expect(listed.status === 'listed' && world.items(listed.accounts.key)).toEqual([
      { runId: 'run-1', accountId: MEMBER, enforce: false, member: 'ACTIVE' },
    ]);
  });

  test('never acts in the management account', async () => {
    const deployment = plainDeployment({ accounts: MEMBER, managementAccount: MEMBER });
    await using world = await HubWorld.open({ deployment, policy: { enforced: ['access-key-unlabelled'] } });
    world.key('robot', { usedDays: 1 });
    await activate(world);
    const { acted } = await run(world, { runId: 'run-1' });
    expect(acted).toEqual([{ accountId: MEMBER, status: 'finished' }]);
    expect(world.changes()).toEqual([]);
    const act = await world.invoke('act-on-account', {
      runId: 'run-1',
      accountId: MEMBER,
      enforce: true,
      allowance: 1,
    });
    expect(act).toEqual({ accountId: MEMBER, status: 'finished' });
  });

  test('a step waits where the member lacks the acting role, and the rest goes on', async () => {
    const deployment = plainDeployment({ accounts: MEMBER, purposes: ['read'] });
    await using world = await HubWorld.open({ deployment, policy: { enforced: ['access-key-unlabelled'] } });
    world.key('robot', { usedDays: 1 });
    await activate(world);
    const { acted, finished } = await run(world, { runId: 'run-1' });
    expect(acted).toEqual([{ accountId: MEMBER, status: 'finished' }]);
    expect(finished).toMatchObject({ swept: 1, notSwept: 0 });
    expect(await world.of('step.intended')).toEqual([]);
    expect(world.changes()).toEqual([]);
  });
});

describe('which accounts a run sweeps', () => {
  test('those that a person names; one outside the organisation is skipped', async () => {
    await using world = await HubWorld.open({ policy: { enforced: [] } });
    const ran = await run(world, {
      runId: 'run-1',
      enforce: false,
      accounts: [MEMBER, '777788889999', MEMBER],
    });
    expect(ran.decided).toEqual([
      { accountId: MEMBER, status: 'finished' },
      {
        accountId: '777788889999',
        status: 'skipped',
        reason: 'its state in the organisation is NOT_A_MEMBER',
      },
    ]);
  });

  test('I6 a second firing for the same instant is a duplicate; a repetition of the same run is none', async () => {
    await using world = await HubWorld.open();
    expect(await list(world, { runId: 'run-1', scheduledAt: SCHEDULED })).toMatchObject({ status: 'listed' });
    expect(await list(world, { runId: 'run-2', scheduledAt: SCHEDULED })).toEqual({
      status: 'duplicate',
      runId: 'run-2',
      of: 'run-1',
    });
    expect(await list(world, { runId: 'run-1', scheduledAt: SCHEDULED })).toMatchObject({ status: 'listed' });
    expect(await world.of('run.started')).toHaveLength(1);
  });
});

test('a log has JSON alone in it', async () => {
  await using world = await HubWorld.open({ policy: { enforced: ['access-key-unlabelled'] } });
  world.key('robot', { usedDays: 1 });
  await activate(world);
  await run(world, { runId: 'run-1' });
  expect(world.logs.length).toBeGreaterThan(8);
  for (const line of world.logs) expect(() => JSON.parse(line), line).not.toThrow();
});

test('no function writes a secret value anywhere', async () => {
  await using world = await HubWorld.open();
  world.secret('app/db');
  await run(world, { runId: 'run-1', enforce: false, accounts: [MEMBER] });
  const { evidence, work } = world.deployment.buckets;
  const written = [evidence, work].flatMap((bucket) =>
    [...world.services.s3.objects(bucket).values()].map(readable),
  );
  expect(written.length).toBeGreaterThan(3);
  for (const text of [...written, ...world.logs]) expect(text).not.toContain(PLANTED);
});

function readable(bytes: Buffer): string {
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
}
