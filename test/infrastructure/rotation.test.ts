import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployedNames } from '../../lib/infrastructure/names.ts';
import { reachOf } from '../../lib/infrastructure/policy.ts';
import { loadPolicy } from '../../lib/policy/index.ts';
import { roleOf, rolesOf, statementsOf } from './statements.ts';
import { hubTemplate, plain, resourcesOf } from './synthesised.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:999988887777:secret:iam-users/deployer-AbCdEf';

const names = deployedNames();
const without = await hubTemplate();
const byRule = await hubTemplate({ memberSteps: ['rotate'] });
const bySchedule = await hubTemplate({
  rotation: { secrets: [SECRET, SECRET], schedule: 'cron(0 8 ? * TUE *)', window: '4h' },
});

const functionNames = (template: typeof without) =>
  resourcesOf(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);

describe('where nothing is rotated', () => {
  it('there is no function for it, no alarm, and nobody makes a key or reads a secret', () => {
    expect(functionNames(without)).not.toContain(names.functionName('rotate-access-key'));
    const text = JSON.stringify(without.toJSON());
    expect(text).not.toMatch(
      /iam:CreateAccessKey|secretsmanager:(GetSecretValue|PutSecretValue|RotateSecret)/,
    );
    expect(text).not.toContain('rotation-failed');
  });

  it('secrets under a schedule of Secrets Manager need the function, and no member role', () => {
    expect(functionNames(bySchedule)).toContain(names.functionName('rotate-access-key'));
    expect([...rolesOf(bySchedule).keys()]).not.toContain(names.memberRole('rotate'));
  });
});

describe('the function that rotates', () => {
  const { statements } = roleOf(byRule, names.functionName('rotate-access-key'));
  const holding = (action: string) => statements.filter(({ Action }) => Action.includes(action));

  it.each(['iam:CreateAccessKey', 'iam:DeleteAccessKey'])(
    '%s: of users of its account that are tagged janitor:rotation=managed',
    (action) => {
      expect(holding(action)).toMatchObject([
        {
          Resource: ['arn:<AWS::Partition>:iam::<AWS::AccountId>:user/*'],
          Condition: { StringEquals: { 'aws:ResourceTag/janitor:rotation': 'managed' } },
        },
      ]);
    },
  );

  it('stores keys in its own Region, in secrets that say whose they hold', () => {
    expect(holding('secretsmanager:PutSecretValue')).toMatchObject([
      {
        Resource: ['arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:*'],
        Condition: { Null: { 'aws:ResourceTag/janitor:iam-user': 'false' } },
      },
    ]);
  });

  it('disables and restores nothing, and assumes no role', () => {
    const actions = statements.flatMap(({ Action }) => Action).join();
    expect(actions).not.toMatch(/UpdateAccessKey|DeleteSecret|ResourcePolicy|AssumeRole|RotateSecret/);
  });

  it('is called by Secrets Manager of its account alone', () => {
    byRule.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
  });
});

describe('secrets that exist already', () => {
  it('are put under the schedule once each, without rotating at the deployment', () => {
    const schedules = resourcesOf(bySchedule, 'AWS::SecretsManager::RotationSchedule').map(
      ([, { Properties }]) => Properties,
    );
    expect(schedules).toMatchObject([
      {
        SecretId: SECRET,
        RotationRules: { ScheduleExpression: 'cron(0 8 ? * TUE *)', Duration: '4h' },
        RotateImmediatelyOnUpdate: false,
      },
    ]);
    expect(plain(schedules[0]?.RotationLambdaARN)).toMatch(/^<Functionsrotateaccesskey.*\.Arn>$/);
  });

  it('only once Secrets Manager may call the function', () => {
    const [[id] = []] = resourcesOf(bySchedule, 'AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === 'secretsmanager.amazonaws.com',
    );
    bySchedule.hasResource('AWS::SecretsManager::RotationSchedule', { DependsOn: [id] });
  });
});

describe('how far the rights go follows the policy', () => {
  it('the shipped policy: tagged secrets alone', async () => {
    const shipped = await loadPolicy(path.join(import.meta.dirname, '..', '..', 'policy'));
    expect(reachOf(shipped)).toEqual({ storeNames: [], comparesIds: false, delivers: false });
  });

  it('a naming rule, comparing ids and deliveries each widen them', async () => {
    const shipped = await loadPolicy(path.join(import.meta.dirname, '..', '..', 'policy'));
    const rotation = {
      ...shipped.document.rotation,
      stores: { name: '/iam-users/{userName}/key', compareIds: true },
      deliveries: [{ users: '/people/', reader: 'arn:aws:iam::111122223333:role/team' }],
    };
    const policy = { ...shipped, document: { ...shipped.document, rotation } };
    expect(reachOf(policy)).toEqual({
      storeNames: ['/iam-users/*/key'],
      comparesIds: true,
      delivers: true,
    });
  });

  it('the boundary of a hub that rotates holds what its role does', () => {
    const boundary = resourcesOf(byRule, 'AWS::IAM::ManagedPolicy')
      .map(([, { Properties }]) => Properties)
      .find(({ ManagedPolicyName }) => ManagedPolicyName === names.memberBoundary);
    const allowed = statementsOf(boundary?.PolicyDocument).flatMap(({ Action }) => Action);
    const granted = roleOf(byRule, names.memberRole('rotate')).statements.flatMap(({ Action }) => Action);
    expect(allowed).toEqual(expect.arrayContaining(granted));
  });
});
