import {
  DescribeSessionsCommand,
  type SessionState,
  StartSessionCommand,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createEvidenceClients } from '../../lib/aws/index.ts';
import { ACCOUNT_ID, errorName, oneAccount, REGION } from './one-account.ts';

const OWNER = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/helper/night`;

async function stage() {
  const { aws, account, sts } = oneAccount();
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
  };
  account.addRole({ name: 'helper', trust });
  const as = async (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => {
    const handler = aws.requestHandler();
    return createEvidenceClients({ credentials, requestHandler: () => handler, retryDelays: 'none' });
  };
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/helper`,
      RoleSessionName: 'night',
      DurationSeconds: 900,
    }),
  );
  const night = await as({
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  });
  const admin = (await as(account.credentials())).ssm(REGION);
  const open = (Target = 'i-0123456789abcdef0', region = REGION) =>
    night.ssm(region).send(new StartSessionCommand({ Target }));
  const list = async (State: SessionState, Filters = [{ key: 'Owner' as const, value: OWNER }]) =>
    (await admin.send(new DescribeSessionsCommand({ State, Filters }))).Sessions ?? [];
  return { aws, admin, open, list };
}

describe('Session Manager', () => {
  it('a shell outlives the credentials that opened it, until it is terminated', async () => {
    const { aws, admin, open, list } = await stage();
    const { SessionId } = await open();
    aws.clock.advance(16 * 60_000);
    expect(await errorName(open())).toMatch(/^ExpiredToken/);
    expect(await list('Active')).toMatchObject([{ SessionId, Owner: OWNER, Status: 'Connected' }]);
    await admin.send(new TerminateSessionCommand({ SessionId }));
    await admin.send(new TerminateSessionCommand({ SessionId }));
    expect(await list('Active')).toEqual([]);
    expect(await list('History')).toMatchObject([{ SessionId, Status: 'Terminated' }]);
  });

  it('lists by owner, in one Region, page by page', async () => {
    const { admin, open, list } = await stage();
    for (const target of ['i-00000000000000001', 'i-00000000000000002', 'i-00000000000000003'])
      await open(target);
    await open('i-00000000000000004', 'eu-west-1');
    expect(await list('Active')).toHaveLength(3);
    expect(
      await list('Active', [{ key: 'Owner', value: 'arn:aws:sts::111122223333:assumed-role/x/y' }]),
    ).toEqual([]);
    const first = await admin.send(new DescribeSessionsCommand({ State: 'Active', MaxResults: 2 }));
    const second = await admin.send(
      new DescribeSessionsCommand({ State: 'Active', MaxResults: 2, NextToken: first.NextToken }),
    );
    expect([first.Sessions?.length, second.Sessions?.length, second.NextToken]).toEqual([2, 1, undefined]);
  });

  it('knows no shell of another Region', async () => {
    const { admin, open } = await stage();
    const { SessionId } = await open('i-0123456789abcdef0', 'eu-west-1');
    expect(await errorName(admin.send(new TerminateSessionCommand({ SessionId })))).toBe(
      'DoesNotExistException',
    );
  });
});
