import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { inHub, inMember, own } from './lending.ts';
import { roleOf, rolesOf, statementsOf } from './statements.ts';
import { hubTemplate, plain, resourcesOf } from './synthesised.ts';

const without = await hubTemplate();
const listed = await hubTemplate({
  policyFolder: 'test/infrastructure/break-glass-policy',
  accounts: ['111122223333', '555566667777'],
});

const propertiesOf = (template: typeof own, type: string) =>
  resourcesOf(template, type).map(([, { Properties }]) => Properties);
const rulesOf = (deployed: ReturnType<typeof inHub>) =>
  deployed.resources('AWS::Events::Rule').map(({ Properties }) => Properties);
const ruleOf = (deployed: ReturnType<typeof inHub>, name: string) =>
  rulesOf(deployed).find(({ Name }) => Name === `credential-janitor-${name}`);

const EMERGENCY = ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:user/emergency/vault-1'];
const USED = {
  'detail-type': [
    'AWS API Call via CloudTrail',
    'AWS Console Sign In via CloudTrail',
    'AWS Console Signin via CloudTrail',
  ],
  $or: [
    { detail: { userIdentity: { arn: EMERGENCY } } },
    { detail: { userIdentity: { sessionContext: { sessionIssuer: { arn: EMERGENCY } } } } },
    // A sign-in that failed shows no ARN.
    {
      detail: {
        userIdentity: { accountId: ['111122223333'], userName: ['vault-1'], arn: [{ exists: false }] },
      },
    },
  ],
};
const ALL_EVENTS = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

describe('where the policy lends no roles', () => {
  it('there is nothing of it: no function, role, rule, schedule, alarm or right', () => {
    const text = JSON.stringify(without.toJSON());
    expect(text).not.toMatch(/grant-access|reconcile-grants|break-glass|grant-ends|SetSourceIdentity/);
  });
});

describe('lending', () => {
  const lending = (template: typeof own) =>
    [...rolesOf(template).values()].flatMap(({ name, statements }) =>
      statements
        .filter(({ Resource = [] }) => Resource.some((arn) => arn.includes('role/janitor/break-glass/')))
        .filter(({ Action }) => Action.includes('sts:AssumeRole'))
        .map((statement) => ({ name, ...statement })),
    );

  it('is for the broker alone: no other role of the hub may assume a break-glass role', () => {
    expect(lending(own)).toMatchObject([
      {
        name: 'credential-janitor-grant-access',
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
        Resource: ['arn:<AWS::Partition>:iam::*:role/janitor/break-glass/*'],
        Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-exampleorgid' } },
      },
    ]);
  });

  it('without an organisation is in the accounts that the policy names, whatever is swept', () => {
    expect(lending(listed).map(({ Resource }) => Resource)).toEqual([
      ['111122223333', '444455556666', '999988887777'].map(
        (account) => `arn:<AWS::Partition>:iam::${account}:role/janitor/break-glass/*`,
      ),
    ]);
  });

  it('never passes a role but the one that ends grants, and that to EventBridge Scheduler alone', () => {
    const passing = [...rolesOf(own).values()].flatMap(({ name, statements }) =>
      statements.filter(({ Action }) => Action.includes('iam:PassRole')).map((each) => ({ name, ...each })),
    );
    expect(passing.map(({ name }) => name)).toEqual([
      'credential-janitor-grant-access',
      'credential-janitor-reconcile-grants',
    ]);
    for (const statement of passing) {
      expect(statement).toMatchObject({
        Resource: ['arn:<AWS::Partition>:iam::<AWS::AccountId>:role/credential-janitor-end-grants'],
        Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      });
    }
  });

  it('what ends grants cannot lend any, and changes no version but those of the policy of ended grants', () => {
    const { statements } = roleOf(own, 'credential-janitor-reconcile-grants');
    expect(JSON.stringify(statements)).not.toMatch(/TagSession|SetSourceIdentity/);
    const member = inMember('111122223333')
      .resources('AWS::IAM::Role')
      .find(({ Properties }) => Properties.RoleName === 'credential-janitor-member-break-glass');
    const [policy] = [member?.Properties.Policies].flat();
    const writing = statementsOf(Object(policy).PolicyDocument).filter(({ Action }) =>
      Action.some((action) => !/:(Describe|Get|List|Lookup)/.test(action)),
    );
    expect(writing.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:ListPolicyVersions'],
        ['arn:aws:iam::111122223333:policy/janitor/break-glass/ended-grants'],
      ],
      [['ssm:TerminateSession'], ['arn:aws:ssm:*:111122223333:session/*']],
    ]);
  });
});

describe('what ends a grant', () => {
  it('a group for schedules of their own, with a role that may call the reconciler and keep what failed', () => {
    own.hasResourceProperties('AWS::Scheduler::ScheduleGroup', { Name: 'credential-janitor-grant-ends' });
    const { statements, trust } = roleOf(own, 'credential-janitor-end-grants');
    expect(statements.map(({ Action }) => Action)).toEqual([['lambda:InvokeFunction'], ['sqs:SendMessage']]);
    expect(statements[0]?.Resource?.join()).toMatch(/^<Functionsreconcilegrants\w+\.Arn>$/);
    expect(trust).toMatchObject([
      {
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  it('the clock, every five minutes, whatever became of schedules (I13)', () => {
    expect(ruleOf(inHub(), 'reconcile-grants')).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [{ Input: '{"reconcile":true}', DeadLetterConfig: { Arn: expect.anything() } }],
    });
  });
});

describe('what nobody asked for is seen', () => {
  const assumed = (roleArn: object) => ({
    source: ['aws.sts'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventName: [{ prefix: 'AssumeRole' }],
      requestParameters: { roleArn: [roleArn] },
    },
  });

  it.each(['eu-central-1', 'us-east-1'])('members forward it to the hub’s bus, in %s as well', (region) => {
    const deployed = inMember('111122223333', region);
    expect(ruleOf(deployed, 'forward-break-glass')).toMatchObject({
      State: ALL_EVENTS,
      EventPattern: assumed({ prefix: 'arn:aws:iam::111122223333:role/janitor/break-glass/' }),
      Targets: [
        {
          Arn: 'arn:aws:events:eu-central-1:999988887777:event-bus/credential-janitor',
          RoleArn: `arn:aws:iam::111122223333:role/credential-janitor-forward-${region}`,
        },
      ],
    });
    expect(ruleOf(deployed, 'forward-emergency-1')).toMatchObject({ State: ALL_EVENTS, EventPattern: USED });
  });

  it.each([
    ['own', { prefix: 'arn:aws:iam::999988887777:role/janitor/break-glass/' }, undefined],
    ['forwarded', { wildcard: 'arn:*:iam::*:role/janitor/break-glass/*' }, 'credential-janitor'],
  ])('the reconciler hears of what is the hub’s %s, and keeps what it could not take', (from, role, bus) => {
    for (const [suffix, pattern] of [
      ['break-glass', assumed(role)],
      ['emergency-1', USED],
    ] as const) {
      const rule = ruleOf(inHub(), `${from}-${suffix}`);
      expect(rule).toMatchObject({
        State: ALL_EVENTS,
        EventPattern: pattern,
        Targets: [
          { DeadLetterConfig: { Arn: expect.anything() }, RetryPolicy: { MaximumRetryAttempts: 30 } },
        ],
      });
      expect(rule?.EventBusName).toBe(bus);
    }
  });

  it('many identities are spread over rules, since a pattern has 2,048 characters', () => {
    for (const { EventPattern } of rulesOf(inMember('111122223333')))
      expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2048);
  });

  it('each rule may call the reconciler, and nothing else may', () => {
    const permissions = propertiesOf(own, 'AWS::Lambda::Permission').filter(({ FunctionName }) =>
      plain(FunctionName).includes('reconcilegrants'),
    );
    expect(permissions).toHaveLength(5);
    for (const { Principal, SourceArn } of permissions)
      expect([Principal, SourceArn]).toEqual(['events.amazonaws.com', expect.anything()]);
  });

  it('the bus takes events of AWS services alone, from the organisation', () => {
    const [bus] = propertiesOf(own, 'AWS::Events::EventBus');
    expect(statementsOf(bus?.Policy)).toMatchObject([
      {
        Principal: '*',
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
          StringLike: { 'events:source': 'aws.*' },
        },
      },
    ]);
  });
});

describe('the API', () => {
  it('hands paths of break-glass access to the broker and all others to the function that answers requests', () => {
    const resources = new Map(resourcesOf(own, 'AWS::ApiGateway::Resource'));
    const pathOf = (id: string): string => {
      const { ParentId, PathPart } = resources.get(id)?.Properties ?? {};
      const parent = /^<(\w+)>$/.exec(plain(ParentId))?.[1];
      return `${parent === undefined || !resources.has(parent) ? '' : pathOf(parent)}/${PathPart}`;
    };
    const routed = propertiesOf(own, 'AWS::ApiGateway::Method').map(
      ({ HttpMethod, ResourceId, Integration, AuthorizationType }) => {
        const [target] = /Functions(grantaccess|answerrequests)/.exec(JSON.stringify(Integration)) ?? [];
        return [HttpMethod, pathOf(plain(ResourceId).slice(1, -1)), target, AuthorizationType].join(' ');
      },
    );
    const all = (path: string, target: string) =>
      ['GET', 'POST'].map((method) => `${method} ${path} Functions${target} AWS_IAM`);
    expect(routed.toSorted()).toEqual(
      [
        ...all('/{proxy+}', 'answerrequests'),
        ...all('/v1/{proxy+}', 'answerrequests'),
        ...all('/v1/break-glass/{proxy+}', 'grantaccess'),
      ].toSorted(),
    );
  });

  it('has a policy for people on call, which reaches break-glass access and no other decision', () => {
    own.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      ManagedPolicyName: 'credential-janitor-on-call',
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'AskApi' })]) },
    });
    const policy = propertiesOf(own, 'AWS::IAM::ManagedPolicy').find(
      ({ ManagedPolicyName }) => ManagedPolicyName === 'credential-janitor-on-call',
    );
    const calls = statementsOf(policy?.PolicyDocument).find(({ Sid }) => Sid === 'AskApi');
    expect(calls?.Resource?.map((arn) => arn.split('/api/')[1])).toEqual([
      'GET/v1/caller',
      'GET/v1/explain',
      'GET/v1/break-glass/*',
      'POST/v1/break-glass/*',
    ]);
  });
});
