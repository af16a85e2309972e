import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { DeployedNames } from '../names.ts';

export interface WebAclProps {
  readonly names: DeployedNames;
  /** ARN of the stage it stands before. */
  readonly stageArn: string;
}

/** Requests of one address in five minutes. */
const PER_ADDRESS = 1_000;

/** Bytes of a body: what the API itself takes (a test compares). The common rules would refuse proofs of delegation at 8 KB. */
const LARGEST_BODY = 65_536;

/** AWS WAF before the API. Samples are off: they would show whole headers, session tokens among them. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { names, stageArn }: WebAclProps) {
    super(scope, id);
    const visibility = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      metricName: `${names.prefix}-${metricName}`,
      sampledRequestsEnabled: false,
    });
    const acl = new CfnWebACL(this, 'Acl', {
      name: `${names.prefix}-api`,
      description: 'Credential Janitor: before the API',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('api'),
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
      rules: [
        {
          name: 'requests-of-one-address',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: { aggregateKeyType: 'IP', limit: PER_ADDRESS, evaluationWindowSec: 300 },
          },
          visibilityConfig: visibility('rate'),
        },
        {
          name: 'largest-body',
          priority: 1,
          action: { block: {} },
          statement: {
            sizeConstraintStatement: {
              fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
              comparisonOperator: 'GT',
              size: LARGEST_BODY,
              textTransformations: [{ priority: 0, type: 'NONE' }],
            },
          },
          visibilityConfig: visibility('body'),
        },
        {
          name: 'aws-common-rules',
          priority: 2,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              ruleActionOverrides: [{ name: 'SizeRestrictions_BODY', actionToUse: { count: {} } }],
            },
          },
          visibilityConfig: visibility('common'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stageArn, webAclArn: acl.attrArn });
  }
}
