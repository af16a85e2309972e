import * as iam from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { allowedBy } from '../builders/evaluate-policy.ts';
import { found, HUB, inMember, policiesIn } from './lending.ts';

describe('what no grant may do, though its role has AdministratorAccess', () => {
  const boundary = found(policiesIn(inMember('111122223333')), 'boundary');
  const withShells = found(policiesIn(inMember('444455556666')), 'boundary-with-shells');
  const inTheHub = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${HUB}:${rest}`;
  const tagged = { 'aws:resourcetag/credential-janitor': 'credential-janitor' };

  const forbidden: readonly [what: string, action: string, resource?: string, context?: typeof tagged][] = [
    ['assume a role', 'sts:AssumeRole', 'arn:aws:iam::444455556666:role/admin'],
    ['assume a role with SAML', 'sts:AssumeRoleWithSAML'],
    ['assume a role with a web identity', 'sts:AssumeRoleWithWebIdentity'],
    ['become root of a member', 'sts:AssumeRoot'],
    ['make a federation token', 'sts:GetFederationToken'],
    ['make a session token', 'sts:GetSessionToken'],
    ['tag a session', 'sts:TagSession'],
    ['trust a certificate authority of its own for roles there are', 'rolesanywhere:CreateTrustAnchor'],
    ['have a device answer for the role of an alias', 'iot:CreateKeysAndCertificate'],
    ['make a token of an identity pool', 'cognito-identity:GetOpenIdTokenForDeveloperIdentity'],
    ['sign a command line in for half a day', 'signin:CreateOAuth2Token'],
    [
      'create a user by the role that a stack of the CDK keeps',
      'cloudformation:UpdateStack',
      'arn:aws:cloudformation:eu-central-1:111122223333:stack/orders/1',
    ],
    [
      'the same by a change set',
      'cloudformation:ExecuteChangeSet',
      'arn:aws:cloudformation:eu-central-1:111122223333:stack/orders/1',
    ],
    [
      'delete roles with the role of a stack',
      'cloudformation:DeleteStack',
      'arn:aws:cloudformation:eu-central-1:111122223333:stack/orders/1',
    ],
    ['change every account by a stack set', 'cloudformation:CreateStackInstances'],
    [
      'run commands with the role of a build',
      'codebuild:StartBuild',
      'arn:aws:codebuild:eu-central-1:111122223333:project/deploy',
    ],
    ['change what a build runs', 'codebuild:UpdateProject'],
    ['create a user', 'iam:CreateUser', 'arn:aws:iam::111122223333:user/eve'],
    ['create an access key', 'iam:CreateAccessKey', 'arn:aws:iam::111122223333:user/ana'],
    ['change a role', 'iam:PutRolePolicy', 'arn:aws:iam::111122223333:role/app'],
    [
      'take its own boundary away',
      'iam:DeleteRolePermissionsBoundary',
      'arn:aws:iam::111122223333:role/janitor/break-glass/administrator',
    ],
    [
      'allow again what ended',
      'iam:SetDefaultPolicyVersion',
      'arn:aws:iam::111122223333:policy/janitor/break-glass/ended-grants',
    ],
    ['pass a role', 'iam:PassRole', 'arn:aws:iam::111122223333:role/app'],
    ['change the password policy', 'iam:UpdateAccountPasswordPolicy'],
    ['leave the organisation', 'organizations:LeaveOrganization'],
    ['close a Region', 'account:DisableRegion'],
    ['assign a permission set', 'sso:CreateAccountAssignment'],
    ['create a person', 'identitystore:CreateUser'],
    [
      'read the ledger',
      'dynamodb:Query',
      inTheHub('dynamodb', 'table/CredentialJanitor-StoresRecordLedger1-A'),
    ],
    [
      'write the ledger',
      'dynamodb:PutItem',
      inTheHub('dynamodb', 'table/CredentialJanitor-StoresRecordLedger1-A'),
    ],
    [
      'change the projection',
      'dynamodb:UpdateItem',
      inTheHub('dynamodb', 'table/CredentialJanitor-StoresRecordState1-A'),
    ],
    [
      'delete proofs',
      'dynamodb:DeleteTable',
      inTheHub('dynamodb', 'table/CredentialJanitor-StoresProofs1-A'),
    ],
    ['read evidence', 's3:GetObject', 'arn:aws:s3:::credentialjanitor-storesevidencebucket1-a/grants/x'],
    [
      'shorten the lock of evidence',
      's3:PutObjectRetention',
      'arn:aws:s3:::credentialjanitor-storesevidencebucket1-a/x',
    ],
    ['stop the trail', 'cloudtrail:StopLogging', 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/main'],
    ['delete the trail', 'cloudtrail:DeleteTrail', 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/main'],
    ['change the trail', 'cloudtrail:UpdateTrail', 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/main'],
    [
      'leave events out of the trail',
      'cloudtrail:PutEventSelectors',
      'arn:aws:cloudtrail:eu-central-1:111122223333:trail/main',
    ],
    ['stop AWS Config', 'config:StopConfigurationRecorder'],
    [
      'delete the detector',
      'guardduty:DeleteDetector',
      'arn:aws:guardduty:eu-central-1:111122223333:detector/1',
    ],
    ['hide findings', 'guardduty:CreateFilter', 'arn:aws:guardduty:eu-central-1:111122223333:detector/1'],
    ['call its own address trusted', 'guardduty:CreateIPSet'],
    ['switch Security Hub off', 'securityhub:DisableSecurityHub'],
    ['suppress findings by a rule', 'securityhub:CreateAutomationRule'],
    [
      'invoke a function of the janitor',
      'lambda:InvokeFunction',
      inTheHub('lambda', 'function:credential-janitor-grant-access'),
    ],
    [
      'change a function of the janitor',
      'lambda:UpdateFunctionCode',
      inTheHub('lambda', 'function:credential-janitor-act-on-account'),
    ],
    [
      'switch off the forwarding of a member',
      'events:DisableRule',
      'arn:aws:events:eu-central-1:111122223333:rule/credential-janitor-forward-break-glass',
    ],
    [
      'remove a rule of the hub',
      'events:RemoveTargets',
      inTheHub('events', 'rule/credential-janitor/credential-janitor-approved'),
    ],
    ['put events on the hub’s bus', 'events:PutEvents', inTheHub('events', 'event-bus/credential-janitor')],
    [
      'delete the end of a grant',
      'scheduler:DeleteSchedule',
      inTheHub('scheduler', 'schedule/credential-janitor-grant-ends/grant-1'),
    ],
    [
      'delete the schedules of all ends',
      'scheduler:DeleteScheduleGroup',
      inTheHub('scheduler', 'schedule-group/credential-janitor-grant-ends'),
    ],
    [
      'stop sweeps',
      'scheduler:UpdateSchedule',
      inTheHub('scheduler', 'schedule/default/credential-janitor-sweep'),
    ],
    ['start a sweep', 'states:StartExecution', inTheHub('states', 'stateMachine:credential-janitor-sweep')],
    ['stop a sweep', 'states:StopExecution', inTheHub('states', 'execution:credential-janitor-sweep:1')],
    ['silence operators', 'sns:DeleteTopic', inTheHub('sns', 'CredentialJanitor-NoticesOperators1-A')],
    ['empty the dead letters', 'sqs:PurgeQueue', inTheHub('sqs', 'CredentialJanitor-DeadLetters1-A')],
    ['delete a log', 'logs:DeleteLogGroup', inTheHub('logs', 'log-group:CredentialJanitor-Functions1-A')],
    [
      'silence an alarm',
      'cloudwatch:DisableAlarmActions',
      inTheHub('cloudwatch', 'alarm:credential-janitor-dead-letters'),
    ],
    [
      'call the API of the janitor',
      'execute-api:Invoke',
      inTheHub('execute-api', 'abc/api/POST/v1/break-glass/grants'),
    ],
    [
      'delete the stack',
      'cloudformation:DeleteStack',
      inTheHub('cloudformation', 'stack/CredentialJanitor/1'),
    ],
    [
      'read the token for tickets',
      'secretsmanager:GetSecretValue',
      inTheHub('secretsmanager', 'secret:janitor/ticket-token-AbCdEf'),
    ],
    ['change the policy of a key of the janitor', 'kms:PutKeyPolicy', inTheHub('kms', 'key/1'), tagged],
    ['grant the use of a key of the janitor', 'kms:CreateGrant', inTheHub('kms', 'key/1'), tagged],
    ['delete a key of the janitor', 'kms:ScheduleKeyDeletion', inTheHub('kms', 'key/1'), tagged],
    ['take the tag away by which they are known', 'kms:UntagResource', inTheHub('kms', 'key/1'), tagged],
    ['run a command that goes on after the end', 'ssm:SendCommand'],
    ['have commands run again and again', 'ssm:CreateAssociation'],
    ['change what an association runs', 'ssm:UpdateDocumentDefaultVersion'],
    ['bring a key of its own to a machine', 'ec2-instance-connect:SendSSHPublicKey'],
    ['open a tunnel to a machine', 'ec2-instance-connect:OpenTunnel'],
    ['open a shell in a container', 'ecs:ExecuteCommand'],
    ['open a notebook', 'sagemaker:CreatePresignedNotebookInstanceUrl'],
    ['take the key of a machine', 'lightsail:GetInstanceAccessDetails'],
    ['change the API', 'apigateway:PATCH', 'arn:aws:apigateway:eu-central-1::/restapis/abc', tagged],
  ];
  it.each(forbidden)('%s: %s', (_what, action, resource, context) => {
    const asked = {
      action,
      ...(resource === undefined ? {} : { resource }),
      ...(context === undefined ? {} : { context }),
    };
    expect(allowedBy(boundary, asked)).toBe(false);
    expect(allowedBy(withShells, asked)).toBe(false);
  });

  const shells: readonly [action: string][] = [
    ['ssm:StartSession'],
    ['ssm:ResumeSession'],
    ['ssm-guiconnect:StartConnection'],
  ];
  it.each(shells)('%s, unless the policy says that its role may', (action) => {
    expect(allowedBy(boundary, { action })).toBe(false);
    expect(allowedBy(withShells, { action })).toBe(true);
  });

  const allowed: readonly [action: string, resource?: string][] = [
    ['rds:RebootDBInstance', 'arn:aws:rds:eu-central-1:111122223333:db:orders'],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-central-1:111122223333:table/orders'],
    ['s3:GetObject', 'arn:aws:s3:::orders/1'],
    ['iam:GetRole', 'arn:aws:iam::111122223333:role/app'],
    ['iam:SimulatePrincipalPolicy', 'arn:aws:iam::111122223333:role/app'],
    ['kms:Decrypt', 'arn:aws:kms:eu-central-1:111122223333:key/2'],
    ['cloudtrail:LookupEvents'],
    ['cloudformation:DescribeStacks'],
    ['cloudformation:RollbackStack'],
    ['cloudformation:ContinueUpdateRollback'],
    ['ssm:GetParameter'],
    ['sts:GetCallerIdentity'],
  ];
  it.each(allowed)('the boundary leaves %s to the role', (action, resource) => {
    expect(allowedBy(boundary, { action, ...(resource === undefined ? {} : { resource }) })).toBe(true);
  });

  it('every operation of IAM that changes something, by the client’s own list', () => {
    const changing = Object.keys(iam).flatMap((name) => {
      const operation = /^(\w+)Command$/.exec(name)?.[1] ?? '';
      return operation === '' || /^(Get|List|Generate|Simulate)/.test(operation) ? [] : [`iam:${operation}`];
    });
    expect(changing.length).toBeGreaterThan(100);
    expect(changing.filter((action) => allowedBy(boundary, { action }))).toEqual([]);
  });
});
