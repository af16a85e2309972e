import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  type STSClient,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, type Clients, errorName, type OneAccount, oneAccount } from './one-account.ts';

const MEMBER = '444455556666';
const ROLE = `arn:aws:iam::${MEMBER}:role/janitor/reader`;

/** The hub account and a member with a role that trusts whom the statement says. */
function hubAndMember(statement: Record<string, unknown>): OneAccount {
  const world = oneAccount();
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` },
      Action: 'sts:AssumeRole',
      ...statement,
    },
  ];
  world.aws
    .account(MEMBER)
    .addRole({ name: 'reader', path: '/janitor/', trust: { Version: '2012-10-17', Statement } });
  return world;
}

function assume(sts: STSClient, extra: Partial<AssumeRoleCommandInput> = {}) {
  return sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'sweep-1', ...extra }));
}

async function session(
  { as, sts }: OneAccount,
  extra: Partial<AssumeRoleCommandInput> = {},
): Promise<Clients> {
  const { Credentials: given } = await assume(sts, extra);
  return as({
    credentials: {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    },
  });
}

describe('who may assume a role', () => {
  it.each<[string, Record<string, unknown>, Partial<AssumeRoleCommandInput>, boolean]>([
    ["the caller's account", {}, {}, true],
    ['the account as a number', { Principal: { AWS: ACCOUNT_ID } }, {}, true],
    ['anybody', { Principal: '*' }, {}, true],
    ['another account', { Principal: { AWS: 'arn:aws:iam::999999999999:root' } }, {}, false],
    [
      'the organisation',
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-embeddedaws1' } } },
      {},
      true,
    ],
    [
      'another organisation',
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } } },
      {},
      false,
    ],
    [
      'a role by pattern',
      { Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT_ID}:role/Embedded*` } } },
      {},
      true,
    ],
    [
      'another role',
      { Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT_ID}:role/x` } } },
      {},
      false,
    ],
    [
      'the external id',
      { Condition: { StringEquals: { 'sts:ExternalId': 'e' } } },
      { ExternalId: 'e' },
      true,
    ],
    ['no external id', { Condition: { StringEquals: { 'sts:ExternalId': 'e' } } }, {}, false],
    ['a condition nobody knows', { Condition: { StringMadeUp: { 'aws:PrincipalArn': '*' } } }, {}, false],
    ['tags without TagSession', {}, { Tags: [{ Key: 'a', Value: 'b' }] }, false],
    [
      'tags with TagSession',
      { Action: ['sts:AssumeRole', 'sts:TagSession'] },
      { Tags: [{ Key: 'a', Value: 'b' }] },
      true,
    ],
    ['an identity without SetSourceIdentity', {}, { SourceIdentity: 'ann' }, false],
    [
      'an identity with SetSourceIdentity',
      { Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] },
      { SourceIdentity: 'ann' },
      true,
    ],
  ])('trust in %s', async (_name, statement, extra, trusted) => {
    const { sts } = hubAndMember(statement);
    const outcome = await assume(sts, extra).then(
      () => 'trusted',
      (error: Error) => error.name,
    );
    expect(outcome).toBe(trusted ? 'trusted' : 'AccessDenied');
  });

  it('an explicit Deny beats an Allow', async () => {
    const { aws, sts } = oneAccount();
    const everybody = { Principal: '*', Action: 'sts:AssumeRole' };
    const Statement = [
      { Effect: 'Allow', ...everybody },
      { Effect: 'Deny', ...everybody },
    ];
    aws
      .account(MEMBER)
      .addRole({ name: 'reader', path: '/janitor/', trust: { Version: '2012-10-17', Statement } });
    expect(await errorName(assume(sts))).toBe('AccessDenied');
  });

  it('an account outside the organisation is not in it', async () => {
    const { account, sts } = hubAndMember({
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-embeddedaws1' } },
    });
    account.organizationId = undefined;
    expect(await errorName(assume(sts))).toBe('AccessDenied');
  });
});

describe('a session', () => {
  it('acts in the account of its role, under its own name', async () => {
    const world = hubAndMember({});
    world.aws.account(MEMBER).addUser({ name: 'member-user' });
    const { iam, sts } = await session(world);
    expect((await iam.send(new ListUsersCommand({}))).Users?.map((user) => user.UserName)).toEqual([
      'member-user',
    ]);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: MEMBER,
      Arn: `arn:aws:sts::${MEMBER}:assumed-role/reader/sweep-1`,
      UserId: expect.stringMatching(/^AROA[A-Z0-9]{16}:sweep-1$/),
    });
  });

  it('ends to the millisecond', async () => {
    const world = hubAndMember({});
    const { iam, secrets } = await session(world, { DurationSeconds: 900 });
    world.aws.clock.advance(900_000 - 1);
    await iam.send(new ListUsersCommand({}));
    world.aws.clock.advance(1);
    expect(await errorName(iam.send(new ListUsersCommand({})))).toBe('ExpiredToken');
    expect(await errorName(secrets.send(new ListSecretsCommand({})))).toBe('ExpiredTokenException');
  });

  it('is nothing without its token', async () => {
    const world = hubAndMember({});
    const { Credentials: given } = await assume(world.sts);
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
    };
    expect(await errorName(world.as({ credentials }).iam.send(new ListUsersCommand({})))).toBe(
      'InvalidClientTokenId',
    );
  });

  it('lasts an hour at most when a session assumed it, and keeps its source identity', async () => {
    const world = hubAndMember({ Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] });
    world.aws.account(MEMBER).addRole({
      name: 'second',
      maxSessionSeconds: 43_200,
      trust: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }],
      },
    });
    const { sts } = await session(world, { SourceIdentity: 'ann' });
    const second = { RoleArn: `arn:aws:iam::${MEMBER}:role/second` };
    expect(await errorName(assume(sts, { ...second, DurationSeconds: 3601 }))).toBe('ValidationError');
    expect(await errorName(assume(sts, { ...second, SourceIdentity: 'bob' }))).toBe('AccessDenied');
    expect((await assume(sts, { ...second, DurationSeconds: 3600 })).SourceIdentity).toBe('ann');
  });

  it('of a recreated role has another id behind the same name', async () => {
    const world = hubAndMember({});
    const before = await (await session(world)).sts.send(new GetCallerIdentityCommand({}));
    world.aws.account(MEMBER).addRole({
      name: 'reader',
      path: '/janitor/',
      trust: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
      },
    });
    const after = await (await session(world)).sts.send(new GetCallerIdentityCommand({}));
    expect(after.Arn).toBe(before.Arn);
    expect(after.UserId).not.toBe(before.UserId);
  });

  it.each([
    ['a policy over 2,048 characters', { Policy: ' '.repeat(2049) }, 'ValidationError'],
    ['a policy that is none', { Policy: '{"Statement": 1}' }, 'MalformedPolicyDocumentException'],
    ['a session name of one character', { RoleSessionName: 'x' }, 'ValidationError'],
    ['half a day and a second', { DurationSeconds: 43_201 }, 'ValidationError'],
  ])('is refused %s', async (_name, extra, name) => {
    expect(await errorName(assume(hubAndMember({}).sts, extra))).toBe(name);
  });
});
