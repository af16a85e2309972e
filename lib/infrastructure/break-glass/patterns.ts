import type { CfnRuleProps } from 'aws-cdk-lib/aws-events';
import { BREAK_GLASS_PATH } from '../../domain/break-glass-documents.ts';

/** An event pattern as EventBridge writes it. */
type Pattern = Readonly<Record<string, unknown>>;

/**
 * A rule that hears of CloudTrail's management events which only read, too, as AssumeRole does. CDK's own class knows no
 * such state.
 */
export interface DetectionRule {
  /** Added to the name of the rule. */
  readonly suffix: string;
  readonly pattern: Pattern;
  readonly state: NonNullable<CfnRuleProps['state']>;
}

const state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
const CALL = 'AWS API Call via CloudTrail';

/** CloudTrail writes a sign-in both ways. */
const SIGN_INS = ['AWS Console Sign In via CloudTrail', 'AWS Console Signin via CloudTrail'];

/** So many identities fit into a pattern, which has 2,048 characters. */
const IDENTITIES_IN_PATTERN = 5;

/**
 * Whoever assumes a break-glass role, by whatever call of STS and whether it was let or not; and whatever an emergency
 * identity does, as itself, as a role or at the console. `role` says how role ARNs begin, or is a wildcard.
 */
export function detectionRules(
  role: { readonly prefix: string } | { readonly wildcard: string },
  emergencyIdentities: readonly string[],
): readonly DetectionRule[] {
  const assumed: DetectionRule = {
    suffix: 'break-glass',
    state,
    pattern: {
      source: ['aws.sts'],
      'detail-type': [CALL],
      detail: {
        eventName: [{ prefix: 'AssumeRole' }],
        requestParameters: { roleArn: [role] },
      },
    },
  };
  const parts = Math.ceil(emergencyIdentities.length / IDENTITIES_IN_PATTERN);
  const used = Array.from({ length: parts }, (_, part): DetectionRule => {
    const from = part * IDENTITIES_IN_PATTERN;
    const arns = emergencyIdentities.slice(from, from + IDENTITIES_IN_PATTERN);
    return {
      suffix: `emergency-${part + 1}`,
      state,
      pattern: {
        'detail-type': [CALL, ...SIGN_INS],
        $or: [
          { detail: { userIdentity: { arn: arns } } },
          { detail: { userIdentity: { sessionContext: { sessionIssuer: { arn: arns } } } } },
          ...namedWithoutArn(arns),
        ],
      },
    };
  });
  return [assumed, ...used];
}

/**
 * A sign-in of an IAM user that failed shows account and name and no ARN. That may be somebody of another account who bears
 * the name of one of these: whoever hears of it looks closer.
 */
function namedWithoutArn(arns: readonly string[]): readonly Pattern[] {
  const users = arns.filter((arn) => arn.includes(':user/'));
  if (users.length === 0) return [];
  const each = (part: (arn: string) => string | undefined) => [
    ...new Set(users.map((arn) => part(arn) ?? '')),
  ];
  const accountId = each((arn) => arn.split(':')[4]);
  const userName = each((arn) => arn.split('/').at(-1));
  return [{ detail: { userIdentity: { accountId, userName, arn: [{ exists: false }] } } }];
}

/** How the ARN of a break-glass role of an account begins. */
export function rolesOf(partition: string, account: string): string {
  return `arn:${partition}:iam::${account}:role${BREAK_GLASS_PATH}`;
}
