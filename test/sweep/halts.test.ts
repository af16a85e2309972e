import { describe, expect, test } from 'vitest';
import { activatePolicy, type HaltTarget, liftHalt, placeHalt } from '../../lib/sweep/index.ts';
import type { PersonName } from '../world/people.ts';
import { MAIN, SIDE } from '../world/places.ts';
import { Ground } from './ground.ts';
import { KEY_RULE, lastResort, policyWith, SECRET_RULE } from './ground-policy.ts';

async function due(): Promise<Ground> {
  const ground = await Ground.create();
  ground.key({ user: 'deployer' });
  ground.secret({ name: 'app/db' });
  await ground.sweep();
  await ground.wait(15);
  return ground;
}

const touched = (ground: Ground) => ground.changes().map(({ service }) => service);

describe('G20 a halt stops acting, for whoever asks', () => {
  test.each([
    ['all', []],
    [`account:${MAIN}`, []],
    [`account:${SIDE}`, ['iam', 'secretsmanager']],
    [`rule:${KEY_RULE}`, ['secretsmanager']],
    [`rule:${SECRET_RULE}`, ['iam']],
  ] as const)('%s', async (target, acted) => {
    const ground = await due();
    await placeHalt(ground.desk('mallory'), { target, reason: 'something is wrong' });
    await ground.sweep();
    expect(touched(ground)).toEqual(acted);
  });

  test('a halted account is not written about either, and the result says why at the top', async () => {
    const ground = await Ground.create();
    ground.key({ user: 'deployer' });
    await placeHalt(ground.desk('dave'), { target: 'all', reason: 'something is wrong' });
    const { refused, actions } = await ground.sweep();
    expect(refused).toMatchObject({ code: 'halted', reason: expect.stringContaining('something is wrong') });
    expect(actions).toEqual([]);
    expect(ground.outbox.letters).toEqual([]);
  });

  test('halting twice keeps the first halt', async () => {
    const ground = await Ground.create();
    const first = await placeHalt(ground.desk('dave'), { target: 'all', reason: 'first' });
    expect(await placeHalt(ground.desk('erin'), { target: 'all', reason: 'second' })).toEqual(first);
    expect(ground.of('halt.placed')).toHaveLength(1);
  });

  test.each<readonly [PersonName, string]>([
    ['dave', 'same-person-may-not-resume'],
    ['robot', 'unresolved-may-not-resume'],
    ['mallory', 'unresolved-may-not-resume'],
    ['erin', 'may-not-resume'],
  ])('%s may not resume what dave halted: %s', async (by, code) => {
    const ground = await due();
    await placeHalt(ground.desk('dave'), { target: 'all', reason: 'stop' });
    await expect(liftHalt(ground.desk(by), { target: 'all', reason: 'go on' })).rejects.toMatchObject({
      code,
      source: 'policy',
    });
    await ground.sweep();
    expect(touched(ground)).toEqual([]);
  });

  test('another person resumes, and the next sweep goes on; a halt of something else stays', async () => {
    const ground = await due();
    await placeHalt(ground.desk('dave'), { target: 'all', reason: 'stop' });
    await placeHalt(ground.desk('dave'), { target: `rule:${KEY_RULE}`, reason: 'stop' });
    await liftHalt(ground.desk('bob'), { target: 'all', reason: 'go on' });
    await ground.sweep();
    expect(touched(ground)).toEqual(['secretsmanager']);
    await expect(liftHalt(ground.desk('bob'), { target: 'all', reason: 'again' })).rejects.toMatchObject({
      code: 'no-such-halt',
    });
  });
});

describe('resuming loosens a guard', () => {
  test('who owns the halted rule may resume it, and nothing else', async () => {
    const ground = await Ground.create({ rules: { [KEY_RULE]: { owner: 'erin' } } });
    for (const target of ['all', `rule:${KEY_RULE}`, `rule:${SECRET_RULE}`] as const)
      await placeHalt(ground.desk('dave'), { target, reason: 'stop' });
    const lift = (target: HaltTarget) => liftHalt(ground.desk('erin'), { target, reason: 'go on' });
    expect(await lift(`rule:${KEY_RULE}`)).toMatchObject({ target: `rule:${KEY_RULE}` });
    await expect(lift('all')).rejects.toMatchObject({ code: 'may-not-resume' });
    await expect(lift(`rule:${SECRET_RULE}`)).rejects.toMatchObject({ code: 'may-not-resume' });
  });

  test('who left the company resumes nothing', async () => {
    const left = ['alice', 'bob', 'carol', 'dave', 'erin', 'platform'].map((id) => ({
      id,
      mail: `${id}@example.com`,
      principals: [`sso:${id}`],
      ...(id === 'bob' ? { leftOn: '2020-01-01' } : {}),
    }));
    const ground = await Ground.create({ directory: { people: left } });
    await placeHalt(ground.desk('dave'), { target: 'all', reason: 'stop' });
    await expect(liftHalt(ground.desk('bob'), { target: 'all', reason: 'go on' })).rejects.toMatchObject({
      code: 'may-not-resume',
      hint: 'Ask alice, carol.',
    });
  });

  test('the refusal names whom to ask, without the one who halted', async () => {
    const ground = await Ground.create();
    await placeHalt(ground.desk('alice'), { target: 'all', reason: 'stop' });
    for (const by of ['alice', 'erin', 'robot'] as const)
      await expect(liftHalt(ground.desk(by), { target: 'all', reason: 'go on' })).rejects.toMatchObject({
        hint: expect.stringContaining('Ask bob, carol.'),
      });
  });
});

test('a halt of a rule that does not exist would stop nothing: refused, with the nearest one', async () => {
  const ground = await Ground.create();
  await expect(
    placeHalt(ground.desk('dave'), { target: 'rule:access-key-unsued', reason: 'stop' }),
  ).rejects.toMatchObject({
    code: 'no-such-rule',
    source: 'user',
    hint: expect.stringContaining(`did you mean "${KEY_RULE}"?`),
  });
  expect(ground.of('halt.placed')).toEqual([]);
});

describe('G8 a policy does not authorise itself', () => {
  test('a version that was not activated observes: it records findings, tells nobody and touches nothing', async () => {
    const ground = await due();
    const letters = ground.outbox.letters.length;
    const next = policyWith({ janitor: { restoreHold: '5d' } });
    const { refused, actions } = await ground.sweep({ policy: next });
    expect(refused).toMatchObject({ code: 'policy-not-activated' });
    expect(actions).toEqual([]);
    expect(ground.outbox.letters).toHaveLength(letters);
    expect(touched(ground)).toEqual([]);
  });

  test.each([
    ['mode: observe', { mode: 'observe' }],
    ['no rule under enforce', { enforce: [] }],
    ['another account under enforce', { enforce: [{ rules: [KEY_RULE, SECRET_RULE], accounts: [SIDE] }] }],
  ])('%s: even the activated version only observes', async (_title, janitor) => {
    const ground = await Ground.create({ janitor });
    const key = ground.key({ user: 'deployer' });
    for (let day = 0; day < 3; day += 1) {
      await ground.sweep();
      await ground.wait(30);
    }
    expect(ground.story(key.id)).toEqual(['finding.opened']);
    expect(ground.outbox.letters).toEqual([]);
    expect(touched(ground)).toEqual([]);
  });

  test('without --enforce nothing is said or done', async () => {
    const ground = await Ground.create();
    ground.key({ user: 'deployer' });
    await ground.sweep({ enforce: false });
    expect(ground.outbox.letters).toEqual([]);
    expect(ground.of('step.intended')).toEqual([]);
  });

  test('I11 the quorum and the group of the version before decide about the next one', async () => {
    const ground = await Ground.create();
    const usurper = policyWith({
      janitor: {
        approvals: {
          guarded: { group: 'us', quorum: 1 },
          critical: { group: 'us', quorum: 2 },
          policy: { group: 'us', quorum: 2 },
        },
      },
      directory: { groups: { security: { members: ['alice'] }, us: { members: ['dave', 'erin'] } } },
    });
    const activate = (by: PersonName) => activatePolicy(ground.desk(by, usurper));
    expect(await activate('dave')).toMatchObject({
      outcome: 'pending',
      approvals: 0,
      needed: 2,
      approverGroup: 'security',
    });
    await expect(activate('dave')).rejects.toMatchObject({ code: 'requester-may-not-approve' });
    await expect(activate('erin')).rejects.toMatchObject({ code: 'not-an-approver' });
    await expect(activate('robot')).rejects.toMatchObject({ code: 'not-an-approver' });
    expect(await activate('alice')).toMatchObject({ outcome: 'pending', approvals: 1 });
    await expect(activate('alice')).rejects.toMatchObject({ code: 'already-approved' });
    expect(await activate('bob')).toMatchObject({ outcome: 'activated', approvals: 2 });
    expect(
      ground
        .of('policy.activated')
        .at(-1)
        ?.approvals?.map(({ actor }) => actor.person),
    ).toEqual(['alice', 'bob']);
    expect(await activate('carol')).toMatchObject({ outcome: 'already-active' });
  });

  test('without the text of the active version nobody can judge the next one', async () => {
    const ground = await Ground.create();
    ground.evidence.clear();
    const next = policyWith({ janitor: { restoreHold: '5d' } });
    await expect(activatePolicy(ground.desk('bob', next))).rejects.toMatchObject({
      code: 'policy-archive-missing',
    });
  });

  test('I18 a rule whose review is overdue still warns and no longer disables', async () => {
    const ground = await Ground.create({ rules: { [KEY_RULE]: { reviewEvery: '10d' } } });
    ground.key({ user: 'deployer' });
    await ground.sweep();
    await ground.wait(15);
    const { held } = await ground.sweep();
    expect(held).toMatchObject([{ step: 'disable', code: 'review-overdue' }]);
    expect(ground.outbox.letters).toHaveLength(1);
    expect(touched(ground)).toEqual([]);
  });
});

describe('I9 protected credentials are never touched', () => {
  test.each([
    ['a break-glass user by its path', { user: 'firefighter', path: '/break-glass/' }],
    ['a vaulted emergency identity', { user: 'emergency', path: '/vault/' }],
  ])('%s: neither told about nor labelled nor disabled, for a whole year', async (_title, setup) => {
    const ground = await Ground.create();
    const key = ground.key(setup);
    for (let month = 0; month < 12; month += 1) {
      const { held } = await ground.sweep();
      expect(held.filter(({ credentialId }) => credentialId === key.id).map(({ code }) => code)).toContain(
        'protected',
      );
      await ground.wait(30);
    }
    expect(ground.outbox.letters).toEqual([]);
    expect(touched(ground)).toEqual([]);
  });

  test('an identity of the last resort, as breakGlass registers it: neither told about nor disabled', async () => {
    const ground = await Ground.create({ janitor: { breakGlass: lastResort('/safe/') } });
    const key = ground.key({ user: 'firefighter', path: '/safe/' });
    for (let month = 0; month < 3; month += 1) {
      const { held } = await ground.sweep();
      expect(held.find(({ credentialId }) => credentialId === key.id)).toMatchObject({
        code: 'protected',
        reason: expect.stringContaining('is an emergency identity'),
      });
      await ground.wait(30);
    }
    expect(ground.outbox.letters).toEqual([]);
    expect(touched(ground)).toEqual([]);
  });

  test('protected between the notice and the act: left alone', async () => {
    const ground = await Ground.create({
      janitor: { protect: [{ why: 'Whoever says so is left alone.', match: { tags: { keep: 'yes' } } }] },
    });
    const key = ground.key({ user: 'deployer' });
    await ground.sweep();
    await ground.wait(15);
    ground.afterIntent(async () => tag(ground, key.user));
    const { actions } = await ground.sweep();
    expect(actions).toMatchObject([
      { outcome: 'abandoned', reason: expect.stringMatching(/protected: Whoever says so/) },
    ]);
    expect(ground.deeds()).toEqual([`TagUser ${key.user}`]);
  });
});

async function tag(ground: Ground, UserName: string): Promise<void> {
  const { iam } = await ground.context({ process: 'console' }).then(({ clients }) => clients);
  const { TagUserCommand } = await import('@aws-sdk/client-iam');
  await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'keep', Value: 'yes' }] }));
}
