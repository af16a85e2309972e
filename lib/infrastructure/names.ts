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
  'grant-access',
  'reconcile-grants',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** What not every hub has functions for. */
interface Having {
  /** Something is to be rotated. */
  readonly rotates: boolean;
  /** The policy lends roles. */
  readonly breakGlass: boolean;
}

/** The functions of a hub; those that make access keys or lend roles exist only where the policy needs them. */
export function deployedFunctions({ rotates, breakGlass }: Having): readonly FunctionName[] {
  const without = [
    ...(rotates ? [] : ['rotate-access-key']),
    ...(breakGlass ? [] : ['grant-access', 'reconcile-grants']),
  ];
  return FUNCTION_NAMES.filter((name) => !without.includes(name));
}

/** What a member role is for; a role exists only where an activated rule needs it. */
export const MEMBER_PURPOSES = ['read', 'tag', 'rotate', 'quarantine', 'delete', 'break-glass'] as const;
export type MemberPurpose = (typeof MEMBER_PURPOSES)[number];

/** Which functions may assume which member role: member accounts trust them by name (aws:PrincipalArn). */
export const TRUSTED_FUNCTIONS: Readonly<Record<MemberPurpose, readonly FunctionName[]>> = {
  read: ['decide-account', 'act-on-account', 'tag-newborn', 'answer-requests', 'carry-out-requests'],
  tag: ['act-on-account', 'tag-newborn'],
  rotate: ['act-on-account', 'carry-out-requests'],
  quarantine: ['act-on-account', 'answer-requests', 'carry-out-requests'],
  delete: ['act-on-account'],
  'break-glass': ['grant-access', 'reconcile-grants'],
};

/** Names that people, member accounts and service control policies rely on; they follow from one prefix. */
export interface DeployedNames {
  readonly prefix: string;
  readonly stateMachine: string;
  readonly schedule: string;
  /** Group of the one-time schedules that end grants, and the role they do it with. */
  readonly endSchedules: string;
  readonly endScheduleRole: string;
  readonly bus: string;
  readonly api: string;
  readonly configurationSet: string;
  readonly dashboard: string;
  /** Rule in a member account that sends births to the hub. */
  readonly forwardingRule: string;
  readonly memberRolePrefix: string;
  readonly memberBoundary: string;
  /** Of the role that ends grants. */
  readonly endingBoundary: string;
  /** Other rules there that send something. */
  forwarding(what: string): string;
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
    endSchedules: `${prefix}-grant-ends`,
    endScheduleRole: `${prefix}-end-grants`,
    bus: prefix,
    api: prefix,
    configurationSet: prefix,
    dashboard: prefix,
    forwardingRule: `${prefix}-forward-births`,
    memberRolePrefix: `${prefix}-member`,
    memberBoundary: `${prefix}-member-boundary`,
    endingBoundary: `${prefix}-member-ending-boundary`,
    forwarding: (what) => `${prefix}-forward-${what}`,
    functionName: (name) => `${prefix}-${name}`,
    memberRole: (purpose) => `${prefix}-member-${purpose}`,
  };
}
