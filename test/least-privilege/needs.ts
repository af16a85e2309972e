import * as z from 'zod';
import { MANAGED_TAG, STORE_USER_TAG } from '../../lib/domain/rotation-store.ts';
import { placeOf } from '../functions/fakes/s3.ts';
import type { SentCall } from '../functions/loopback-cloud.ts';
import { HUB, ORGANISATION_ID } from '../functions/places.ts';
import type { Need } from './evaluate.ts';
import { createSchedule, describeAccount, onPolicy, terminateSession } from './lending-needs.ts';
import { bodyOf, type Directory, formOf, type Needs, need } from './request.ts';

/** What a call needs to be allowed to do. Throws for a call that nobody has described here. */
export function needsOf(call: SentCall, directory: Directory): Need[] {
  const { service, operation, signer } = call;
  const describe = NEEDS[`${service}:${operation}`];
  if (describe === undefined) throw new Error(`nothing is known of the rights for ${service}:${operation}`);
  return describe(call, signer.kind === 'member' ? signer.accountId : HUB, directory);
}

const attribute = z.object({ S: z.string() });
const item = z.record(z.string(), z.unknown());
const tableInput = z.object({ TableName: z.string() });
const PARTITION_KEYS = ['subject', 'pk', 'proof'];

function partitionOf(keys: Readonly<Record<string, unknown>>): string {
  const [name = ''] = PARTITION_KEYS.filter((key) => key in keys);
  return attribute.parse(keys[name]).S;
}

function onTable(call: SentCall, leadingKeys: readonly string[], index?: string): Need {
  const { TableName } = tableInput.parse(bodyOf(call));
  return onTableNamed(call, TableName, leadingKeys, index);
}

function onTableNamed(
  { operation, region }: SentCall,
  table: string,
  leadingKeys: readonly string[],
  index?: string,
): Need {
  const arn = `arn:aws:dynamodb:${region}:${HUB}:table/${table}${index === undefined ? '' : `/index/${index}`}`;
  return need(`dynamodb:${operation}`, arn, { 'dynamodb:LeadingKeys': leadingKeys });
}

const putItem: Needs = (call) => [
  onTable(call, [partitionOf(z.object({ Item: item }).parse(bodyOf(call)).Item)]),
];
const getItem: Needs = (call) => [
  onTable(call, [partitionOf(z.object({ Key: item }).parse(bodyOf(call)).Key)]),
];

const queryInput = z.object({
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string(),
  ExpressionAttributeValues: z.record(z.string(), attribute),
});
const query: Needs = (call) => {
  const { IndexName, KeyConditionExpression, ExpressionAttributeValues } = queryInput.parse(bodyOf(call));
  const [, placeholder = ''] = /^#?\w+ = (:\w+)/.exec(KeyConditionExpression) ?? [];
  const key = ExpressionAttributeValues[placeholder];
  if (key === undefined) throw new Error(`a query without a partition key: ${KeyConditionExpression}`);
  return [onTable(call, [key.S], IndexName)];
};

const batchInput = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(item) })) });
const batchGetItem: Needs = (call) =>
  Object.entries(batchInput.parse(bodyOf(call)).RequestItems).map(([table, { Keys }]) =>
    onTableNamed(call, table, Keys.map(partitionOf)),
  );

const listed = (bucket: string, prefix: readonly string[] | undefined) =>
  need('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': prefix });

const object =
  (action: string): Needs =>
  ({ request, status }) => {
    const { bucket, key } = placeOf(request.path);
    const needed = need(action, `arn:aws:s3:::${bucket}/${key}`);
    if (status !== 404) return [needed];
    // S3 says that an object is not there only to who may list it, else 403; whether the prefix is then the object's key
    // or none is not documented, so it has to be allowed either way.
    return [needed, ...[[key], undefined].map((prefix) => listed(bucket, prefix))];
  };
const listing: Needs = ({ request }) => [
  listed(
    placeOf(request.path).bucket,
    request.query.prefix === undefined ? undefined : [request.query.prefix],
  ),
];

const onUser =
  (action: string): Needs =>
  (call, accountId, directory) => {
    const form = formOf(call);
    const keys = [...form].filter(([name]) => /^(Tags\.member\.\d+\.Key|TagKeys\.member\.\d+)$/.test(name));
    const tagKeys = keys.length === 0 ? undefined : keys.map(([, value]) => value);
    const keyId = form.get('AccessKeyId');
    const arn =
      action === 'iam:GetAccessKeyLastUsed'
        ? directory.userArnOfKey(keyId ?? '')
        : directory.userArn(accountId, form.get('UserName') ?? '');
    return [
      need(action, arn, {
        'aws:TagKeys': tagKeys,
        [`aws:ResourceTag/${MANAGED_TAG}`]: only(directory.tagOf(arn, MANAGED_TAG)),
      }),
    ];
  };
const onRole =
  (action: string): Needs =>
  (call, accountId, directory) => [
    need(action, directory.roleArn(accountId, formOf(call).get('RoleName') ?? '')),
  ];
const everywhere =
  (action: string): Needs =>
  () => [need(action, '*')];

const only = (value: string | number | boolean | undefined) =>
  value === undefined ? undefined : [String(value)];

const secretInput = z.object({
  SecretId: z.string(),
  Tags: z.array(z.object({ Key: z.string() })).optional(),
  TagKeys: z.array(z.string()).optional(),
  RecoveryWindowInDays: z.number().optional(),
  ForceDeleteWithoutRecovery: z.boolean().optional(),
  BlockPublicPolicy: z.boolean().optional(),
  RotationRules: z.unknown().optional(),
});
const onSecret =
  (action: string): Needs =>
  (call, accountId, directory) => {
    const { SecretId, Tags, TagKeys, ...asked } = secretInput.parse(bodyOf(call));
    const arn = directory.secretArn(accountId, call.region, SecretId);
    return [
      need(action, arn, {
        'aws:TagKeys': Tags?.map(({ Key }) => Key) ?? TagKeys,
        [`aws:ResourceTag/${STORE_USER_TAG}`]: only(directory.tagOf(arn, STORE_USER_TAG)),
        'secretsmanager:RecoveryWindowInDays': only(asked.RecoveryWindowInDays),
        'secretsmanager:ForceDeleteWithoutRecovery': only(asked.ForceDeleteWithoutRecovery),
        'secretsmanager:BlockPublicPolicy': only(asked.BlockPublicPolicy),
        'secretsmanager:ModifyRotationRules': only(asked.RotationRules !== undefined),
      }),
    ];
  };

/** Whoever starts a rotation has to be allowed to call the secret's function, too. */
const rotateSecret: Needs = (call, accountId, directory) => {
  const [rotating] = onSecret('secretsmanager:RotateSecret')(call, accountId, directory);
  const rotator = rotating && directory.rotatorOf(rotating.resource);
  if (rotating === undefined) return [];
  return rotator === undefined ? [rotating] : [rotating, need('lambda:InvokeFunction', rotator)];
};

const creationInput = z.object({ Name: z.string(), Tags: z.array(z.object({ Key: z.string() })).optional() });
/** Giving a secret tags when it is made takes the right to tag, too. */
const createSecret: Needs = (call, accountId, directory) => {
  const { Name, Tags } = creationInput.parse(bodyOf(call));
  const arn = directory.secretArn(accountId, call.region, Name);
  const context = {
    'aws:TagKeys': Tags?.map(({ Key }) => Key),
    [`aws:ResourceTag/${STORE_USER_TAG}`]: undefined,
  };
  const actions = [
    'secretsmanager:CreateSecret',
    ...(Tags === undefined ? [] : ['secretsmanager:TagResource']),
  ];
  return actions.map((action) => need(action, arn, context));
};

/** Passing tags and a source identity on takes rights of its own. */
const assumeRole: Needs = (call) => {
  const form = formOf(call);
  const actions = [
    'sts:AssumeRole',
    ...(form.has('Tags.member.1.Key') ? ['sts:TagSession'] : []),
    ...(form.has('SourceIdentity') ? ['sts:SetSourceIdentity'] : []),
  ];
  const context = { 'aws:ResourceOrgID': [ORGANISATION_ID] };
  return actions.map((action) => need(action, form.get('RoleArn') ?? '', context));
};

const mailInput = z.object({ FromEmailAddress: z.string(), ConfigurationSetName: z.string() });
const sendEmail: Needs = (call) => {
  const { FromEmailAddress, ConfigurationSetName } = mailInput.parse(bodyOf(call));
  const arn = (resource: string) => `arn:aws:ses:${call.region}:${HUB}:${resource}`;
  return [
    need('ses:SendEmail', arn(`identity/${FromEmailAddress}`)),
    need('ses:SendEmail', arn(`configuration-set/${ConfigurationSetName}`)),
  ];
};
const publish: Needs = (call) => [need('sns:Publish', formOf(call).get('TopicArn') ?? '')];
const eventsInput = z.object({ Entries: z.array(z.object({ EventBusName: z.string() })) });
const putEvents: Needs = (call) =>
  eventsInput
    .parse(bodyOf(call))
    .Entries.map(({ EventBusName }) =>
      need('events:PutEvents', `arn:aws:events:${call.region}:${HUB}:event-bus/${EventBusName}`),
    );

const ROLE_CALLS = ['GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'];
const POLICY_CALLS = [
  'CreatePolicyVersion',
  'DeletePolicyVersion',
  'GetPolicy',
  'GetPolicyVersion',
  'ListPolicyVersions',
];
const USER_CALLS = [
  'CreateAccessKey',
  'DeleteAccessKey',
  'GetAccessKeyLastUsed',
  'GetUser',
  'ListAccessKeys',
  'ListUserTags',
  'TagUser',
  'UntagUser',
  'UpdateAccessKey',
];
const ACCOUNT_CALLS = [
  'account:ListRegions',
  'cloudtrail:LookupEvents',
  'iam:GenerateCredentialReport',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetCredentialReport',
  'iam:ListServiceSpecificCredentials',
  'organizations:ListAccounts',
  'secretsmanager:ListSecrets',
  'ssm:DescribeSessions',
];
const SECRET_CALLS = [
  'DeleteResourcePolicy',
  'DeleteSecret',
  'DescribeSecret',
  'GetResourcePolicy',
  'GetSecretValue',
  'PutResourcePolicy',
  'PutSecretValue',
  'RestoreSecret',
  'TagResource',
  'UntagResource',
  'UpdateSecretVersionStage',
];

/** By service and operation as signatures and requests name them. */
const NEEDS: Readonly<Record<string, Needs>> = {
  ...Object.fromEntries(USER_CALLS.map((name) => [`iam:${name}`, onUser(`iam:${name}`)])),
  ...Object.fromEntries(ACCOUNT_CALLS.map((action) => [action, everywhere(action)])),
  ...Object.fromEntries(
    SECRET_CALLS.map((name) => [`secretsmanager:${name}`, onSecret(`secretsmanager:${name}`)]),
  ),
  'dynamodb:BatchGetItem': batchGetItem,
  'dynamodb:GetItem': getItem,
  'dynamodb:PutItem': putItem,
  'dynamodb:Query': query,
  'events:PutEvents': putEvents,
  ...Object.fromEntries(ROLE_CALLS.map((name) => [`iam:${name}`, onRole(`iam:${name}`)])),
  ...Object.fromEntries(POLICY_CALLS.map((name) => [`iam:${name}`, onPolicy(`iam:${name}`)])),
  'organizations:DescribeAccount': describeAccount,
  's3:GetObject': object('s3:GetObject'),
  's3:HeadObject': object('s3:GetObject'),
  's3:ListObjectsV2': listing,
  's3:PutObject': object('s3:PutObject'),
  'secretsmanager:CreateSecret': createSecret,
  'secretsmanager:RotateSecret': rotateSecret,
  'scheduler:CreateSchedule': createSchedule,
  'ses:SendEmail': sendEmail,
  'sns:Publish': publish,
  'ssm:TerminateSession': terminateSession,
  'sts:AssumeRole': assumeRole,
  // Everybody may ask who they are.
  'sts:GetCallerIdentity': () => [],
};
