import { describe, expect, test } from 'vitest';
import { HubWorld } from './hub-world.ts';
import { MEMBER } from './places.ts';
import {
  actedAgain,
  inSmallParts,
  noticeFinished,
  planLapsed,
  policyChanged,
  toldAndDue,
} from './stories.ts';
import { act, decide } from './workflow.ts';

describe('a call that runs short of time is continued, not begun anew', () => {
  test('I6 many calls come to what one comes to', async () => {
    await using whole = await HubWorld.open();
    const one = await inSmallParts(whole, () => () => 900_000);
    const expected = { changes: whole.changes().map(withoutIds), types: await typesOf(whole) };
    await whole[Symbol.asyncDispose]();

    await using world = await HubWorld.open();
    const many = await inSmallParts(world);

    expect(one.calls).toBe(2);
    expect(many.calls).toBeGreaterThan(4);
    expect({ ...many, calls: one.calls }).toEqual(one);
    expect(world.changes().map(withoutIds)).toEqual(expected.changes);
    expect(await typesOf(world)).toEqual(expected.types);
  });
});

describe('what happens between the calls of a run', () => {
  test('G8 another policy is deployed: nothing is done that the old one decided, and the account says so', async () => {
    await using world = await HubWorld.open({ policy: { enforced: ['access-key-unused'] } });
    expect(await policyChanged(world)).toEqual([
      {
        accountId: MEMBER,
        status: 'skipped',
        reason: 'another policy was deployed since it was decided',
      },
    ]);
    expect(world.changes()).toEqual([]);
    const activations = await world.of('policy.activated');
    expect(activations.map(({ approvals }) => approvals?.map(({ actor }) => actor.person))).toEqual([
      undefined,
      ['ben', 'cleo'],
    ]);
  });

  test('I7 acting breaks off and is called again: what was begun is settled, the rest is done, nothing twice', async () => {
    await using world = await HubWorld.open({ policy: { enforced: ['access-key-unused', 'secret-unused'] } });
    expect(await actedAgain(world)).toEqual([{ accountId: MEMBER, status: 'finished' }]);
    expect(world.changes().map(withoutIds).toSorted()).toEqual([
      'credential-janitor-member-quarantine PutResourcePolicy',
      'credential-janitor-member-quarantine UpdateAccessKey',
    ]);
    expect((await world.of('step.done')).map(({ data }) => data.reconciled).toSorted()).toEqual([
      false,
      true,
    ]);
  });

  test('another sweep holds the account: the function says so by an error that the workflow waits for', async () => {
    await using world = await HubWorld.open({ policy: { enforced: ['access-key-unused'] } });
    await toldAndDue(world);
    const { items } = await decide(world, { runId: 'run-2', accounts: [MEMBER] });
    world.throttleAfter('lease.taken', 1);
    for (const item of items) await act(world, item).catch(() => undefined);
    world.mend();
    for (const item of items) await expect(act(world, item)).rejects.toMatchObject({ name: 'LeaseHeld' });
  });

  test('the member takes its role away: unreachable, and the run goes on', async () => {
    await using world = await HubWorld.open({ policy: { enforced: ['access-key-unused'] } });
    await toldAndDue(world);
    const { items } = await decide(world, { runId: 'run-2', accounts: [MEMBER] });
    world.lockOut(MEMBER);
    const answers = await Promise.all(items.map((item) => act(world, item)));
    expect(answers).toMatchObject([{ status: 'unreachable', reason: expect.stringContaining('was denied') }]);
    expect(world.changes()).toEqual([]);
  });

  test.each(['notice.prepared', 'notice.accepted'] as const)(
    'I3 I6 a crash after %s: the owner is told once more at most, and it is recorded once',
    async (after) => {
      await using world = await HubWorld.open({ policy: { enforced: ['access-key-unused'] } });
      await noticeFinished(world, after);
      expect(world.services.ses.sent).toHaveLength(after === 'notice.prepared' ? 2 : 1);
      expect(new Set(world.services.ses.sent.map(({ EmailTags }) => EmailTags[0]?.Value)).size).toBe(1);
      expect(await world.of('owner.notified')).toHaveLength(1);
    },
  );

  test('I14 a plan that nobody decides about lapses, and nothing is deleted', async () => {
    await using world = await HubWorld.open({ policy: { enforced: ['access-key-unused'] } });
    await planLapsed(world);
    expect(await world.of('plan.lapsed')).toHaveLength(1);
    expect(world.changes().map(withoutIds)).toEqual(['credential-janitor-member-quarantine UpdateAccessKey']);
  });
});

function withoutIds(change: string): string {
  return change.split(' ').slice(0, 2).join(' ');
}

/** Types of events by the kind of chain, leases left out: how often one is taken depends on the number of calls. */
async function typesOf(world: HubWorld): Promise<string[]> {
  const events = await world.events();
  return events
    .filter(({ subject }) => !subject.startsWith('lease#'))
    .map(({ subject, type }) => `${subject.split('#')[0]} ${type}`)
    .toSorted();
}
