import { IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { PutResourcePolicyCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { approvePlan, restoreCredential } from '../../lib/sweep/index.ts';
import type { PersonName } from '../world/people.ts';
import { MAIN, REGION } from '../world/places.ts';
import { Ground } from './ground.ts';
import { KEY_RULE, policyWith } from './ground-policy.ts';

const OWNERS = {
  Sid: 'Partner',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
};
const LATER = { ...OWNERS, Sid: 'AddedLater' };
const document = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

async function restore(ground: Ground, id: string, by: PersonName = 'dave') {
  return restoreCredential(await ground.context({ process: 'owner', by }), id, {
    reason: 'the month-end job needs it',
  });
}

function console(ground: Ground) {
  const credentials = ground.aws.account(MAIN).credentials();
  const requestHandler = ground.aws.requestHandler({ process: 'console' });
  return {
    iam: new IAMClient({ region: 'us-east-1', credentials, requestHandler }),
    secrets: new SecretsManagerClient({ region: REGION, credentials, requestHandler }),
  };
}

/** Warned on day 0, disabled or quarantined on day 15. */
async function untilDisabled(ground: Ground): Promise<void> {
  await ground.sweep();
  await ground.wait(15);
  await ground.sweep();
}

/** ... and deleted on day 46 under an approved plan. */
async function untilDeleted(ground: Ground): Promise<void> {
  await untilDisabled(ground);
  await ground.wait(31);
  const { plans } = await ground.sweep();
  for (const { planId } of plans) await approvePlan(ground.desk('bob'), planId);
  await ground.sweep();
}

const statementsNow = (ground: Ground): string[] => {
  const after = ground.changes().findLast(({ operation }) => /ResourcePolicy/.test(operation))?.after;
  return [...JSON.stringify(after).matchAll(/\\*"Sid\\*":\\*"(\w+)/g)].map((found) => found[1] ?? '');
};

describe('I8 a restore undoes exactly what we did', () => {
  test('a disabled key is active again, by a recorded intent and outcome', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await untilDisabled(ground);
    const { changes, left } = await restore(ground, key.id);
    expect(changes).toMatchObject([{ change: 'enable', outcome: 'done' }]);
    expect(left).toEqual([]);
    expect(ground.changes().at(-1)).toMatchObject({
      operation: 'UpdateAccessKey',
      target: `${key.user}/${key.keyId}`,
    });
    expect(ground.story(key.id).slice(-3)).toEqual(['hold.placed', 'step.intended', 'step.done']);
    expect(ground.of('step.intended').at(-1)).toMatchObject({
      actor: { person: 'dave' },
      justification: 'the month-end job needs it',
    });
  });

  test('a quarantined secret: our statement goes, what its owner wrote before and since stays', async () => {
    const ground = await Ground.create();
    const secret = ground.secret({ name: 'app/db', resourcePolicy: document(OWNERS) });
    await untilDisabled(ground);
    const ours = statementsNow(ground).find((sid) => sid !== 'Partner') ?? '';
    const quarantined = JSON.parse(String(policyOf(ground, secret)));
    await console(ground).secrets.send(
      new PutResourcePolicyCommand({
        SecretId: secret,
        ResourcePolicy: document(...quarantined.Statement, LATER),
      }),
    );
    expect(statementsNow(ground)).toContain(ours);
    const { changes } = await restore(ground, secret);
    expect(changes).toMatchObject([{ change: 'enable', outcome: 'done' }]);
    expect(JSON.parse(String(policyOf(ground, secret)))).toEqual(JSON.parse(document(OWNERS, LATER)));
  });

  test('a deleted secret comes back, first from the deletion, then from the quarantine', async () => {
    const ground = await Ground.create();
    const secret = ground.secret({ name: 'app/db' });
    await untilDeleted(ground);
    await ground.wait(10);
    const { changes } = await restore(ground, secret);
    expect(changes.map(({ change, outcome }) => `${change}:${outcome}`)).toEqual([
      'undelete:done',
      'enable:done',
    ]);
    expect(policyOf(ground, secret)).toBeNull();
  });

  test('a key that was inactive before we came stays inactive', async () => {
    const match = { status: 'inactive', unusedFor: '45d' };
    const ground = await Ground.create({ rules: { [KEY_RULE]: { match } } });
    const key = ground.key({ user: 'frank', status: 'Inactive' });
    await untilDisabled(ground);
    expect(ground.story(key.id)).toContain('step.done');
    const { changes, left } = await restore(ground, key.id);
    expect(changes.filter(({ outcome }) => outcome === 'done')).toEqual([]);
    expect(left).toHaveLength(1);
    expect(ground.changes()).toEqual([]);
  });

  test('a key its owner enabled meanwhile is left as it is, and the quarantine counts as over', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await untilDisabled(ground);
    await console(ground).iam.send(
      new UpdateAccessKeyCommand({ UserName: key.user, AccessKeyId: key.keyId, Status: 'Active' }),
    );
    const before = ground.changes().length;
    const { changes, left } = await restore(ground, key.id);
    expect(changes).toEqual([]);
    expect(left).toHaveLength(1);
    expect(ground.changes()).toHaveLength(before);
    expect(ground.story(key.id)).toContain('quarantine.ended');
  });
});

describe('who may restore', () => {
  test.each<readonly [string, PersonName, string, 'done' | 'may-not-restore']>([
    ['its owner, who was told', 'dave', 'alice', 'done'],
    ['the owner of the rule', 'erin', 'erin', 'done'],
    ['somebody who approves steps', 'bob', 'alice', 'done'],
    ['somebody else of the directory', 'erin', 'alice', 'may-not-restore'],
    ['somebody of no directory', 'mallory', 'alice', 'may-not-restore'],
    ['a program', 'robot', 'alice', 'may-not-restore'],
  ])('%s', async (_title, by, ruleOwner, what) => {
    const ground = await Ground.create({ rules: { [KEY_RULE]: { owner: ruleOwner } } });
    const key = ground.key({ user: 'deployer' });
    await untilDisabled(ground);
    const before = ground.written.length;
    const came = await restore(ground, key.id, by).then(
      ({ changes }) => changes[0]?.outcome,
      (error: unknown) => error,
    );
    if (what === 'done') {
      expect(came).toBe('done');
      return;
    }
    expect(came).toMatchObject({
      code: what,
      source: 'policy',
      hint: expect.stringContaining('alice, bob, carol, dave'),
    });
    expect(ground.written).toHaveLength(before);
  });

  test('the person behind the IAM user, also when somebody else was told', async () => {
    const people = ['alice', 'bob', 'carol', 'dave', 'erin', 'platform'].map((id) => ({
      id,
      mail: `${id}@example.com`,
      principals: [`sso:${id}`, ...(id === 'erin' ? [`arn:aws:iam::${MAIN}:user/ci/deployer`] : [])],
    }));
    const ground = await Ground.create({ directory: { people } });
    const key = ground.key({ user: 'deployer' });
    await untilDisabled(ground);
    expect((await restore(ground, key.id, 'erin')).changes).toMatchObject([{ outcome: 'done' }]);
  });

  test('the deployer whose word activated the first policy, even a program', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await untilDisabled(ground);
    const [first] = ground.of('policy.activated');
    const context = await ground.context({ process: 'owner' });
    await expect(
      restoreCredential(
        { ...context, actor: { kind: 'workload', arn: 'arn:aws:iam::111122223333:role/other' } },
        key.id,
        { reason: 'needed' },
      ),
    ).rejects.toMatchObject({ code: 'may-not-restore' });
    expect(first?.actor.person).toBe('alice');
    const without = policyWith({ directory: { groups: { security: { members: ['bob', 'carol'] } } } });
    const byFirst = await ground.context({ process: 'owner', by: 'alice', policy: without });
    expect((await restoreCredential(byFirst, key.id, { reason: 'needed' })).changes).toMatchObject([
      { outcome: 'done' },
    ]);
  });
});

describe('what cannot be restored says so', () => {
  test('nothing was done to it: nothing-to-restore, and no event is left behind', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await ground.sweep();
    const before = ground.written.length;
    await expect(restore(ground, key.id)).rejects.toMatchObject({
      code: 'nothing-to-restore',
      source: 'user',
    });
    expect(ground.written).toHaveLength(before);
  });

  test('a deleted key cannot come back, and nothing is tried', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await untilDeleted(ground);
    const before = ground.changes().length;
    const { changes, left } = await restore(ground, key.id);
    expect(changes).toEqual([]);
    expect(left).toHaveLength(1);
    expect(ground.changes()).toHaveLength(before);
  });

  test('an act under way is not raced: act-under-way', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await ground.sweep();
    await ground.wait(15);
    let refused: unknown;
    ground.afterIntent(async () => {
      refused = await restore(ground, key.id).catch((error: unknown) => error);
    });
    await ground.sweep();
    expect(refused).toMatchObject({ code: 'act-under-way' });
  });

  test('a process that may only read refuses before anything is recorded', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await untilDisabled(ground);
    const before = ground.written.length;
    const context = { ...(await ground.context({ by: 'dave' })), acting: undefined };
    const refused = restoreCredential(context, key.id, { reason: 'please' });
    await expect(refused).rejects.toMatchObject({ code: 'acting-refused', source: 'policy' });
    expect(ground.written).toHaveLength(before);
  });
});

test('I3 I21 after a restore the hold keeps the janitor away; later it takes a new notice and a new wait', async () => {
  const ground = await Ground.create();
  const key = ground.key({ user: 'deployer' });
  await untilDisabled(ground);
  await restore(ground, key.id);
  const before = { changes: ground.changes().length, letters: ground.outbox.letters.length };

  await ground.wait(29);
  const { held } = await ground.sweep();
  expect(held).toMatchObject([{ credentialId: key.id, code: 'on-hold' }]);
  expect(ground.outbox.letters).toHaveLength(before.letters);

  await ground.wait(2);
  expect((await ground.sweep()).actions).toMatchObject([{ step: 'notify', outcome: 'notified' }]);
  await ground.wait(13);
  await ground.sweep();
  expect(ground.changes()).toHaveLength(before.changes);

  await ground.wait(2);
  await ground.sweep();
  expect(ground.changes()).toHaveLength(before.changes + 1);
});

function policyOf(ground: Ground, secret: string): unknown {
  const change = ground
    .changes()
    .findLast(({ target, operation }) => target === secret && /ResourcePolicy/.test(operation));
  const after = change?.after;
  if (typeof after !== 'object' || after === null || !('policy' in after)) return after;
  return after.policy;
}
