import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../lib/domain/metric.ts';
import { entryOf } from '../../lib/infrastructure/functions/bundle.ts';
import { CATALOGUE } from '../../lib/infrastructure/functions/catalogue.ts';
import { deployedNames, FUNCTION_NAMES, type FunctionName } from '../../lib/infrastructure/names.ts';
import { LENDING } from './lending-policy.ts';
import { roleOf, statementsOf } from './statements.ts';
import { hubTemplate, plain, resourcesOf } from './synthesised.ts';

const names = deployedNames();
const template = await hubTemplate({
  policyFolder: LENDING,
  accounts: 'organization',
  organizationId: 'o-exampleorgid',
  managementAccount: '111111111111',
  mail: { from: 'janitor@example.com' },
  operators: ['operators@example.com'],
  ticketTokenSecret: 'arn:aws:secretsmanager:eu-central-1:999988887777:secret:janitor/ticket-token-AbCdEf',
  onCallTokenSecret: 'arn:aws:secretsmanager:eu-central-1:999988887777:secret:janitor/on-call-token-AbCdEf',
  memberSteps: ['rotate'],
});
const observing = await hubTemplate({ accounts: 'organization', organizationId: 'o-exampleorgid' });
const plainHub = await hubTemplate({ accounts: ['444455556666'] });

const functions = resourcesOf(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);

describe('functions', () => {
  it('one for each name, on nodejs24.x and arm64, traced, logging JSON', () => {
    expect(functions.map(({ FunctionName }) => FunctionName).sort()).toEqual(
      FUNCTION_NAMES.map(names.functionName).sort(),
    );
    for (const properties of functions) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it('each writes to its own encrypted log, kept a year', () => {
    const logs = resourcesOf(template, 'AWS::Logs::LogGroup');
    // Beside theirs, the workflow's and both of the API.
    expect(logs).toHaveLength(FUNCTION_NAMES.length + 3);
    for (const [, log] of logs) {
      expect(log).toMatchObject({ DeletionPolicy: 'Retain', Properties: { RetentionInDays: 365 } });
      expect(log.Properties).toHaveProperty('KmsKeyId');
    }
  });

  it('those called by events keep what failed', () => {
    const kept = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').map(
      ([, { Properties }]) => Properties,
    );
    expect(kept).toHaveLength(FUNCTION_NAMES.filter((name) => CATALOGUE[name].asynchronous).length);
    for (const properties of kept)
      expect(properties).toHaveProperty('DestinationConfig.OnFailure.Destination');
  });

  it.each(FUNCTION_NAMES)('%s is told what it asks for and no more', (name) => {
    const told = Object.keys(environmentOf(name));
    expect(told.filter((variable) => !variable.startsWith('POWERTOOLS_')).sort()).toEqual(asked(name));
    expect(environmentOf(name)).toMatchObject({
      POWERTOOLS_SERVICE_NAME: `credential-janitor-${name}`,
      POWERTOOLS_METRICS_NAMESPACE: 'CredentialJanitor',
    });
  });

  it('without mail nobody is told of a sender', async () => {
    expect(JSON.stringify(plainHub.toJSON())).not.toMatch(/MAIL_FROM|ses:SendEmail|aws\.ses/);
  });

  it('a handler that is missing stops synth and is named', () => {
    expect(() => entryOf('no-such' as FunctionName)).toThrow('functions/no-such/handler.ts is missing');
  });

  it('what people decide comes in by IAM alone', () => {
    template.resourceCountIs('AWS::Lambda::Url', 0);
    const open = resourcesOf(template, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => Properties.Principal,
    );
    expect(new Set(open)).toEqual(
      new Set(['apigateway.amazonaws.com', 'events.amazonaws.com', 'secretsmanager.amazonaws.com']),
    );
  });
});

/** The variables a handler names in its source; POLICY_DIR has a default beside the bundle. */
function asked(name: FunctionName): string[] {
  const source = readFileSync(entryOf(name), 'utf8');
  const [, names = ''] = /\breadEnvironment\(([^)]*)\)/.exec(source) ?? [];
  const variables = [...names.matchAll(/'(\w+)'/g)].flatMap(([, variable]) => variable ?? []);
  return variables.filter((variable) => variable !== 'POLICY_DIR').sort();
}

function environmentOf(name: FunctionName): Record<string, unknown> {
  const found = functions.find(({ FunctionName }) => FunctionName === names.functionName(name));
  const environment = found?.Environment;
  return typeof environment === 'object' && environment !== null && 'Variables' in environment
    ? { ...Object(environment.Variables) }
    : {};
}

describe('workflow and schedule', () => {
  it('runs as Standard, traced, with a log of every event and of no data', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'credential-janitor-sweep',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });

  it('may call its five functions and nothing that decides for people', () => {
    const calls = roleOf(template, 'credential-janitor-workflow').statements.find(({ Action }) =>
      Action.includes('lambda:InvokeFunction'),
    );
    expect(calls?.Resource).toHaveLength(5);
    expect(calls?.Resource?.join()).not.toMatch(/requests|newborn|bounce|\*/);
  });

  it('starts by the clock, with the instant it was meant for, and keeps what could not start', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      State: 'ENABLED',
      ScheduleExpression: 'cron(0 6 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: {
        Input: '{"trigger":"schedule","scheduledAt":"<aws.scheduler.scheduled-time>"}',
        DeadLetterConfig: { Arn: Match.anyValue() },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
    expect(roleOf(template, 'credential-janitor-schedule').trust).toMatchObject([
      { Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } },
    ]);
  });
});

describe('notices', () => {
  it('the topic is encrypted, takes TLS only, and alarms of this account', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operators@example.com',
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
        ]),
      },
    });
  });

  it('bounces, complaints and rejections of our mails come back', () => {
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: { MatchingEventTypes: ['bounce', 'complaint', 'reject'] },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ses'],
        detail: {
          eventType: ['Bounce', 'Complaint', 'Reject'],
          mail: { tags: { 'ses:configuration-set': ['credential-janitor'] } },
        },
      },
    });
  });

  it.each([
    ['the organisation', observing, '*', { 'aws:PrincipalOrgID': 'o-exampleorgid' }],
    ['the accounts of a list', plainHub, expect.objectContaining({ AWS: expect.anything() }), {}],
  ])('the bus takes births from %s, and only such as AWS itself tells', (_name, from, principal, limits) => {
    const [bus] = resourcesOf(from, 'AWS::Events::EventBus').map(([, { Properties }]) => Properties.Policy);
    expect(statementsOf(bus)).toMatchObject([
      {
        Effect: 'Allow',
        Action: ['events:PutEvents'],
        Principal: principal,
        Condition: { StringEquals: { ...limits, 'events:source': ['aws.iam', 'aws.secretsmanager'] } },
      },
    ]);
  });

  it('births are heard on the default bus and on the hub’s, each with a dead-letter queue', () => {
    const rules = resourcesOf(template, 'AWS::Events::Rule')
      .map(([, { Properties }]) => Properties)
      .filter(({ Name }) => String(Name).startsWith('credential-janitor-births'));
    expect(
      rules.map(({ EventBusName }) => (typeof EventBusName === 'string' ? EventBusName : 'hub')),
    ).toEqual(['default', 'hub']);
    for (const { EventPattern, Targets } of rules) {
      expect(EventPattern).toMatchObject({
        detail: { eventName: ['CreateAccessKey', 'CreateSecret'], errorCode: [{ exists: false }] },
      });
      expect(Targets).toMatchObject([{ DeadLetterConfig: { Arn: expect.anything() } }]);
    }
  });
});

describe('what was approved is carried out', () => {
  const rules = resourcesOf(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
  const ruleOf = (name: string) => rules.find(({ Name }) => Name === `credential-janitor-${name}`);

  it('by an event that the hub’s own account puts on its bus', () => {
    const rule = ruleOf('approved');
    expect(rule).toMatchObject({
      EventPattern: {
        source: ['credential-janitor'],
        'detail-type': ['RequestApproved'],
        account: [{ Ref: 'AWS::AccountId' }],
      },
      Targets: [{ DeadLetterConfig: { Arn: expect.anything() }, RetryPolicy: { MaximumRetryAttempts: 30 } }],
    });
    expect(plain(rule?.EventBusName)).toMatch(/^<NoticesBus/);
  });

  it('and every five minutes, whatever became of the event (I13, I14)', () => {
    expect(ruleOf('reconcile')).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [{ Input: '{"reconcile":true}', DeadLetterConfig: { Arn: expect.anything() } }],
    });
  });
});

describe('alarms', () => {
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const ids = alarms.map(({ AlarmName }) => String(AlarmName).replace('credential-janitor-', ''));
  const root = path.join(import.meta.dirname, '..', '..');
  const runbook = readFileSync(path.join(root, 'docs', 'runbook.md'), 'utf8');

  it('each has its section in the runbook, and each section its alarm', () => {
    const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(sections.toSorted()).toEqual(ids.toSorted());
  });

  it.each(alarms.map((alarm) => [String(alarm.AlarmName), alarm] as const))(
    '%s says what it means and where to look, and is told when it goes off and when it is over',
    (name, alarm) => {
      const id = name.replace('credential-janitor-', '');
      expect(alarm.AlarmDescription).toMatch(new RegExp(`\\. What to do: docs/runbook\\.md#${id}$`));
      expect(alarm).toMatchObject({ AlarmActions: [expect.anything()], OKActions: [expect.anything()] });
    },
  );

  it('links within the runbook lead somewhere', () => {
    for (const [, anchor] of runbook.matchAll(/\]\(#([\w-]+)\)/g)) expect(ids).toContain(anchor);
  });

  it('silence is trouble for what the clock starts, and for nothing else', () => {
    const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    expect(silent.map(({ AlarmName }) => AlarmName)).toEqual([
      'credential-janitor-sweep-overdue',
      'credential-janitor-requests-not-looked-at',
      'credential-janitor-grants-not-looked-at',
    ]);
  });

  it.each(Object.entries(METRICS))('the metric %s is emitted by a function', (key, metric) => {
    const sources = FUNCTION_NAMES.map((name) => readFileSync(entryOf(name), 'utf8')).join();
    expect(sources.includes(`'${metric}'`) || sources.includes(`METRICS.${key}`)).toBe(true);
  });
});
