import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/domain/metric.ts';
import { DAY_MS, MINUTE_MS } from '../../lib/domain/time.ts';
import { HubWorld } from './hub-world.ts';
import { MEMBER, SENDER } from './places.ts';
import { toldAndDue } from './stories.ts';
import { run } from './workflow.ts';

const POLICY = { enforced: ['access-key-unused', 'secret-unused'] };
const DONE = ['UpdateAccessKey', 'PutResourcePolicy'];

interface Trouble {
  readonly title: string;
  readonly begin: (world: HubWorld) => void;
  /** How the run fails. */
  readonly name: string;
  /** Changes that were made before it stopped. */
  readonly made: number;
}

const TROUBLES: readonly Trouble[] = [
  {
    title: 'the ledger is throttled before the first intent',
    begin: (world) => world.throttleAfter('slot.claimed', 2),
    name: 'LedgerUnavailable',
    made: 0,
  },
  {
    title: 'the ledger is throttled right after the first intent',
    begin: (world) => world.throttleAfter('step.intended', 1),
    name: 'LedgerUnavailable',
    made: 1,
  },
  {
    title: 'the ledger cannot be read right after the first intent',
    begin: (world) => world.throttleAfter('step.intended', 1, 'Query'),
    name: 'LedgerUnavailable',
    made: 0,
  },
  {
    title: 'the ledger is throttled right after the first outcome',
    begin: (world) => world.throttleAfter('step.done', 1),
    name: 'LedgerUnavailable',
    made: 1,
  },
  {
    title: 'the ledger is throttled from the start',
    begin: (world) => world.throttleAfter('run.started', 1),
    name: 'LedgerUnavailable',
    made: 0,
  },
  {
    title: 'the bucket of evidence is denied',
    begin: ({ services, deployment }) => services.s3.denied.add(deployment.buckets.evidence),
    name: 'EvidenceUnavailable',
    made: 0,
  },
  {
    title: 'the bucket of work files is denied',
    begin: ({ services, deployment }) => services.s3.denied.add(deployment.buckets.work),
    name: 'EvidenceUnavailable',
    made: 0,
  },
];

describe('I1 I6 I7 a store in trouble: the sweep stops before the next action, and the next run recovers', () => {
  test.each(TROUBLES)('$title', async ({ begin, name, made }) => {
    await using world = await HubWorld.open({ policy: POLICY });
    // A slot that was claimed in vain counts against the caps: there is room for it.
    world.key('in-use', { usedDays: 1 });
    world.secret('in-use', { usedDays: 1 });
    await toldAndDue(world);
    begin(world);
    await expect(run(world, { runId: 'run-2', accounts: [MEMBER] })).rejects.toMatchObject({ name });
    expect(deedsOf(world)).toHaveLength(made);
    expect(world.logs.filter((line) => line.includes('"level": "ERROR"'))).toHaveLength(1);

    world.mend();
    world.advance(20 * MINUTE_MS);
    const ran = await run(world, { runId: 'run-3', accounts: [MEMBER] });

    expect(ran.finished).toMatchObject({ swept: 1, incomplete: 0, notSwept: 0 });
    expect(deedsOf(world).toSorted()).toEqual(DONE.toSorted());
    expect(await world.of('step.done')).toHaveLength(2);
  });
});

describe('where notices go', () => {
  test('the operators’ topic and the bus are gone: owners are told and the run ends; metrics raise the alarm', async () => {
    await using world = await HubWorld.open({ policy: POLICY });
    world.services.sns.topics.clear();
    world.services.bus.buses.clear();
    await toldAndDue(world);
    expect(world.services.ses.sent).toHaveLength(1);
    expect(world.metric(METRICS.noticeCopiesFailed)).toEqual([[1, 1]]);
    expect(world.metric(METRICS.operatorsNotTold)).toEqual([1]);

    world.services.sns.topics.add(world.deployment.topicArn);
    const { finished } = await run(world, { runId: 'run-2', accounts: [MEMBER] });
    expect(finished).toMatchObject({ swept: 1, notSwept: 0 });
    expect(deedsOf(world).toSorted()).toEqual(DONE.toSorted());
    expect(world.metric(METRICS.operatorsNotTold)).toEqual([1]);
  });

  test('I3 mail is refused: nobody was told, so nothing is done, however long it lasts', async () => {
    await using world = await HubWorld.open({ policy: POLICY });
    world.services.ses.senders.delete(SENDER);
    await toldAndDue(world);
    world.advance(30 * DAY_MS);
    const { finished } = await run(world, { runId: 'run-2', accounts: [MEMBER] });
    expect(finished).toMatchObject({ swept: 1 });
    expect(deedsOf(world)).toEqual([]);

    world.services.ses.senders.add(SENDER);
    await run(world, { runId: 'run-3', accounts: [MEMBER] });
    expect(world.services.ses.sent.length).toBeGreaterThan(0);
    expect(deedsOf(world)).toEqual([]);
  });
});

function deedsOf(world: HubWorld): string[] {
  return world.changes().map((change) => change.split(' ')[1] ?? '');
}
