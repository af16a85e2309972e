import { GetPrimaryEmailCommand } from '@aws-sdk/client-account';
import {
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  ListGroupsCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  ListSecretsCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, errorName, oneAccount, thrown } from './one-account.ts';

const ADMINISTRATOR = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/EmbeddedAdministrator/bootstrap`;

describe('explicit denials', () => {
  it('name the principal, the action and the resource as AWS does', async () => {
    const { account, iam, secrets } = oneAccount();
    account.addUser({ name: 'ann' });
    account.deny('*', ['iam:ListAccessKeys', 'secretsmanager:Describe*']);
    expect(await thrown(iam.send(new ListAccessKeysCommand({ UserName: 'ann' })))).toMatchObject({
      name: 'AccessDenied',
      message: `User: ${ADMINISTRATOR} is not authorized to perform: iam:ListAccessKeys on resource: user ann with an explicit deny in an identity-based policy`,
    });
    expect(await thrown(secrets.send(new DescribeSecretCommand({ SecretId: 'db' })))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('secretsmanager:DescribeSecret on resource: db'),
    });
  });

  it.each([
    ['everybody', '*', true],
    ['the session', ADMINISTRATOR, true],
    ['its role', `arn:aws:iam::${ACCOUNT_ID}:role/EmbeddedAdministrator`, true],
    ['somebody else', `arn:aws:iam::${ACCOUNT_ID}:user/ann`, false],
  ])('of %s', async (_name, principal, denied) => {
    const { account, iam } = oneAccount();
    account.deny(principal, ['iam:List*']);
    const outcome = await iam.send(new ListUsersCommand({})).then(
      () => 'ok',
      (error: Error) => error.name,
    );
    expect(outcome).toBe(denied ? 'AccessDenied' : 'ok');
  });

  it('are taken back', async () => {
    const { account, iam } = oneAccount();
    account.deny('*', ['*']);
    account.allow('*');
    await iam.send(new ListUsersCommand({}));
  });

  it('do not touch what was not denied', async () => {
    const { account, iam } = oneAccount();
    account.addUser({ name: 'ann' });
    const { id } = account.addAccessKey('ann');
    account.deny('*', ['iam:GetAccessKeyLastUsed']);
    await iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
    expect(await errorName(iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id })))).toBe(
      'AccessDenied',
    );
  });
});

describe('an operation that is not there', () => {
  it('is refused in the words of each service', async () => {
    const { iam, sts, secrets, regions } = oneAccount();
    expect(await errorName(iam.send(new ListGroupsCommand({})))).toBe('InvalidAction');
    expect(await errorName(sts.send(new GetSessionTokenCommand({})))).toBe('InvalidAction');
    expect(await errorName(secrets.send(new GetRandomPasswordCommand({})))).toBe('UnknownOperationException');
    expect(await errorName(regions.send(new GetPrimaryEmailCommand({ AccountId: ACCOUNT_ID })))).toBe(
      'UnknownOperationException',
    );
  });
});

describe('who signs', () => {
  it('the bootstrap administrator is no IAM user', async () => {
    const { iam, sts } = oneAccount();
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(ADMINISTRATOR);
    expect((await iam.send(new ListUsersCommand({}))).Users).toEqual([]);
  });

  it("a user's key acts as the user, and only in its own account", async () => {
    const { aws, account, as } = oneAccount();
    account.addUser({ name: 'ann' });
    const { id: accessKeyId, secretAccessKey } = account.addAccessKey('ann');
    aws.account('999999999999').addUser({ name: 'foreign' });
    const { iam } = as({ credentials: { accessKeyId, secretAccessKey } });
    expect((await iam.send(new ListUsersCommand({}))).Users?.map((user) => user.UserName)).toEqual(['ann']);
    const own = await iam.send(new ListAccessKeysCommand({}));
    expect(own.AccessKeyMetadata?.map((key) => key.AccessKeyId)).toEqual([accessKeyId]);
  });

  it('an unknown key is refused in the words of each service', async () => {
    const { as } = oneAccount();
    const { iam, secrets } = as({
      credentials: { accessKeyId: 'AKIAQQQQQQQQQQQQQQQQ', secretAccessKey: 'x' },
    });
    expect(await errorName(iam.send(new ListUsersCommand({})))).toBe('InvalidClientTokenId');
    expect(await errorName(secrets.send(new ListSecretsCommand({})))).toBe('UnrecognizedClientException');
  });

  it('a Region that is not enabled knows nobody', async () => {
    const { account, as } = oneAccount();
    const { secrets } = as({ region: 'eu-south-1' });
    expect(await errorName(secrets.send(new ListSecretsCommand({})))).toBe('UnrecognizedClientException');
    account.setRegion('eu-south-1', 'ENABLED');
    await secrets.send(new ListSecretsCommand({}));
  });

  it('a wrong secret is noticed when signatures are verified', async () => {
    const { account, as } = oneAccount({ verifySignatures: true });
    const { accessKeyId } = account.credentials();
    const { iam, secrets } = as({ credentials: { accessKeyId, secretAccessKey: 'wrong' } });
    expect(await errorName(iam.send(new ListUsersCommand({})))).toBe('SignatureDoesNotMatch');
    expect(await errorName(secrets.send(new ListSecretsCommand({})))).toBe('InvalidSignatureException');
  });
});
