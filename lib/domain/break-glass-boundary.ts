/** Where break-glass roles stand and whom they trust; within CloudFormation these may be references. */
export interface BreakGlassPlace {
  readonly partition: string;
  /** The account of the role. */
  readonly accountId: string;
  /** The janitor's own account. */
  readonly hubAccount: string;
  /** Prefix of the janitor's names. */
  readonly prefix: string;
  /** Name of the janitor's stack. */
  readonly stackName: string;
  /** Absent: outside an organisation. */
  readonly organizationId?: string | undefined;
  /** ARNs of secrets that the janitor itself needs. */
  readonly ownSecrets?: readonly string[] | undefined;
}

/** One thing that no grant can do, whatever its role allows. */
export interface BoundaryClause {
  readonly sid: string;
  /** As people are told of it; goes on from "It may not". */
  readonly says: string;
  readonly actions?: readonly string[];
  /** Instead of `actions`: all but these. */
  readonly allBut?: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The tag that everything of the hub carries; its value is the prefix. */
export const HUB_TAG = 'credential-janitor';

const READING_IAM = ['iam:Generate*', 'iam:Get*', 'iam:List*', 'iam:Simulate*'];

/** IAM's words for changing; a test holds them against every operation that IAM has. */
const CHANGING_IAM = [
  'Accept*',
  'Acquire*',
  'Add*',
  'Associate*',
  'Attach*',
  'Change*',
  'Create*',
  'Deactivate*',
  'Delete*',
  'Detach*',
  'Disable*',
  'Enable*',
  'PassRole',
  'Put*',
  'Reject*',
  'Remove*',
  'Res*',
  'Send*',
  'Set*',
  'Tag*',
  'Untag*',
  'Up*',
].map((verb) => `iam:${verb}`);

/**
 * What makes credentials that outlive the grant, or opens a way to them: trust anchors and certificates answer for a role
 * that exists already, which nobody has to pass.
 */
const OTHER_IDENTITIES = [
  'cognito-identity:GetCredentialsForIdentity',
  'cognito-identity:GetOpenIdToken*',
  'iot:*Certificate*',
  'rolesanywhere:*',
  'signin:*OAuth2*',
  'sts:Assume*',
  'sts:Get*Token',
  'sts:SetSourceIdentity',
  'sts:TagSession',
];

/**
 * What a service does with a role that was handed to it before, whoever asks: CloudFormation keeps the role of a stack and
 * uses it for everybody who may change the stack, CodeBuild runs any commands with that of its project. Each of them could
 * do in IAM what this boundary denies.
 */
const BY_PROXY = [
  'cloudformation:CreateChangeSet',
  'cloudformation:CreateStack?*',
  'cloudformation:Delete*',
  'cloudformation:Execute*',
  'cloudformation:Update*',
  'codebuild:Retry*',
  'codebuild:Start*',
  'codebuild:Update*',
];

/** What tells, on its own, of what a grant did. */
const WITNESSES = [
  'access-analyzer:Delete*',
  'cloudtrail:Delete*',
  'cloudtrail:Deregister*',
  'cloudtrail:Disable*',
  'cloudtrail:Put*',
  'cloudtrail:RemoveTags',
  'cloudtrail:Stop*',
  'cloudtrail:Update*',
  'config:Delete*',
  'config:Put*',
  'config:Stop*',
  'guardduty:Archive*',
  'guardduty:Create*Filter',
  'guardduty:Create*Set',
  'guardduty:Delete*',
  'guardduty:Disable*',
  'guardduty:Disassociate*',
  'guardduty:Stop*',
  'guardduty:Update*',
  'securityhub:*AutomationRule*',
  'securityhub:BatchDisable*',
  'securityhub:Delete*',
  'securityhub:Disable*',
  'securityhub:Disassociate*',
];

/** Shells that outlive the credentials which opened them, and are ended with the grant where a role may open them. */
const SHELLS = ['ssm-guiconnect:*', 'ssm:ResumeSession', 'ssm:StartSession'];

/** Shells and commands that answer to another identity and that nobody ends with the grant. */
const ENDLESS_SHELLS = [
  'ec2-instance-connect:*',
  'ecs:ExecuteCommand',
  'lightsail:DownloadDefaultKeyPair',
  'lightsail:GetInstanceAccess*',
  'sagemaker:CreatePresigned*',
  'sagemaker:StartSession',
  'ssm:CreateAssociation*',
  'ssm:SendCommand',
  'ssm:StartAssociationsOnce',
  'ssm:UpdateAssociation*',
  'ssm:UpdateDocument*',
];

/** All that the boundary of break-glass roles denies, in the order people read it. */
export function boundaryClauses(
  place: BreakGlassPlace,
  { sessionManager }: { readonly sessionManager: boolean },
): readonly BoundaryClause[] {
  const all = ['*'];
  return [
    {
      sid: 'NoOtherIdentity',
      says: 'assume a role, or have AWS make credentials of any other kind, by STS, Roles Anywhere, Cognito or IoT',
      actions: OTHER_IDENTITIES,
      resources: all,
    },
    {
      sid: 'NotByProxy',
      says: 'have a service do it with a role of its own: change stacks of CloudFormation, start or change builds of CodeBuild',
      actions: BY_PROXY,
      resources: all,
    },
    {
      sid: 'NoChangeInIam',
      says: 'create or change anything in IAM, or pass a role to a service',
      actions: CHANGING_IAM,
      resources: all,
    },
    {
      sid: 'OnlyLookAtIam',
      says: 'do anything to users, groups, roles and policies but look at them',
      allBut: READING_IAM,
      resources: [`arn:${place.partition}:iam::*:*`],
    },
    {
      sid: 'NotTheOrganization',
      says: 'touch AWS Organizations, the settings of the account or IAM Identity Center, not even to look',
      actions: ['account:*', 'identitystore:*', 'organizations:*', 'sso-directory:*', 'sso:*'],
      resources: all,
    },
    {
      sid: 'NotTheTrail',
      says: 'stop, change or delete what tells of it: CloudTrail, AWS Config, GuardDuty, Security Hub, Access Analyzer',
      actions: WITNESSES,
      resources: all,
    },
    {
      sid: 'NotTheRecord',
      says: 'read or change the ledger, its projection, proofs and evidence of the janitor',
      actions: all,
      resources: recordArns(place),
    },
    {
      sid: 'NotTheJanitor',
      says: 'touch the janitor itself: its functions, rules, schedules, topics, queues, logs, API, stack and secrets',
      actions: all,
      resources: janitorArns(place),
    },
    {
      sid: 'NothingOfItsTag',
      says: 'touch whatever carries the tag of the janitor, its encryption keys among them',
      actions: all,
      resources: all,
      conditions: { StringEquals: { [`aws:ResourceTag/${HUB_TAG}`]: place.prefix } },
    },
    {
      sid: 'NoEndlessShells',
      says: 'run commands on a machine or in a container by what nobody ends with the grant: Run Command, associations, EC2 Instance Connect, ECS Exec, Lightsail, notebooks',
      actions: ENDLESS_SHELLS,
      resources: all,
    },
    ...(sessionManager
      ? []
      : [
          {
            sid: 'NoShells',
            says: 'open a shell on a machine by Session Manager',
            actions: SHELLS,
            resources: all,
          },
        ]),
  ];
}

/** CloudFormation shortens the name of a stack where a name has little room, and writes it small for buckets. */
const SHORTENED = 20;

function recordArns({ partition, hubAccount, stackName }: BreakGlassPlace): readonly string[] {
  return [
    `arn:${partition}:dynamodb:*:${hubAccount}:table/${stackName}-*`,
    `arn:${partition}:s3:::${stackName.toLowerCase().slice(0, SHORTENED)}*`,
  ];
}

function janitorArns(place: BreakGlassPlace): readonly string[] {
  const { partition, hubAccount, prefix, stackName, ownSecrets = [] } = place;
  const hub = (service: string, rest: string) => `arn:${partition}:${service}:*:${hubAccount}:${rest}`;
  const anywhere = (service: string, rest: string) => `arn:${partition}:${service}:*:*:${rest}`;
  const shortened = stackName.slice(0, SHORTENED);
  return [
    anywhere('cloudformation', `stack/${stackName}/*`),
    anywhere('cloudformation', `stack/*${prefix}*`),
    hub('cloudwatch', `alarm:${prefix}-*`),
    hub('events', `event-bus/${prefix}`),
    anywhere('events', `rule/${prefix}*`),
    hub('execute-api', '*'),
    hub('lambda', `function:${prefix}-*`),
    hub('logs', `log-group:${stackName}-*`),
    hub('logs', `log-group:/aws/vendedlogs/states/${prefix}-*`),
    hub('scheduler', `schedule*/${prefix}*`),
    hub('scheduler', `schedule/*/${prefix}*`),
    hub('sns', `${stackName}-*`),
    hub('sqs', `${shortened}*`),
    hub('states', `*:${prefix}-*`),
    ...ownSecrets,
  ];
}
