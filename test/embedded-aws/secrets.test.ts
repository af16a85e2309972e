import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  RestoreSecretCommand,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { errorName, NOW, type OneAccount, oneAccount, REGION, thrown } from './one-account.ts';

const DAY_MS = 86_400_000;

function denyReading(extra: Record<string, unknown> = {}): string {
  const Statement = [
    { Effect: 'Deny', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*', ...extra },
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

describe('last access of a secret', () => {
  it('is a day, in its own Region, and may precede its creation', async () => {
    const { account, secrets } = oneAccount();
    account.addSecret(REGION, {
      name: 'db',
      createdAt: '2026-02-01T00:00:00Z',
      lastAccessedAt: '2026-01-31T17:00:00Z',
    });
    const { LastAccessedDate } = await secrets.send(new DescribeSecretCommand({ SecretId: 'db' }));
    expect(LastAccessedDate?.toISOString()).toBe('2026-01-31T00:00:00.000Z');
  });

  it('is seen only after its lag', async () => {
    const { aws, account, secrets } = oneAccount({ lastUsedLagMs: DAY_MS });
    account.addSecret(REGION, { name: 'db', value: 'planted' });
    await secrets.send(new GetSecretValueCommand({ SecretId: 'db' }));
    const read = async () =>
      (await secrets.send(new ListSecretsCommand({}))).SecretList?.[0]?.LastAccessedDate;
    expect(await read()).toBeUndefined();
    aws.clock.advance(DAY_MS);
    expect((await read())?.toISOString()).toBe('2026-03-01T00:00:00.000Z');
  });

  it('does not come from a read that was denied', async () => {
    const { account, secrets } = oneAccount();
    account.addSecret(REGION, { name: 'db', value: 'planted', resourcePolicy: denyReading() });
    await thrown(secrets.send(new GetSecretValueCommand({ SecretId: 'db' })));
    expect(
      (await secrets.send(new DescribeSecretCommand({ SecretId: 'db' }))).LastAccessedDate,
    ).toBeUndefined();
  });
});

describe('a replicated secret', () => {
  function replicated(): OneAccount {
    const world = oneAccount();
    const replicas = [{ region: 'eu-west-1', lastAccessedAt: '2026-02-20T12:00:00Z' }];
    world.account.addSecret(REGION, { name: 'db', value: 'planted', replicas });
    return world;
  }

  it('tells the last access of its replica in DescribeSecret only', async () => {
    const { secrets } = replicated();
    const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'db' }));
    expect(described).toMatchObject({
      PrimaryRegion: REGION,
      ReplicationStatus: [
        { Region: 'eu-west-1', Status: 'InSync', LastAccessedDate: new Date('2026-02-20T00:00:00Z') },
      ],
    });
    const { SecretList } = await secrets.send(new ListSecretsCommand({}));
    expect(JSON.stringify(SecretList)).not.toContain('2026-02-20');
  });

  it('is listed in both Regions under its own ARN', async () => {
    const { as } = replicated();
    const { SecretList } = await as({ region: 'eu-west-1' }).secrets.send(new ListSecretsCommand({}));
    expect(SecretList).toMatchObject([
      { Name: 'db', PrimaryRegion: REGION, ARN: expect.stringContaining(':eu-west-1:') },
    ]);
  });

  it('hands its policy and its tags to the replica, which takes no orders of its own', async () => {
    const { secrets, as } = replicated();
    const replica = as({ region: 'eu-west-1' }).secrets;
    await secrets.send(new PutResourcePolicyCommand({ SecretId: 'db', ResourcePolicy: denyReading() }));
    await secrets.send(new TagResourceCommand({ SecretId: 'db', Tags: [{ Key: 'a', Value: 'b' }] }));
    expect((await replica.send(new GetResourcePolicyCommand({ SecretId: 'db' }))).ResourcePolicy).toBe(
      denyReading(),
    );
    expect((await replica.send(new DescribeSecretCommand({ SecretId: 'db' }))).Tags).toEqual([
      { Key: 'a', Value: 'b' },
    ]);
    expect(await errorName(replica.send(new GetSecretValueCommand({ SecretId: 'db' })))).toBe(
      'AccessDeniedException',
    );
    const tag = new TagResourceCommand({ SecretId: 'db', Tags: [{ Key: 'c', Value: 'd' }] });
    expect(await errorName(replica.send(tag))).toBe('InvalidRequestException');
  });

  it('is not deleted while it has a replica, nor is the replica', async () => {
    const { secrets, as } = replicated();
    const remove = new DeleteSecretCommand({ SecretId: 'db' });
    expect(await errorName(secrets.send(remove))).toBe('InvalidRequestException');
    expect(await errorName(as({ region: 'eu-west-1' }).secrets.send(remove))).toBe('InvalidRequestException');
  });
});

describe('the end of a secret', () => {
  it('comes with the end of its recovery window, and by nobody in particular', async () => {
    const { aws, account, secrets } = oneAccount();
    const arn = account.addSecret(REGION, { name: 'db' });
    await secrets.send(new DeleteSecretCommand({ SecretId: 'db', RecoveryWindowInDays: 7 }));
    aws.clock.advance(7 * DAY_MS - 1);
    await secrets.send(new RestoreSecretCommand({ SecretId: 'db' }));
    await secrets.send(new DeleteSecretCommand({ SecretId: 'db', RecoveryWindowInDays: 7 }));
    aws.clock.advance(7 * DAY_MS);
    expect(await errorName(secrets.send(new RestoreSecretCommand({ SecretId: 'db' })))).toBe(
      'ResourceNotFoundException',
    );
    expect(aws.changes.of(arn).at(-1)).toMatchObject({
      operation: 'EndOfRecoveryWindow',
      principalArn: 'secretsmanager.amazonaws.com',
      after: null,
    });
  });

  it('is told twice: when it was asked for in ListSecrets, when it is due in DescribeSecret', async () => {
    const { secrets, account } = oneAccount();
    account.addSecret(REGION, { name: 'db' });
    await secrets.send(new DeleteSecretCommand({ SecretId: 'db', RecoveryWindowInDays: 30 }));
    const { SecretList } = await secrets.send(new ListSecretsCommand({ IncludePlannedDeletion: true }));
    expect(SecretList?.[0]?.DeletedDate?.toISOString()).toBe(NOW);
    const { DeletedDate } = await secrets.send(new DescribeSecretCommand({ SecretId: 'db' }));
    expect(DeletedDate?.toISOString()).toBe('2026-03-31T09:00:00.000Z');
  });

  it('without a window is at once and for good; its name is free again', async () => {
    const { secrets, account } = oneAccount();
    account.addSecret(REGION, { name: 'db' });
    await secrets.send(new DeleteSecretCommand({ SecretId: 'db', ForceDeleteWithoutRecovery: true }));
    expect(await errorName(secrets.send(new DescribeSecretCommand({ SecretId: 'db' })))).toBe(
      'ResourceNotFoundException',
    );
    await secrets.send(new CreateSecretCommand({ Name: 'db', SecretString: 'new' }));
  });

  it('blocks its name until then', async () => {
    const { secrets, account } = oneAccount();
    account.addSecret(REGION, { name: 'db', deletedAt: NOW });
    const create = new CreateSecretCommand({ Name: 'db', SecretString: 'new' });
    expect(await errorName(secrets.send(create))).toBe('InvalidRequestException');
  });

  it('does not come to what another service owns', async () => {
    const { secrets, account } = oneAccount();
    account.addSecret(REGION, { name: 'rds-db', owningService: 'rds' });
    expect(await errorName(secrets.send(new DeleteSecretCommand({ SecretId: 'rds-db' })))).toBe(
      'InvalidRequestException',
    );
  });
});

describe('a Deny in the resource policy', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['for everybody', {}, true],
    ['for all actions', { Action: 'secretsmanager:*' }, true],
    ['for all but describing', { Action: undefined, NotAction: 'secretsmanager:DescribeSecret' }, true],
    ['for another action', { Action: 'secretsmanager:PutSecretValue' }, false],
    ['for another principal', { Principal: { AWS: 'arn:aws:iam::111122223333:user/ann' } }, false],
    ['for this account', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, true],
    [
      'for all but this role',
      { Condition: { ArnNotLike: { 'aws:PrincipalArn': '*:role/EmbeddedAdministrator' } } },
      false,
    ],
    [
      'for this role',
      { Condition: { ArnLike: { 'aws:PrincipalArn': '*:role/EmbeddedAdministrator' } } },
      true,
    ],
    [
      'of another resource',
      { Resource: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-*' },
      false,
    ],
  ])('%s', async (_name, extra, denied) => {
    const { account, secrets } = oneAccount();
    account.addSecret(REGION, { name: 'db', value: 'planted', resourcePolicy: denyReading(extra) });
    const outcome = await secrets.send(new GetSecretValueCommand({ SecretId: 'db' })).then(
      () => 'read',
      (error: Error) => error.name,
    );
    expect(outcome).toBe(denied ? 'AccessDeniedException' : 'read');
  });

  it('cannot be written as a public Allow when that is blocked', async () => {
    const { account, secrets } = oneAccount();
    account.addSecret(REGION, { name: 'db' });
    const put = { SecretId: 'db', BlockPublicPolicy: true };
    const open = denyReading({ Effect: 'Allow' });
    expect(
      await errorName(secrets.send(new PutResourcePolicyCommand({ ...put, ResourcePolicy: open }))),
    ).toBe('PublicPolicyException');
    await secrets.send(new PutResourcePolicyCommand({ ...put, ResourcePolicy: denyReading() }));
  });
});
