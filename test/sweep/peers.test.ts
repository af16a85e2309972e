import { TagUserCommand } from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { MAIN } from '../world/places.ts';
import { Ground } from './ground.ts';
import { KEY_RULE } from './ground-policy.ts';

const done = (ground: Ground) =>
  ground.of('step.done').map(({ subject }) => subject.slice('credential#'.length));

/** Steps of the AWS change log and the letters, in the order in which they happened. */
function order(ground: Ground): string[] {
  const letters = ground.outbox.letters.map(({ at, notice }) => ({
    at,
    what: `tell ${notice.recipient.id}`,
  }));
  const changes = ground.changes().map(({ at, operation }) => ({ at, what: operation }));
  return [...letters, ...changes].sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ what }) => what);
}

describe('how peers fail at sweeping and acting, and why we do not', () => {
  test('aws-samples: keys were disabled on the first scan. Here no first sweep disables, however old the key', async () => {
    const ground = await Ground.create();
    for (const createdDays of [46, 400, 4000])
      ground.key({ user: `age-${createdDays}`, createdDays, usedDays: null });
    const { actions } = await ground.sweep();
    expect(actions.map(({ step }) => step)).toEqual(['notify', 'notify', 'notify']);
    expect(ground.changes()).toEqual([]);
  });

  test('aws-samples: dates were inferred from the creation date. Here the wait counts from the recorded notice', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer', createdDays: 4000 });
    await ground.wait(100);
    await ground.sweep();
    await ground.wait(13);
    await ground.sweep();
    expect(ground.changes()).toEqual([]);
    await ground.wait(1.1);
    await ground.sweep();
    expect(done(ground)).toEqual([key.id]);
  });

  test.each([1, 7, 30, 200])(
    'te-papa: one missed run and there was no warning. Here %d missed days cost no warning',
    async (days) => {
      const ground = await Ground.create();
      ground.key({ user: 'deployer', usedDays: 44 });
      await ground.sweep();
      expect(ground.outbox.letters).toEqual([]);
      await ground.wait(1 + days);
      await ground.sweep();
      expect(order(ground)).toEqual(['tell dave']);
      await ground.wait(15);
      await ground.sweep();
      expect(order(ground)).toEqual(['tell dave', 'UpdateAccessKey', 'tell dave']);
    },
  );

  test('aws-samples: the notice came after the act. Here every act follows its accepted notice by the wait', async () => {
    const ground = await Ground.create();
    ground.outbox.refusing.add('dave').add('platform').add('carol');
    ground.key({ user: 'deployer' });
    for (let month = 0; month < 6; month += 1) {
      await ground.sweep();
      await ground.wait(30);
    }
    expect(ground.changes()).toEqual([]);
  });

  test('Swabbie: the counter of the cap was never incremented. Here every act has claimed a slot of its own', async () => {
    const limits = { perAccountPerDay: 3, perOrganisationPerDay: 3, percentOfKind: 100, atLeast: 1 };
    const ground = await Ground.create({ janitor: { limits } });
    for (let user = 0; user < 8; user += 1) ground.key({ user: `user-${user}` });
    await ground.sweep();
    await ground.wait(15);
    await ground.sweep();
    await ground.sweep();
    expect(ground.changes()).toHaveLength(3);
    const slots = ground.of('step.intended').map(({ data }) => data.capSlot);
    expect(slots).toEqual([1, 2, 3]);
    expect(ground.of('slot.claimed').filter(({ subject }) => subject === 'cap#organisation')).toHaveLength(3);
  });

  test('aws-samples: no error handling per action. Here one credential that fails is reported and stops no other', async () => {
    const ground = await Ground.create();
    const keys = ['a', 'b', 'c'].map((user) => ground.key({ user }));
    await ground.sweep();
    await ground.wait(15);
    const refuse = ({ request }: { readonly request: { readonly body: string | Uint8Array } }) =>
      Buffer.from(request.body)
        .toString()
        .includes(keys[1]?.keyId ?? '');
    ground.aws.faults.add({
      match: { operation: 'UpdateAccessKey', when: refuse },
      effect: 'error',
      code: 'AccessDenied',
      status: 403,
      times: Infinity,
    });
    const { actions } = await ground.sweep();
    const disables = actions.filter(({ step }) => step === 'disable');
    expect(disables.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done']);
    expect(disables[1]).toMatchObject({
      credentialId: keys[1]?.id,
      reason: expect.stringContaining('AccessDenied'),
    });
    expect(ground.of('step.failed')).toHaveLength(1);
    expect(done(ground)).toEqual([keys[0]?.id, keys[2]?.id]);
  });

  test('aws-samples: 6 of 97 keys in use were deleted at 5 % throttling. Here none, at any share, for months', async () => {
    const ground = await Ground.create();
    const used = Array.from({ length: 12 }, (_, index) => ground.key({ user: `busy-${index}`, usedDays: 1 }));
    let calls = 0;
    const everySecond = () => {
      calls += 1;
      return calls % 2 === 0;
    };
    ground.aws.faults.add({
      match: { operation: 'GetAccessKeyLastUsed', when: everySecond },
      effect: 'throttle',
      times: Infinity,
    });
    for (let month = 0; month < 4; month += 1) {
      await ground.sweep();
      await ground.wait(15);
      for (const { keyId } of used) ground.aws.account(MAIN).recordUse(keyId);
      await ground.wait(15);
    }
    expect(ground.changes()).toEqual([]);
  });

  test('aws-samples, construct-hub: unreadable exemptions meant none. Here an exempt key stays while tags cannot be read', async () => {
    const exclude = { tags: { exempt: 'yes' } };
    const ground = await Ground.create({ rules: { [KEY_RULE]: { exclude } } });
    const account = ground.aws.account(MAIN);
    account.addUser({ name: 'exempt', tags: { exempt: 'yes', owner: 'dave' } });
    account.addAccessKey('exempt', { createdAt: ground.ago(300) });
    account.deny('*', ['iam:GetAccountAuthorizationDetails']);
    for (let month = 0; month < 4; month += 1) {
      expect((await ground.sweep()).complete).toBe(false);
      await ground.wait(30);
    }
    expect(ground.outbox.letters).toEqual([]);
    expect(ground.changes()).toEqual([]);
  });

  test('a third key is invisible in the report: it is read, judged, told about and disabled like the others', async () => {
    const ground = await Ground.create();
    const keys = [10, 60, 70].map((usedDays) => ground.key({ user: 'three', usedDays }));
    await ground.sweep();
    await ground.wait(15);
    await ground.sweep();
    expect(done(ground).sort()).toEqual([keys[1]?.id, keys[2]?.id].sort());
  });

  test('Cloud Custodian #842: the right key when a user has two', async () => {
    const ground = await Ground.create();
    const busy = ground.key({ user: 'two', usedDays: 1, createdDays: 300 });
    const idle = ground.key({ user: 'two', usedDays: 90, createdDays: 300 });
    await ground.sweep();
    await ground.wait(15);
    ground.aws.account(MAIN).recordUse(busy.keyId);
    await ground.sweep();
    expect(ground.changes().map(({ target }) => target)).toEqual([`two/${idle.keyId}`]);
  });

  test('Cloud Custodian #4799: an owner of many hears of them in one digest', async () => {
    const ground = await Ground.create();
    for (let user = 0; user < 5; user += 1) ground.key({ user: `user-${user}` });
    ground.secret({ name: 'app/db' });
    await ground.sweep();
    expect(ground.outbox.letters).toHaveLength(1);
    expect(ground.of('owner.notified')).toHaveLength(6);
  });

  test('Cloud Custodian #10284, #7201: what was removed, under which id, by whom and why stays on record', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    await ground.sweep();
    await ground.wait(15);
    await ground.sweep();
    const [intent] = ground.of('step.intended');
    expect(intent).toMatchObject({
      rule: KEY_RULE,
      controls: ['NHI7:2025'],
      reason: expect.stringMatching(/used/),
    });
    expect(JSON.stringify(intent?.scope)).toContain(key.keyId);
    expect(ground.of('step.done')[0]?.requestIds).toHaveLength(1);
  });

  test('ASR: a read that fails is not "gone": findings stay open, and nothing is closed or done', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: 'deployer' });
    const secret = ground.secret({ name: 'app/db' });
    await ground.sweep();
    ground.aws
      .account(MAIN)
      .deny('*', ['secretsmanager:ListSecrets', 'iam:GetCredentialReport', 'iam:GenerateCredentialReport']);
    await ground.wait(15);
    expect((await ground.sweep()).complete).toBe(false);
    for (const id of [key.id, secret]) expect(ground.story(id)).toEqual(['finding.opened', 'owner.notified']);
    expect(ground.changes()).toEqual([]);
  });

  const RANDOM = 'x7Qp2Lm9Zt4Rk8Vb3Nc6Ws1Jd5Hf0Gy/Ae+TuIoB';
  test.each([
    ['an owner tag that looks like a secret', { user: 'odd', owner: RANDOM }],
    ['a user named like a secret', { user: RANDOM.replace('/', 'a') }],
    [
      'a user whose path looks like a secret',
      { user: 'odd', path: `/${RANDOM.replace('/', 'a').replace('+', 'b')}/` },
    ],
  ])('one odd credential does not stop the sweep of the others: %s', async (_title, setup) => {
    const ground = await Ground.create();
    ground.key(setup);
    const ordinary = ground.key({ user: 'ordinary' });
    await ground.sweep();
    await ground.wait(15);
    await ground.sweep();
    expect(done(ground)).toContain(ordinary.id);
  });

  test('a change that cannot be recorded is held with the reason and uses up no slot', async () => {
    const ground = await Ground.create();
    const key = ground.key({ user: RANDOM.replace('/', 'a') });
    await ground.sweep();
    await ground.wait(15);
    const { held } = await ground.sweep();
    expect(held).toMatchObject([{ credentialId: key.id, step: 'disable', code: 'secret-shaped' }]);
    expect(ground.of('slot.claimed')).toEqual([]);
  });

  test('a tag that comes to look like a secret closes its finding without stopping the others', async () => {
    const match = { status: 'active', unusedFor: '45d', tags: { env: 'prod' } };
    const ground = await Ground.create({ rules: { [KEY_RULE]: { match } } });
    const account = ground.aws.account(MAIN);
    for (const name of ['odd', 'ordinary']) {
      account.addUser({ name, tags: { env: 'prod', owner: 'dave' } });
      account.addAccessKey(name, { createdAt: ground.ago(300) });
    }
    await ground.sweep();
    await ground.wait(15);
    await retag(ground, 'odd', RANDOM);
    await ground.sweep();
    expect(ground.of('finding.closed')).toHaveLength(1);
    expect(ground.of('finding.closed')[0]?.reason).not.toContain(RANDOM);
    expect(done(ground)).toMatchObject([expect.stringContaining('user/ordinary/')]);
  });

  test('one secret named like a secret access key does not stop the sweep of the others', async () => {
    const ground = await Ground.create();
    ground.secret({ name: RANDOM });
    const ordinary = ground.secret({ name: 'app/db' });
    await ground.sweep();
    await ground.wait(15);
    await ground.sweep();
    expect(done(ground)).toContain(ordinary);
  });
});

async function retag(ground: Ground, UserName: string, Value: string): Promise<void> {
  const { clients } = await ground.context({ process: 'console' });
  await clients.iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'env', Value }] }));
}
