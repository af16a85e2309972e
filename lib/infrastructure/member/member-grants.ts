import { BREAK_GLASS_PATH } from '../../domain/break-glass-documents.ts';
import { endedPolicyArn } from '../../domain/break-glass-names.ts';
import { LABEL_PREFIX } from '../../domain/label.ts';
import type { MemberPurpose } from '../names.ts';
import type { Grant } from '../permissions/index.ts';
import { NARROWEST_REACH, type RotationReach } from '../rotation/reach.ts';
import { deliveryGrants, keyRotationGrants, startRotationGrants } from '../rotation/rotation-grants.ts';

const USERS = 'The users of the account; which ones are due is decided later and named in a session policy.';
const SECRETS = 'The secrets of the account in all Regions; which ones are due is named in a session policy.';

export interface MemberAccount {
  readonly partition: string;
  readonly account: string;
  /** How far rotation reaches; default: as little as it can. */
  readonly reach?: RotationReach | undefined;
}

/** What a role in a member account may do, with the ARNs of that account. */
export function memberGrants(purpose: MemberPurpose, of: MemberAccount): Grant[] {
  if (purpose === 'rotate') return rotate(of);
  if (purpose === 'break-glass') return breakGlass(of);
  const users = [`arn:${of.partition}:iam::${of.account}:user/*`];
  const secrets = [`arn:${of.partition}:secretsmanager:*:${of.account}:secret:*`];
  return GRANTS[purpose](users, secrets);
}

function rotate({ partition, account, reach = NARROWEST_REACH }: MemberAccount): Grant[] {
  const everywhere = { partition, account, region: '*' };
  return [
    ...keyRotationGrants(everywhere, reach),
    ...startRotationGrants(everywhere),
    ...deliveryGrants(everywhere, reach),
  ];
}

/** Ending grants in the account, seeing what they did, and whether their roles are as they should be. */
function breakGlass({ partition, account }: MemberAccount): Grant[] {
  const inIam = (kind: string) => [`arn:${partition}:iam::${account}:${kind}${BREAK_GLASS_PATH}*`];
  return [
    {
      sid: 'DenyWhatEnded',
      actions: ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:ListPolicyVersions'],
      resources: [endedPolicyArn({ partition, accountId: account })],
    },
    {
      sid: 'LookAtBreakGlassRoles',
      actions: ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
      resources: inIam('role'),
      wildcard: 'The break-glass roles of the account, named by the policy.',
    },
    {
      sid: 'LookAtBreakGlassPolicies',
      actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
      resources: inIam('policy'),
      wildcard: 'The boundaries of the break-glass roles, and the policy of ended grants.',
    },
    {
      sid: 'SeeWhatGrantsDid',
      actions: ['account:ListRegions', 'cloudtrail:LookupEvents', 'ssm:DescribeSessions'],
      resources: ['*'],
      wildcard:
        'CloudTrail knows no resource for looking up and Session Manager none for listing; that of account:ListRegions differs between an account alone and one in an organisation.',
    },
    {
      sid: 'NameWhatTheyTouched',
      actions: ['iam:GetUser'],
      resources: [`arn:${partition}:iam::${account}:user/*`],
      wildcard: 'The users of the account: a call says the name of one, and not its path.',
    },
    {
      sid: 'NameSecretsTheyRead',
      actions: ['secretsmanager:DescribeSecret'],
      resources: [`arn:${partition}:secretsmanager:*:${account}:secret:*`],
      wildcard: 'The secrets of the account: a call may say the name of one, and not its ARN.',
    },
    {
      sid: 'EndShells',
      actions: ['ssm:TerminateSession'],
      resources: [`arn:${partition}:ssm:*:${account}:session/*`],
      wildcard: 'Sessions are named when they begin, in any Region.',
    },
  ];
}

type Grants = (users: readonly string[], secrets: readonly string[]) => Grant[];

/** Tag keys the janitor may write and take away; every other label of an owner is out of its reach. */
const OUR_TAGS = {
  'ForAllValues:StringLike': { 'aws:TagKeys': `${LABEL_PREFIX}*` },
  Null: { 'aws:TagKeys': 'false' },
} as const;

/**
 * The actions of docs/permissions-read-only.json, each on as little as AWS knows, and two more (a test holds that): a
 * deployed janitor looks at a user's tags again right before a step, and hears of new keys from CloudTrail, which leaves
 * out the path of their users.
 */
const read: Grants = (users, secrets) => [
  {
    sid: 'ReadAccountWide',
    actions: [
      'account:ListRegions',
      'iam:GenerateCredentialReport',
      'iam:GetAccountAuthorizationDetails',
      'iam:GetCredentialReport',
      'iam:ListServiceSpecificCredentials',
      'secretsmanager:ListSecrets',
      'sts:GetCallerIdentity',
    ],
    resources: ['*'],
    wildcard:
      'These speak of the account as a whole, for which IAM, STS and Secrets Manager know no resource; that of account:ListRegions differs between an account alone and one in an organisation.',
  },
  {
    sid: 'ReadAccessKeys',
    actions: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'],
    resources: users,
    wildcard: 'All users of the account: one it may not see is one it cannot report (G21).',
  },
  {
    sid: 'LookAtUser',
    actions: ['iam:GetUser', 'iam:ListUserTags'],
    resources: users,
    wildcard: 'All users of the account: any may be given a new key, and any may have one that is due.',
  },
  {
    sid: 'ReadSecrets',
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'],
    resources: secrets,
    wildcard: 'All secrets of the account in all Regions: one it may not see is one it cannot report (G21).',
  },
];

const tag: Grants = (users, secrets) => [
  { sid: 'ReadUserTags', actions: ['iam:ListUserTags'], resources: users, wildcard: USERS },
  {
    sid: 'LabelUsers',
    actions: ['iam:TagUser', 'iam:UntagUser'],
    resources: users,
    conditions: OUR_TAGS,
    wildcard: USERS,
  },
  {
    sid: 'ReadSecretTags',
    actions: ['secretsmanager:DescribeSecret'],
    resources: secrets,
    wildcard: SECRETS,
  },
  {
    sid: 'LabelSecrets',
    actions: ['secretsmanager:TagResource'],
    resources: secrets,
    conditions: OUR_TAGS,
    wildcard: SECRETS,
  },
];

const quarantine: Grants = (users, secrets) => [
  {
    sid: 'SwitchAccessKeys',
    actions: ['iam:ListAccessKeys', 'iam:UpdateAccessKey'],
    resources: users,
    wildcard: USERS,
  },
  {
    sid: 'DenyAndAllowReadingSecrets',
    actions: [
      'secretsmanager:DeleteResourcePolicy',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetResourcePolicy',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:RestoreSecret',
    ],
    resources: secrets,
    wildcard: SECRETS,
  },
];

const remove: Grants = (users, secrets) => [
  {
    sid: 'DeleteAccessKeys',
    actions: ['iam:DeleteAccessKey', 'iam:ListAccessKeys'],
    resources: users,
    wildcard: USERS,
  },
  {
    sid: 'ReadSecretsBeforeAndAfter',
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'],
    resources: secrets,
    wildcard: SECRETS,
  },
  {
    sid: 'DeleteSecretsRestorably',
    actions: ['secretsmanager:DeleteSecret'],
    resources: secrets,
    conditions: {
      NumericGreaterThanEquals: { 'secretsmanager:RecoveryWindowInDays': '7' },
      BoolIfExists: { 'secretsmanager:ForceDeleteWithoutRecovery': 'false' },
    },
    wildcard: SECRETS,
  },
];

const GRANTS: Readonly<Record<Exclude<MemberPurpose, 'break-glass' | 'rotate'>, Grants>> = {
  read,
  tag,
  quarantine,
  delete: remove,
};
