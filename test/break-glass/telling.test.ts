import { describe, expect, it } from 'vitest';
import { followUpIncidents, reviewGrant } from '../../lib/break-glass/index.ts';
import { subjects } from '../../lib/domain/subject.ts';
import { DAY_MS, MINUTE_MS } from '../../lib/domain/time.ts';
import { person } from '../builders/event.ts';
import { GRANT_ID } from '../builders/grant-drafts.ts';
import { INCIDENT_DRAFTS, INCIDENT_ID } from '../builders/incident-drafts.ts';
import { AfterUseGround } from './after-use-ground.ts';

const CONCERNED = ['operators', 'owner-of-orders'];

function told(scene: AfterUseGround): string[] {
  return scene.sent.map(({ telling: { about, recipient } }) => `${about} ${recipient}`);
}

async function returned() {
  const scene = await AfterUseGround.open();
  await scene.ground.started();
  scene.ground.pass(1);
  await scene.giveBack();
  return scene;
}

describe('who is told of a grant, each once', () => {
  it('that it has ended: who took it, who could say no, who answers for the account', async () => {
    const scene = await returned();
    await scene.round();
    await scene.round();
    const expected = ['ana', 'bo', 'cy', 'dora', ...CONCERNED].map((id) => `ended ${id}`);
    expect(told(scene).toSorted()).toEqual(expected.toSorted());
    expect((await scene.ground.types()).filter((type) => type === 'grant.told')).toHaveLength(6);
  });

  it('that its evidence is there: who may review it, with what it came to; never the one who took it', async () => {
    const scene = await returned();
    await scene.round();
    scene.ground.pass(40);
    scene.sent.splice(0);
    await scene.round();
    await scene.round();
    expect(told(scene).toSorted()).toEqual(['review bo', 'review cy', 'review dora']);
    expect(scene.sent[0]?.telling.summary).toEqual(['No call of its sessions is known.']);
  });

  it('that what they were shown was not all, once it is, although it was reviewed meanwhile', async () => {
    const late = 20 * MINUTE_MS;
    const scene = await AfterUseGround.open({ aws: { trailDelayMs: late } });
    const session = await scene.ground.started();
    await scene.ground.use(session);
    await scene.giveBack();
    scene.ground.pass(15);
    await scene.round();
    expect(scene.sent.splice(0).at(-1)?.telling.summary).toContain('No call of its sessions is known.');
    await reviewGrant(await scene.ground.context(), {
      grantId: GRANT_ID,
      actor: person('bo'),
      verdict: 'closed',
      reason: 'nothing was called',
    });
    for (const minutes of [15, 30, 30]) {
      scene.ground.pass(minutes);
      await scene.round();
    }
    expect(told(scene)).toEqual(['more bo', 'more cy', 'more dora']);
    expect(scene.sent[0]?.telling.summary[0]).toMatch(/^1 call by 1 session/);
  });

  it('that nobody reviewed it in time, once; what was reviewed is over', async () => {
    const scene = await returned();
    scene.ground.pass(40);
    await scene.round();
    scene.sent.splice(0);
    scene.ground.aws.clock.advance(4 * DAY_MS);
    await scene.round();
    await scene.round();
    const expected = ['bo', 'cy', 'dora', ...CONCERNED].map((id) => `overdue ${id}`);
    expect(told(scene).toSorted()).toEqual(expected.toSorted());
    await reviewGrant(await scene.ground.context(), {
      grantId: GRANT_ID,
      actor: person('bo'),
      verdict: 'closed',
      reason: 'all of it served the repair',
    });
    scene.sent.splice(0);
    await scene.round();
    expect(told(scene)).toEqual([]);
  });

  it('that it could not be ended, while it cannot', async () => {
    const scene = await AfterUseGround.open();
    await scene.ground.started({ content: { durationSeconds: 300 } });
    scene.ground.aws.faults.add({
      match: { service: 'iam', operation: 'CreatePolicyVersion' },
      effect: 'error',
      code: 'ServiceFailure',
      times: Number.POSITIVE_INFINITY,
    });
    scene.ground.pass(5);
    await scene.round();
    expect(told(scene).toSorted()).toEqual(
      ['bo', 'cy', 'dora', ...CONCERNED].map((id) => `end-failed ${id}`).toSorted(),
    );
    scene.ground.pass(17);
    scene.sent.splice(0);
    await scene.round();
    expect(new Set(scene.sent.map(({ telling }) => telling.about))).toEqual(new Set(['ended']));
  });

  it('whose fate is unknown is sent the same notice again, and who cannot be reached is not', async () => {
    const scene = await returned();
    scene.told = 'unknown';
    await scene.round();
    const first = scene.sent.splice(0).map(({ noticeId }) => noticeId);
    scene.told = 'refused';
    await scene.round();
    expect(scene.sent.splice(0).map(({ noticeId }) => noticeId)).toEqual(first);
    scene.told = 'accepted';
    await scene.round();
    expect(scene.sent).toEqual([]);
  });

  it('a crash after it was sent and before that was recorded sends the same notice, which routes know', async () => {
    const scene = await returned();
    scene.ground.passage = async (effect, run) => {
      if (effect === 'PutItem') throw new Error('gone');
      return run();
    };
    await scene.round();
    scene.ground.passage = (_effect, run) => run();
    const lost = scene.sent.splice(0).map(({ noticeId }) => noticeId);
    expect(lost).toHaveLength(1);
    await scene.round();
    expect(scene.sent.map(({ noticeId }) => noticeId)).toEqual(expect.arrayContaining(lost));
    expect(scene.sent).toHaveLength(6);
  });
});

describe('who is told of an incident', () => {
  it('at once custodians, reviewers and who answers for the account; late those who may act; each once', async () => {
    const scene = await AfterUseGround.open();
    const context = await scene.context();
    const subject = subjects.grantIncident(INCIDENT_ID);
    await context.ledger.append(subject, null, INCIDENT_DRAFTS['incident.opened']);
    const round = async () => {
      const { told: count } = await followUpIncidents(context, [INCIDENT_ID]);
      return [
        count,
        scene.incidents.splice(0).map(({ telling: { about, recipient } }) => `${about} ${recipient}`),
      ];
    };
    const opened = ['ana', 'dora', 'bo', 'cy', ...CONCERNED].map((id) => `opened ${id}`);
    expect(await round()).toEqual([6, opened]);
    expect(await round()).toEqual([0, []]);
    scene.ground.aws.clock.advance(4 * DAY_MS);
    expect(await round()).toEqual([4, ['bo', 'cy', ...CONCERNED].map((id) => `overdue ${id}`)]);
    expect(await round()).toEqual([0, []]);
    const types = (await context.ledger.chain(subject)).map(({ type }) => type);
    expect(types.filter((type) => type === 'incident.told')).toHaveLength(10);
  });
});
