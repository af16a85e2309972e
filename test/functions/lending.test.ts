import { expect, test } from 'vitest';
import type { Answer } from './asker.ts';
import { HubWorld, PLANTED } from './hub-world.ts';
import { GRANT, lent, lentToTheEnd, usedWithoutGrant } from './lending-stories.ts';

const lends = { policy: { lends: true } };
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const logged = (world: HubWorld) => world.logs.join('\n');

test('G11 G17 a role is taken, used, renewed and given back; its use is gathered, and reviewed by somebody else', async () => {
  await using world = await HubWorld.open(lends);
  const answers = await lent(world);
  expect(answers.map(({ status, body }) => [status, status === 200 ? '' : body])).toEqual(
    answers.map(() => [200, '']),
  );
  const [, started, , renewed, , returned, evidence, reviewed, shown] = answers;
  expect([started?.body.outcome, renewed?.body.outcome]).toEqual(['started', 'started']);
  expect(returned?.body.outcome).toBe('ended');
  expect(evidence?.body).toMatchObject({ complete: true });
  expect(JSON.stringify(evidence?.body)).toContain('CreateAccessKey');
  expect(reviewed?.body).toMatchObject({ grantId: GRANT, afterUse: 'closed' });
  expect(shown?.body).toMatchObject({ state: 'ended', secondsLeft: 0 });
  const types = new Set((await world.events()).map(({ type }) => type));
  for (const type of ['grant.activated', 'grant.renewed', 'grant.ended', 'grant.reviewed'])
    expect([...types]).toContain(type);
  expect(await world.of('finding.opened')).not.toEqual([]);
  // Neither what was lent nor what was read with it is written down anywhere.
  const secrets = [started, renewed].flatMap(({ body } = { status: 0, contentType: '', body: {} }) => {
    const { secretAccessKey, sessionToken } = Object(body.credentials);
    return [secretAccessKey, sessionToken];
  });
  for (const secret of [...secrets, PLANTED]) {
    expect(secret).toEqual(expect.any(String));
    expect(logged(world)).not.toContain(secret);
    expect(JSON.stringify(await world.events())).not.toContain(secret);
  }
});

test('I13 I15 a schedule of its own ends each grant, revoking one leaves the other, and a drill is held', async () => {
  await using world = await HubWorld.open(lends);
  const answers = await lentToTheEnd(world);
  expect(new Set(statuses(answers))).toEqual(new Set([200]));
  const [waiting, , started, , revoked, drill, shown] = answers;
  expect([waiting?.body.outcome, started?.body.outcome]).toEqual(['waiting', 'started']);
  expect(JSON.stringify(revoked?.body)).toContain('ended');
  expect(drill?.body).toMatchObject({ outcome: 'passed' });
  expect(shown?.body).toMatchObject({ state: 'ended', ending: { cause: 'expired' } });
  expect(world.services.scheduler.schedules.map(({ name }) => name)).toContain(GRANT);
  expect((await world.of('grant.errand-done')).map(({ data }) => data)).toEqual([{ errand: 'end-schedule' }]);
});

test('use without a grant, and of an identity of the vault, is an incident once, told and reviewed', async () => {
  await using world = await HubWorld.open(lends);
  const answers = await usedWithoutGrant(world);
  expect(statuses(answers)).toEqual([200, 200, 200]);
  expect(await world.of('incident.opened')).toHaveLength(2);
  expect(logged(world)).toContain('"BreakGlassIncidents"');
});
