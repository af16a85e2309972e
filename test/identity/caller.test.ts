import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { createAwsClients } from '../../lib/aws/index.ts';
import { EmbeddedAws } from '../../lib/embedded-aws/index.ts';
import { callerIdentity, readRole, resolveActor } from '../../lib/identity/index.ts';

const ACCOUNT = '111122223333';

function clientsFor(
  aws: EmbeddedAws,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
) {
  return createAwsClients({
    region: 'eu-central-1',
    credentials,
    requestHandler: () => aws.requestHandler(),
    retryDelays: 'none',
  });
}

describe('whose credentials these are, AWS says', () => {
  test('of an IAM user', async () => {
    const aws = new EmbeddedAws();
    const account = aws.account(ACCOUNT);
    const { arn, userId } = account.addUser({ name: 'ana', path: '/people/' });
    const key = account.addAccessKey('ana');
    const clients = await clientsFor(aws, { accessKeyId: key.id, secretAccessKey: key.secretAccessKey });
    expect(await callerIdentity(clients)).toEqual({ accountId: ACCOUNT, arn, userId, partition: 'aws' });
  });

  test.each([
    ['InvalidClientTokenId', 403, 'aws-no-credentials', /Region/],
    ['ExpiredToken', 403, 'aws-expired-credentials', /aws sso login/],
    ['AccessDenied', 403, 'aws-denied', /sts:GetCallerIdentity/],
    ['InternalFailure', 500, 'aws-other', /again/],
  ])('%s ends in one clear line and a way out', async (code, status, expected, hint) => {
    const aws = new EmbeddedAws();
    aws.faults.add({
      match: { service: 'sts' },
      effect: 'error',
      code,
      status,
      times: Number.POSITIVE_INFINITY,
    });
    const clients = await clientsFor(aws, aws.account(ACCOUNT).credentials());
    await expect(callerIdentity(clients)).rejects.toMatchObject({
      name: 'JanitorError',
      code: expected,
      hint: expect.stringMatching(hint),
    });
  });

  test('nobody listening ends in one clear line and a way out', async () => {
    const clients = await createAwsClients({
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:9',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
      retryDelays: 'none',
    });
    await expect(callerIdentity(clients)).rejects.toMatchObject({
      code: 'aws-unreachable',
      hint: expect.stringContaining('AWS_ENDPOINT_URL'),
    });
    clients.close();
  });
});

describe('from the session to the person, over the wire', () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
  };
  const people = {
    personOf: (principal: string) => (principal === 'sso:ana@example.com' ? 'ana' : undefined),
  };

  async function sessionOf(role: { name: string; path: string }) {
    const aws = new EmbeddedAws();
    const account = aws.account(ACCOUNT);
    const { arn } = account.addRole({ ...role, trust });
    const administrator = await clientsFor(aws, account.credentials());
    const { Credentials } = await administrator.sts.send(
      new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'ana@example.com' }),
    );
    const clients = await clientsFor(aws, {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
    const lookups = { ...people, roleByName: (name: string) => readRole(clients, name) };
    return { account, actor: async () => resolveActor(await callerIdentity(clients), lookups) };
  }

  test('a role where Identity Center keeps its own is its user', async () => {
    const { actor } = await sessionOf({
      name: 'AWSReservedSSO_Admin_01',
      path: '/aws-reserved/sso.amazonaws.com/',
    });
    expect(await actor()).toMatchObject({ kind: 'person', person: 'ana' });
  });

  test('the same name elsewhere is a workload that claims to be ana', async () => {
    const { actor } = await sessionOf({ name: 'AWSReservedSSO_Admin_01', path: '/' });
    expect(await actor()).toMatchObject({ kind: 'workload', claimed: 'ana@example.com' });
  });

  test('who may not read the role is believed nothing', async () => {
    const { account, actor } = await sessionOf({
      name: 'AWSReservedSSO_Admin_01',
      path: '/aws-reserved/sso.amazonaws.com/',
    });
    account.deny('*', ['iam:GetRole']);
    expect(await actor()).toMatchObject({ kind: 'workload', claimed: 'ana@example.com' });
  });
});
