import { expect, test } from 'vitest';
import type { Answer } from './asker.ts';
import {
  askedFromElsewhere,
  carriedOut,
  delegated,
  excepted,
  groundless,
  leftAlone,
  ticketed,
} from './asking-stories.ts';
import { HubWorld, PLANTED } from './hub-world.ts';

const statuses = (answers: readonly Answer[]) => [...new Set(answers.map(({ status }) => status))];
const types = async (world: HubWorld) => (await world.events()).map(({ type }) => type);

test('G14 an exception is asked for, approved by two, carried out by the bus, challenged and revoked', async () => {
  await using world = await HubWorld.open();
  expect(statuses(await excepted(world))).toEqual([200]);
  expect(await types(world)).toEqual(
    expect.arrayContaining([
      'exception.activated',
      'exception.challenged',
      'exception.revoked',
      'hold.lifted',
    ]),
  );
  expect((await world.of('request.done')).map(({ actor }) => actor.arn)).toEqual([
    expect.stringContaining('carry-out-requests'),
  ]);
});

test('G13 an exception whose ground is gone is ended by the next sweep, which goes on without it', async () => {
  await using world = await HubWorld.open();
  expect(statuses(await groundless(world))).toEqual([200]);
  expect((await world.of('exception.expired')).map(({ data }) => data)).toEqual([{ cause: 'condition' }]);
  expect(await world.of('hold.lifted')).toHaveLength(1);
});

test('G13 an exception ends with its ticket; its state is asked with a token that no log and no record has', async () => {
  await using world = await HubWorld.open();
  const { answers, bearers } = await ticketed(world);
  expect(statuses(answers)).toEqual([200]);
  expect(bearers).toEqual([1, 2, 3].map(() => `Bearer ${PLANTED}`));
  expect((await world.of('exception.expired')).map(({ data }) => data)).toEqual([{ cause: 'condition' }]);
  expect(await world.of('hold.lifted')).toHaveLength(1);
  expect(JSON.stringify([world.logs, await world.events(), answers])).not.toContain(PLANTED);
});

test('I14 what nobody answers ends by the clock, once, although answers get lost', async () => {
  await using world = await HubWorld.open();
  expect(statuses(await leftAlone(world))).toEqual([200]);
  expect(await world.of('request.lapsed')).toHaveLength(1);
  expect(await world.of('challenge.undecided')).toHaveLength(1);
});

test('G12 I11 what was taken is given back on request, and a plan is approved by the people who approved it', async () => {
  await using world = await HubWorld.open();
  expect(statuses(await carriedOut(world))).toEqual([200]);
  expect(await world.of('request.done')).toHaveLength(2);
  expect(world.changes().filter((change) => change.includes('UpdateAccessKey builder'))).toHaveLength(2);
  expect((await world.of('plan.approved')).map(({ actor }) => actor.person)).toEqual(['ana', 'ben']);
});

test('G18 a pipeline asks on behalf of somebody who proved it; both are recorded, and the proof is used up', async () => {
  await using world = await HubWorld.open();
  expect(statuses(await delegated(world))).toEqual([200]);
  const [submitted] = await world.of('request.submitted');
  expect(submitted?.actor.arn).toContain('assumed-role/deploy/run-17');
  expect(submitted?.data.onBehalfOf).toMatchObject([{ kind: 'person', person: 'dave' }]);
});

test('I7 keys are rotated on request; one that a store refused is removed, and rotations stop there', async () => {
  await using world = await HubWorld.open({ policy: { rotates: true } });
  const answers = await askedFromElsewhere(world);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 500]);
  expect(await types(world)).toEqual(
    expect.arrayContaining([
      'rotation.finished',
      'rotation.key-removed',
      'rotation.failed',
      'rotations.stopped',
    ]),
  );
});
