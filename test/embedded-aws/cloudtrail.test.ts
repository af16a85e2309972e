import { LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { CreateAccessKeyCommand, CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createEvidenceClients } from '../../lib/aws/index.ts';
import type { EmbeddedAwsOptions } from '../../lib/embedded-aws/index.ts';
import { ACCOUNT_ID, errorName, NOW, oneAccount, REGION } from './one-account.ts';

const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/helper`;
const SECRET_VALUE = 'not-to-be-seen-anywhere';

async function stage(options: EmbeddedAwsOptions = {}) {
  const world = oneAccount(options);
  const { account, aws } = world;
  account.addUser({ name: 'ana' });
  account.addRole({
    name: 'helper',
    trust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }],
    },
  });
  const evidence = await createEvidenceClients({
    credentials: account.credentials(),
    requestHandler: () => aws.requestHandler(),
    retryDelays: 'none',
  });
  const look = async (input: LookupEventsCommandInput = {}, region = REGION) =>
    (await evidence.cloudTrail(region).send(new LookupEventsCommand(input))).Events ?? [];
  const session = async () => {
    const { Credentials: given } = await world.sts.send(
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'night', SourceIdentity: 'ana' }),
    );
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    return { ...world.as({ credentials }), accessKeyId: credentials.accessKeyId };
  };
  const byKey = (key: string) => ({
    LookupAttributes: [{ AttributeKey: 'AccessKeyId' as const, AttributeValue: key }],
  });
  return { ...world, evidence, look, session, byKey };
}

describe('CloudTrail records what was called', () => {
  it('by whom, when, on what, with which error: IAM in us-east-1, everything else where it was called', async () => {
    const { look, session, byKey, account } = await stage();
    const { iam, sts, accessKeyId } = await session();
    account.deny(ROLE, ['iam:CreateUser']);
    await iam.send(new ListUsersCommand({}));
    await errorName(iam.send(new CreateUserCommand({ UserName: 'eve' })));
    await iam.send(new CreateAccessKeyCommand({ UserName: 'ana' }));
    await sts.send(new GetCallerIdentityCommand({}));
    const inIam = await look(byKey(accessKeyId), 'us-east-1');
    expect(inIam.map(({ EventName, ReadOnly, Username }) => [EventName, ReadOnly, Username])).toEqual([
      ['CreateAccessKey', 'false', 'night'],
      ['CreateUser', 'false', 'night'],
      ['ListUsers', 'true', 'night'],
    ]);
    const [made, denied] = inIam.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent ?? ''));
    expect(denied).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining('iam:CreateUser on resource: user eve'),
      requestParameters: null,
      eventTime: '2026-03-01T09:00:00Z',
      recipientAccountId: ACCOUNT_ID,
      userIdentity: {
        type: 'AssumedRole',
        accessKeyId,
        arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/helper/night`,
        sessionContext: { sourceIdentity: 'ana', sessionIssuer: { arn: ROLE } },
      },
    });
    expect(made.responseElements.accessKey).toMatchObject({ userName: 'ana' });
    expect((await look(byKey(accessKeyId))).map(({ EventName }) => EventName)).toEqual(['GetCallerIdentity']);
    expect(await look(byKey(accessKeyId), 'eu-west-1')).toEqual([]);
  });

  it('never a value that is secret', async () => {
    const { look, session, byKey } = await stage();
    const { secrets, iam, accessKeyId } = await session();
    await secrets.send(new CreateSecretCommand({ Name: 'orders/db', SecretString: SECRET_VALUE }));
    await secrets.send(new GetSecretValueCommand({ SecretId: 'orders/db' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ana' }));
    const all = [...(await look(byKey(accessKeyId))), ...(await look(byKey(accessKeyId), 'us-east-1'))];
    expect(all).toHaveLength(3);
    expect(JSON.stringify(all)).toContain('orders/db');
    for (const secret of [SECRET_VALUE, AccessKey?.SecretAccessKey ?? 'absent']) {
      expect(JSON.stringify(all)).not.toContain(secret);
    }
  });

  it('AssumeRole whoever calls it; nothing else of administrators', async () => {
    const { look, session, iam } = await stage();
    const { accessKeyId } = await session();
    await iam.send(new ListUsersCommand({}));
    const events = await look();
    expect(events.map(({ EventName }) => EventName)).toEqual(['AssumeRole']);
    expect(events[0]?.Resources).toEqual([
      { ResourceType: 'AWS::IAM::Role', ResourceName: ROLE },
      { ResourceType: 'AWS::IAM::AccessKey', ResourceName: accessKeyId },
    ]);
  });

  it('an event is found some minutes after its call', async () => {
    const { look, session, aws } = await stage({ trailDelayMs: 5 * 60_000 });
    await session();
    aws.clock.advance(5 * 60_000 - 1);
    expect(await look()).toEqual([]);
    aws.clock.advance(1);
    expect(await look()).toHaveLength(1);
  });

  it('pages of 50, newest first, that lose nothing when events arrive meanwhile', async () => {
    const { aws, session, byKey, evidence } = await stage();
    const { sts, accessKeyId } = await session();
    const call = async () => {
      aws.clock.advance(1000);
      await sts.send(new GetCallerIdentityCommand({}));
    };
    for (let number = 0; number < 70; number += 1) await call();
    const client = evidence.cloudTrail(REGION);
    const first = await client.send(new LookupEventsCommand(byKey(accessKeyId)));
    await call();
    const second = await client.send(
      new LookupEventsCommand({ ...byKey(accessKeyId), NextToken: first.NextToken }),
    );
    const events = [...(first.Events ?? []), ...(second.Events ?? [])];
    expect([first.Events?.length, second.Events?.length, second.NextToken]).toEqual([50, 20, undefined]);
    expect(new Set(events.map(({ EventId }) => EventId)).size).toBe(70);
    const times = events.map(({ EventTime }) => EventTime?.getTime() ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it.each<[string, LookupEventsCommandInput, string]>([
    ['a page over 50', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    ['a token of its own', { NextToken: 'abc' }, 'InvalidNextTokenException'],
    [
      'an end before the start',
      { StartTime: new Date(2000), EndTime: new Date(1000) },
      'InvalidTimeRangeException',
    ],
    [
      'two attributes',
      {
        LookupAttributes: [
          { AttributeKey: 'EventName', AttributeValue: 'A' },
          { AttributeKey: 'Username', AttributeValue: 'b' },
        ],
      },
      'InvalidLookupAttributesException',
    ],
  ])('refuses %s', async (_name, input, error) => {
    const { look } = await stage();
    expect(await errorName(look(input))).toBe(error);
  });

  it.each<[LookupEventsCommandInput, number]>([
    [{ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRole' }] }, 1],
    [{ LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'night' }] }, 1],
    [{ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: ROLE }] }, 1],
    [{ StartTime: new Date(NOW), EndTime: new Date(NOW) }, 2],
    [{ StartTime: new Date('2026-03-02T00:00:00Z') }, 0],
  ])('finds by %j', async (input, count) => {
    const { look, session } = await stage();
    await (await session()).sts.send(new GetCallerIdentityCommand({}));
    expect(await look(input)).toHaveLength(count);
  });

  it('answers twice a second, and is asked again after throttling', async () => {
    const { look, evidence, aws } = await stage({ throttling: true });
    aws.clock.advance(1000);
    await Promise.all([look(), look()]);
    aws.clock.advance(1000);
    await Promise.all([look(), look()]);
    await expect(look()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(evidence.recorder.counts()).toEqual({ 'cloudtrail:LookupEvents': 12 });
  });
});
