import { describe, expect, test } from 'vitest';
import { explain, replaySweep, verifyLedger } from '../../lib/ledger/index.ts';
import { compilePolicy } from '../../lib/policy/index.ts';
import { policyFromArchive } from '../../lib/policy/policy-from-archive.ts';
import { placeHalt } from '../../lib/sweep/index.ts';
import { MAIN } from '../world/places.ts';
import { Ground } from './ground.ts';
import { type PolicyOverrides, policyWith } from './ground-policy.ts';
import {
  bornKey,
  bornSecret,
  expiryOf,
  HEARD_AFTER_S,
  hears,
  keyBirth,
  LABELLING,
  PIPELINE,
  SECRET_LABELS,
  secretTagsOf,
  tagsOf,
} from './newborn-ground.ts';

const LABELLED = ['credential.born', 'finding.opened', 'step.intended', 'step.done', 'finding.closed'];

/** The shipped labels with something more. */
function labelling(more: {
  readonly janitor?: object;
  readonly rules?: object;
  readonly directory?: object;
}) {
  return {
    janitor: { ...LABELLING.janitor, ...more.janitor },
    rules: { ...LABELLING.rules, ...more.rules },
    directory: { ...more.directory },
  } as PolicyOverrides;
}

describe('a credential is labelled with owner and expiry right after its birth', () => {
  test('a key: its creator owns it, I1 the intent comes before the tag, and the delay is told', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);

    const tagged = await hears(ground, newborn);

    expect(tagged).toMatchObject({ status: 'tagged', credentialId: key.id, delaySeconds: HEARD_AFTER_S });
    expect(ground.story(key.id)).toEqual(LABELLED);
    expect(ground.deeds()).toEqual([`TagUser ${key.user}`]);
    expect(await tagsOf(ground, key.user)).toEqual({
      [`janitor:${key.keyId}`]: `owner=erin expires=${expiryOf(newborn)}`,
    });
  });

  test.each(['arn', 'name'] as const)('a secret that the event names by its %s', async (by) => {
    const ground = await Ground.create(LABELLING);
    const { arn, newborn } = await bornSecret(ground, { by });
    expect(await hears(ground, newborn)).toMatchObject({ status: 'tagged', credentialId: arn });
    expect(await secretTagsOf(ground, arn)).toEqual({
      'janitor:owner': 'erin',
      'janitor:expires': expiryOf(newborn),
    });
  });

  test('G1 G2 the record names creator, call, instant and delay, and nothing of the event besides', async () => {
    const ground = await Ground.create(LABELLING);
    const { newborn } = await bornKey(ground);
    await hears(ground, newborn);
    expect(ground.of('credential.born')).toMatchObject([
      {
        seq: 1,
        requestIds: ['request-1'],
        data: {
          kind: 'access-key',
          creator: newborn.creator,
          createdAt: newborn.at,
          region: 'us-east-1',
          via: 'cloudtrail',
          delaySeconds: HEARD_AFTER_S,
        },
      },
    ]);
  });

  test('I6 I19 the next sweep agrees: nothing to do, nothing to record, and its verdicts replay', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await hears(ground, newborn);
    const before = { story: ground.story(key.id), deeds: ground.deeds() };

    const { sweepId, held, actions } = await ground.sweep();

    expect({ held, actions }).toEqual({ held: [], actions: [] });
    expect({ story: ground.story(key.id), deeds: ground.deeds() }).toEqual(before);
    const context = await ground.context();
    const compile = (text: string) => compilePolicy(policyFromArchive(text));
    expect(await replaySweep(context, sweepId, compile)).toMatchObject({ differing: 0, differences: [] });
    expect((await verifyLedger(context)).problems).toEqual([]);
  });

  test('explain KEY names who created it, and why that makes an owner', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await hears(ground, newborn);
    await ground.sweep();
    const { timeline, verdict } = await explain(await ground.context(), key.keyId, { now: ground.now() });
    expect(timeline[0]).toMatchObject({ text: expect.stringContaining('erin created this access-key on ') });
    expect(verdict?.owner).toEqual({ id: 'erin', source: 'creator' });
  });
});

describe('what nobody wants labelled is recorded only', () => {
  const observing: readonly (readonly [string, PolicyOverrides, boolean, RegExp])[] = [
    ['a deployment that observes', LABELLING, false, /observes only/],
    ['a policy that observes', labelling({ janitor: { mode: 'observe' } }), true, /enforces no label/],
    [
      'labels that are enforced elsewhere',
      labelling({ janitor: { enforce: [{ rules: [SECRET_LABELS], accounts: [MAIN] }] } }),
      true,
      /enforces no label .*access-key/,
    ],
    ['a policy without labels', {}, true, /enforces no label/],
  ];
  test.each(observing)('%s', async (_what, policy, mayAct, reason) => {
    const ground = await Ground.create(policy);
    const { key, newborn } = await bornKey(ground);
    const from = ground.aws.calls.size;

    expect(await hears(ground, newborn, { mayAct })).toEqual({
      status: 'recorded',
      credentialId: key.id,
      reason: expect.stringMatching(reason),
      delaySeconds: HEARD_AFTER_S,
    });

    expect(ground.story(key.id)).toEqual(['credential.born']);
    expect(ground.of('lease.taken')).toEqual([]);
    const calls = Object.keys(ground.aws.calls.counts(from)).filter((name) => !name.startsWith('dynamodb'));
    expect(calls).toEqual(['iam:GetUser', 'iam:ListAccessKeys']);
  });

  test('the sweep after it believes the record: its creator is told, not the default owner', async () => {
    const ground = await Ground.create();
    const { key, newborn } = await bornKey(ground);
    await hears(ground, newborn, { mayAct: false });
    await ground.wait(60);
    await ground.sweep();
    expect(ground.of('owner.notified').map(({ subject, data }) => [subject, data.recipient])).toEqual([
      [`credential#${key.id}`, 'erin'],
    ]);
  });
});

describe('the guards of every step speak here too', () => {
  test('G8 a version of the policy that was not activated', async () => {
    const ground = await Ground.create();
    ground.policy = policyWith(LABELLING);
    const { key, newborn } = await bornKey(ground);
    expect(await hears(ground, newborn)).toMatchObject({
      status: 'held',
      reason: expect.stringMatching(/^policy-not-activated: /),
    });
    expect(ground.story(key.id)).toEqual(['credential.born', 'finding.opened']);
  });

  test('G20 a halt', async () => {
    const ground = await Ground.create(LABELLING);
    await placeHalt(ground.desk('dave'), { target: `account:${MAIN}`, reason: 'an incident' });
    const { newborn } = await bornKey(ground);
    expect(await hears(ground, newborn)).toMatchObject({
      status: 'held',
      reason: expect.stringMatching(/^halted: .*an incident/),
    });
    expect(ground.changes()).toEqual([]);
  });

  test('I21 a halt placed after the intent', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    ground.afterIntent(() => placeHalt(ground.desk('dave'), { target: 'all', reason: 'stop' }), 'nursery');
    expect(await hears(ground, newborn)).toMatchObject({ status: 'abandoned' });
    expect(ground.network.happened).toBe(1);
    expect(ground.story(key.id).slice(-2)).toEqual(['step.intended', 'step.abandoned']);
    expect(ground.changes()).toEqual([]);
  });

  test('I9 a protected user', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground, { path: '/break-glass/' });
    expect(await hears(ground, newborn)).toMatchObject({
      status: 'held',
      reason: expect.stringMatching(/^protected: /),
    });
    expect(ground.of('step.intended')).toEqual([]);
    expect(await tagsOf(ground, key.user)).toEqual({});
  });

  test('a user with fifty tags: no intent, and the sweep says the same', async () => {
    const ground = await Ground.create(LABELLING);
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`tag-${n}`, 'x']));
    ground.aws.account(MAIN).addUser({ name: 'full', path: '/ci/', tags });
    const { id: keyId } = ground.aws.account(MAIN).addAccessKey('full', {});
    expect(await hears(ground, keyBirth({ user: 'full', keyId }, ground.now()))).toMatchObject({
      status: 'held',
      reason: expect.stringMatching(/^tags-full: .*51 tags/),
    });
    expect(ground.of('step.intended')).toEqual([]);
    expect((await ground.sweep()).held).toMatchObject([{ step: 'tag', code: 'tags-full' }]);
  });

  test('AWS refuses: recorded as failed', async () => {
    const ground = await Ground.create(LABELLING);
    ground.aws.account(MAIN).deny('*', ['iam:TagUser']);
    const { key, newborn } = await bornKey(ground);
    expect(await hears(ground, newborn)).toMatchObject({ status: 'failed' });
    expect(ground.story(key.id).at(-1)).toBe('step.failed');
  });

  test('no other step than a label, however due', async () => {
    const ground = await Ground.create(
      labelling({
        rules: {
          'access-key-any': {
            why: 'Nobody should have keys.',
            credential: 'access-key',
            match: { status: 'active' },
            steps: ['notify', { disable: { wait: '1d' } }],
          },
        },
      }),
    );
    const { key, newborn } = await bornKey(ground);
    expect(await hears(ground, newborn)).toMatchObject({ status: 'tagged' });
    expect(ground.deeds()).toEqual([`TagUser ${key.user}`]);
    expect(ground.outbox.letters).toEqual([]);
  });

  test('a label that comes after a notice waits for the sweep', async () => {
    const rules = {
      'access-key-unlabelled': { ...LABELLING.rules?.['access-key-unlabelled'], steps: ['notify', 'tag'] },
    };
    const ground = await Ground.create(labelling({ rules }));
    const { newborn } = await bornKey(ground);
    expect(await hears(ground, newborn)).toMatchObject({ status: 'recorded', reason: 'no label is due' });
    expect(ground.of('step.intended')).toEqual([]);
  });
});

describe('whose a newborn is', () => {
  const carries = async (ground: Ground, user: string) => Object.values(await tagsOf(ground, user));

  test('G20 a workload that made it does not own it, and that is said', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground);
    await hears(ground, { ...newborn, creator: PIPELINE });
    expect(await carries(ground, key.user)).toEqual([`owner=unresolved expires=${expiryOf(newborn)}`]);
    await ground.sweep();
    const { verdict } = await explain(await ground.context(), key.id, { now: ground.now() });
    expect(verdict?.owner).toEqual({
      id: 'unresolved',
      source: `unresolved (created by ${PIPELINE.arn}, who is no person of the directory)`,
    });
  });

  test('a tag that names somebody is stronger', async () => {
    const ground = await Ground.create(LABELLING);
    const { key, newborn } = await bornKey(ground, { owner: 'dave' });
    await hears(ground, newborn);
    expect(await carries(ground, key.user)).toContain(`owner=dave expires=${expiryOf(newborn)}`);
  });

  test('a session name that looks like a secret is left out', async () => {
    const ground = await Ground.create(LABELLING);
    const { newborn } = await bornKey(ground);
    const claimed = 'x7Qp2Lm9Zt4Rk8Vb3Nc6Ws1Jd5Hf0GyTAeXuIoBC';
    expect(await hears(ground, { ...newborn, creator: { ...PIPELINE, claimed } })).toMatchObject({
      status: 'tagged',
    });
    expect(ground.of('credential.born').map(({ data }) => data.creator.claimed)).toEqual([
      '[redacted: looks like an AWS secret access key]',
    ]);
  });
});
