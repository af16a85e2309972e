import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  ListUsersCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddedAws, loadSeed } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT_ID, NOW, type OneAccount, oneAccount, REGION } from './one-account.ts';

const SEED = {
  now: '2026-05-01T00:00:00Z',
  accounts: [
    {
      id: ACCOUNT_ID,
      alias: 'company',
      root: { keys: [{ createdAt: '2020-01-01T00:00:00Z' }] },
      optedInRegions: ['eu-south-1'],
      disabledRegions: ['sa-east-1'],
      users: [
        {
          name: 'deployer',
          path: '/ci/',
          tags: { owner: 'ann@example.com' },
          groups: ['builders'],
          accessKeys: [
            {
              id: 'AKIA0000000000000001',
              createdAt: '2025-01-01T00:00:00Z',
              lastUsed: { at: '2025-06-01T00:00:00Z' },
            },
            { status: 'Inactive' },
            {},
          ],
          serviceSpecificCredentials: [{ serviceName: 'codecommit.amazonaws.com' }],
        },
      ],
      roles: [{ name: 'r', trust: { Version: '2012-10-17', Statement: [] } }],
      secrets: { [REGION]: [{ name: 'db', value: 'planted', replicas: [{ region: 'eu-west-1' }] }] },
      denied: [{ principal: '*', actions: ['iam:GetAccessKeyLastUsed'] }],
    },
    { id: '444455556666', outside: true },
  ],
};

function thrownBy(action: () => void): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

describe('a seed document', () => {
  it('describes a whole world', () => {
    const aws = new EmbeddedAws();
    loadSeed(aws, SEED);
    expect(aws.snapshot()).toMatchObject({
      now: '2026-05-01T00:00:00.000Z',
      accounts: {
        [ACCOUNT_ID]: {
          users: {
            deployer: {
              path: '/ci/',
              keys: { AKIA0000000000000001: { lastUsedAt: '2025-06-01T00:00:00.000Z' } },
            },
          },
          secrets: { [REGION]: { db: {} }, 'eu-west-1': { db: {} } },
        },
      },
    });
    expect(aws.account('444455556666').organizationId).toBeUndefined();
    expect(aws.changes.all).toEqual([]);
  });

  it('names every problem at once and seeds nothing', () => {
    const aws = new EmbeddedAws({ now: NOW });
    const document = {
      accounts: [
        { id: 111122223333, users: [{ name: 'a b', accesKeys: [] }] },
        { id: '1', secrets: { nowhere: [] } },
      ],
    };
    const { message } = thrownBy(() => loadSeed(aws, document));
    expect(message).toContain('quote the account id: it is text');
    expect(message).toContain('accounts[0].users[0].name');
    expect(message).toContain('accounts[0].users[0].accesKeys is no known key');
    expect(message).toContain('an account id has 12 digits');
    expect(message).toContain('accounts[1].secrets.nowhere');
    expect(aws.snapshot()).toEqual({ now: NOW, accounts: {} });
  });

  it.each<[string, (account: OneAccount['account']) => void, RegExp]>([
    ['a user twice', (account) => account.addUser({ name: 'ANN' }), /already has a user ANN/],
    ['a key of nobody', (account) => account.addAccessKey('ghost'), /no user ghost/],
    ['a key id twice', (account) => account.addAccessKey('ann', { id: 'AKIA0000000000000009' }), /is taken/],
    ['a use of no key', (account) => account.recordUse('AKIA0000000000000000'), /no access key/],
    ['a secret twice', (account) => account.addSecret(REGION, { name: 'db' }), /already has a secret db/],
    ['an access to no secret', (account) => account.accessSecret(REGION, 'ghost'), /no secret ghost/],
    [
      'a reserved tag',
      (account) => account.addUser({ name: 'b', tags: { 'aws:x': '1' } }),
      /reserved prefix/,
    ],
    ['a trust policy that is none', (account) => account.addRole({ name: 'r', trust: 'x' }), /no IAM policy/],
    [
      'a day that is none',
      (account) => account.addUser({ name: 'b', createdAt: 'once' }),
      /"once" is not an instant/,
    ],
  ])('%s is refused by name', (_name, seed, message) => {
    const { account } = oneAccount();
    account.addUser({ name: 'ann' });
    account.addAccessKey('ann', { id: 'AKIA0000000000000009' });
    account.addSecret(REGION, { name: 'db' });
    expect(() => seed(account)).toThrow(message);
  });

  it('an account id has twelve digits', () => {
    expect(() => new EmbeddedAws().account('1')).toThrow(/"1" is not an account id/);
  });
});

describe('a world is determined by its seed, its clock and its calls', () => {
  async function play(seed: number) {
    const { aws, account, iam, secrets } = oneAccount({ seed });
    account.addUser({ name: 'ann' });
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    await secrets.send(new CreateSecretCommand({ Name: 'db', ClientRequestToken: 't'.repeat(32) }));
    return JSON.stringify([aws.snapshot(), aws.calls.all, aws.changes.all]);
  }

  it('the same again gives the same again', async () => {
    expect(await play(7)).toBe(await play(7));
  });

  it('another seed gives other ids', async () => {
    expect(await play(7)).not.toBe(await play(8));
  });
});

describe('the clock', () => {
  it('stands still unless moved', () => {
    const { aws } = oneAccount();
    expect(aws.clock.now().toISOString()).toBe(NOW);
    aws.clock.advance(1500);
    expect(aws.clock.now().toISOString()).toBe('2026-03-01T09:00:01.500Z');
  });

  it('follows the clock it was given until it is set', () => {
    let system = new Date(NOW);
    const { clock } = new EmbeddedAws({ now: () => system });
    system = new Date('2026-03-02T00:00:00Z');
    expect(clock.now()).toEqual(system);
    clock.advance(1000);
    expect(clock.now().toISOString()).toBe('2026-03-02T00:00:01.000Z');
    clock.set('2027-01-01T00:00:00Z');
    system = new Date('2026-04-01T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2027-01-01T00:00:00.000Z');
  });
});

it('secret values and secret access keys are in no log, change or snapshot', async () => {
  const { aws, account, iam, secrets } = oneAccount();
  account.addUser({ name: 'ann' });
  const planted = ['PLANTED-ONE', 'PLANTED-TWO', account.addAccessKey('ann').secretAccessKey];
  account.addSecret(REGION, { name: 'db', value: 'PLANTED-ONE' });
  await secrets.send(new PutSecretValueCommand({ SecretId: 'db', SecretString: 'PLANTED-TWO' }));
  await secrets.send(new GetSecretValueCommand({ SecretId: 'db' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  planted.push(AccessKey?.SecretAccessKey ?? 'missing');
  const written = JSON.stringify([aws.snapshot(), aws.calls.all, aws.changes.all]);
  for (const secret of planted) expect(written).not.toContain(secret);
});

describe('the change log', () => {
  it('tells who changed what from what to what, and nothing of calls that changed nothing', async () => {
    const { aws, account, iam } = oneAccount();
    account.addUser({ name: 'ann', tags: { a: '1' } });
    const tag = new TagUserCommand({ UserName: 'ann', Tags: [{ Key: 'b', Value: '2' }] });
    await iam.send(tag);
    await iam.send(tag);
    await iam.send(new ListUsersCommand({}));
    expect(aws.changes.all).toEqual([
      {
        at: NOW,
        service: 'iam',
        operation: 'TagUser',
        accountId: ACCOUNT_ID,
        principalArn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/EmbeddedAdministrator/bootstrap`,
        target: 'ann',
        before: { tags: { a: '1' } },
        after: { tags: { a: '1', b: '2' } },
      },
    ]);
  });
});

it('any text survives the way through XML', async () => {
  const { iam } = oneAccount();
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
  });
  let count = 0;
  const text = fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .filter((each) => each === each.trim() && !/[\p{C}]/u.test(each));
  await fc.assert(
    fc.asyncProperty(text, async (Description) => {
      count += 1;
      const RoleName = `role-${count}`;
      await iam.send(new CreateRoleCommand({ RoleName, Description, AssumeRolePolicyDocument: trust }));
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      expect(Role?.Description ?? '').toBe(Description);
    }),
    { numRuns: 60 },
  );
  expect((await iam.send(new ListRolesCommand({ MaxItems: 1000 }))).Roles).toHaveLength(count);
});
