import { Aws } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DeployedNames } from '../names.ts';
import { detectionRules, rolesOf } from './patterns.ts';

export interface BreakGlassForwardingProps {
  readonly names: DeployedNames;
  /** ARN of the hub's bus. */
  readonly bus: string;
  /** May put events on it. */
  readonly role: IRole;
  readonly emergencyIdentities: readonly string[];
}

/**
 * Sends the use of break-glass roles and of emergency identities from this account and Region to the hub's bus: STS and
 * sign-in tell of it in the Region used. Best effort, as all of CloudTrail; the grant itself is in the record beforehand.
 */
export class BreakGlassForwarding extends Construct {
  constructor(scope: Construct, id: string, props: BreakGlassForwardingProps) {
    super(scope, id);
    const { names, bus, role, emergencyIdentities } = props;
    const prefix = rolesOf(Aws.PARTITION, Aws.ACCOUNT_ID);
    for (const { suffix, pattern, state } of detectionRules({ prefix }, emergencyIdentities)) {
      new CfnRule(this, suffix, {
        name: names.forwarding(suffix),
        description: 'Credential Janitor: forwards the use of break-glass access to the hub',
        eventPattern: pattern,
        state,
        targets: [{ id: 'hub', arn: bus, roleArn: role.roleArn }],
      });
    }
  }
}
