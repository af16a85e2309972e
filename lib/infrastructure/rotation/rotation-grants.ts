import { DELIVERED } from '../../domain/delivery.ts';
import { LABEL_PREFIX } from '../../domain/label.ts';
import { MANAGED, MANAGED_TAG, STORE_USER_TAG } from '../../domain/rotation-store.ts';
import type { Grant } from '../permissions/grant.ts';
import type { RotationReach } from './reach.ts';

export interface RotationPlace {
  readonly partition: string;
  readonly account: string;
  /** `*`, or the Region of a function that rotates there alone. */
  readonly region: string;
}

const OF_MANAGED_USERS = { StringEquals: { [`aws:ResourceTag/${MANAGED_TAG}`]: MANAGED } } as const;
const HOLDS_A_KEY = { Null: { [`aws:ResourceTag/${STORE_USER_TAG}`]: 'false' } } as const;
const OUR_TAGS = {
  'ForAllValues:StringLike': { 'aws:TagKeys': `${LABEL_PREFIX}*` },
} as const;

const USERS = 'The users of the account; a condition or a session policy says which.';
const STORES =
  'The secrets of the account; a condition says that they hold a key, a session policy which one.';

/** Rotating the key of a user that a secret holds: a new key, into the secret, tested, made the current one. */
export function keyRotationGrants(at: RotationPlace, reach: RotationReach): Grant[] {
  const users = [`arn:${at.partition}:iam::${at.account}:user/*`];
  const secrets = [secretArn(at, '*')];
  return [
    {
      sid: 'LookAtKeys',
      actions: ['iam:GetAccessKeyLastUsed', 'iam:GetUser', 'iam:ListAccessKeys'],
      resources: users,
      wildcard: USERS,
    },
    {
      sid: 'MakeKeysOfManagedUsers',
      actions: ['iam:CreateAccessKey', 'iam:DeleteAccessKey'],
      resources: users,
      conditions: OF_MANAGED_USERS,
      wildcard: USERS,
    },
    {
      sid: 'LookAtSecrets',
      actions: ['secretsmanager:DescribeSecret'],
      resources: secrets,
      wildcard: 'The secrets of the account: what is wrong with one that cannot be rotated is said of any.',
    },
    {
      sid: 'StoreKeys',
      actions: storing(reach),
      resources: secrets,
      conditions: HOLDS_A_KEY,
      wildcard: STORES,
    },
    {
      sid: 'MarkStores',
      actions: ['secretsmanager:TagResource'],
      resources: secrets,
      conditions: { ...OUR_TAGS, Null: { ...HOLDS_A_KEY.Null, 'aws:TagKeys': 'false' } },
      wildcard: STORES,
    },
    openStores(at),
    ...storesByName(at, reach),
    ...comparing(at, reach),
  ];
}

const READ = 'secretsmanager:GetSecretValue';

/** Who may compare ids may read every value already. */
function storing({ comparesIds }: RotationReach): readonly string[] {
  const writing = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'];
  return comparesIds ? writing : [READ, ...writing];
}

function storesByName(at: RotationPlace, reach: RotationReach): Grant[] {
  const { storeNames } = reach;
  if (storeNames.length === 0) return [];
  const resources = storeNames.map((name) => secretArn(at, `${name}-*`));
  const wildcard = 'One * stands for the user in the policy’s naming rule, one for the suffix of the ARN.';
  return [
    { sid: 'StoreKeysByName', actions: storing(reach), resources, wildcard },
    {
      sid: 'MarkStoresByName',
      actions: ['secretsmanager:TagResource'],
      resources,
      conditions: { ...OUR_TAGS, Null: { 'aws:TagKeys': 'false' } },
      wildcard,
    },
  ];
}

function comparing(at: RotationPlace, { comparesIds }: RotationReach): Grant[] {
  if (!comparesIds) return [];
  return [
    {
      sid: 'CompareIds',
      actions: [READ],
      resources: [secretArn(at, '*')],
      wildcard:
        'Which secret holds a key is found by reading them: rotation.stores.compareIds of the policy.',
    },
  ];
}

/** Secrets under a key of the customer are opened in the name of whoever reads or writes them. */
function openStores(at: RotationPlace): Grant {
  return {
    sid: 'OpenStores',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [`arn:${at.partition}:kms:${at.region}:${at.account}:key/*`],
    conditions: {
      StringLike: {
        'kms:ViaService': 'secretsmanager.*',
        'kms:EncryptionContext:SecretARN': secretArn(at, '*'),
      },
    },
    wildcard: 'The keys of the account, for secrets alone; which key a secret is under, its owner decides.',
    indirect: 'Secrets Manager calls KMS in the name of whoever reads or writes a value.',
  };
}

/** Starting a rotation that a secret is set up for: by its own function, or by Secrets Manager itself. */
export function startRotationGrants(at: RotationPlace): Grant[] {
  return [
    {
      sid: 'StartRotations',
      actions: ['secretsmanager:RotateSecret'],
      resources: [secretArn(at, '*')],
      conditions: { BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' } },
      wildcard: 'The secrets of the account in all Regions; which ones are due is named in a session policy.',
    },
    {
      sid: 'InvokeRotationFunctions',
      actions: ['lambda:InvokeFunction'],
      resources: [`arn:${at.partition}:lambda:${at.region}:${at.account}:function:*`],
      wildcard: 'Owners name the rotation functions of their secrets; a session reaches those of one Region.',
      indirect: 'Secrets Manager lets only those start a rotation who may invoke its function.',
    },
  ];
}

/** Making the secret that a key is delivered in, readable for whom the policy names. */
export function deliveryGrants(at: RotationPlace, { delivers }: RotationReach): Grant[] {
  if (!delivers) return [];
  const resources = [secretArn(at, `${DELIVERED}*`)];
  const wildcard = 'Secrets that the janitor makes, named by their users.';
  return [
    {
      sid: 'MakeDelivery',
      actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
      resources,
      conditions: { ...OUR_TAGS, Null: { 'aws:TagKeys': 'false' } },
      wildcard,
    },
    {
      sid: 'LimitReaders',
      actions: ['secretsmanager:PutResourcePolicy'],
      resources,
      conditions: { Bool: { 'secretsmanager:BlockPublicPolicy': 'true' } },
      wildcard,
    },
  ];
}

function secretArn({ partition, region, account }: RotationPlace, name: string): string {
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}`;
}
