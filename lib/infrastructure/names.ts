/** Every deployed function, `functions/<name>/handler.ts`. Its Lambda function and its role are `<prefix>-<name>`. */
export const FUNCTION_NAMES = [
  'list-accounts',
  'decide-account',
  'allot-steps',
  'act-on-account',
  'finish-run',
  'tag-newborn',
  'record-bounce',
  'answer-requests',
  'carry-out-requests',
  'rotate-access-key',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The functions of a hub; the one that makes access keys exists only where something is to be rotated. */
export function deployedFunctions({ rotates }: { readonly rotates: boolean }): readonly FunctionName[] {
  return FUNCTION_NAMES.filter((name) => rotates || name !== 'rotate-access-key');
}

/** What a member role is for; a role exists only where an activated rule needs it. */
export const MEMBER_PURPOSES = ['read', 'tag', 'rotate', 'quarantine', 'delete'] as const;
export type MemberPurpose = (typeof MEMBER_PURPOSES)[number];

/** Which functions may assume which member role: member accounts trust them by name (aws:PrincipalArn). */
export const TRUSTED_FUNCTIONS: Readonly<Record<MemberPurpose, readonly FunctionName[]>> = {
  read: ['decide-account', 'act-on-account', 'tag-newborn', 'answer-requests', 'carry-out-requests'],
  tag: ['act-on-account', 'tag-newborn'],
  rotate: ['act-on-account', 'carry-out-requests'],
  quarantine: ['act-on-account', 'answer-requests', 'carry-out-requests'],
  delete: ['act-on-account'],
};

/** Names that people, member accounts and service control policies rely on; they follow from one prefix. */
export interface DeployedNames {
  readonly prefix: string;
  readonly stateMachine: string;
  readonly schedule: string;
  readonly bus: string;
  readonly api: string;
  readonly configurationSet: string;
  readonly dashboard: string;
  /** Rule in a member account that sends births to the hub. */
  readonly forwardingRule: string;
  readonly memberRolePrefix: string;
  readonly memberBoundary: string;
  functionName(name: FunctionName): string;
  memberRole(purpose: MemberPurpose): string;
}

/** IAM path of the roles in member accounts. */
export const MEMBER_ROLE_PATH = '/credential-janitor/';

export const DEFAULT_PREFIX = 'credential-janitor';

export function deployedNames(prefix: string = DEFAULT_PREFIX): DeployedNames {
  return {
    prefix,
    stateMachine: `${prefix}-sweep`,
    schedule: `${prefix}-sweep`,
    bus: prefix,
    api: prefix,
    configurationSet: prefix,
    dashboard: prefix,
    forwardingRule: `${prefix}-forward-births`,
    memberRolePrefix: `${prefix}-member`,
    memberBoundary: `${prefix}-member-boundary`,
    functionName: (name) => `${prefix}-${name}`,
    memberRole: (purpose) => `${prefix}-member-${purpose}`,
  };
}
