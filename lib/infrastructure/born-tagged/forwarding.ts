import { Aws } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DeployedNames } from '../names.ts';
import { grantedRole } from '../roles.ts';
import { BIRTH_PATTERN } from './pattern.ts';

export interface BirthForwardingProps {
  readonly names: DeployedNames;
  readonly hubAccount: string;
  readonly homeRegion: string;
}

/**
 * Sends births of credentials from this account and Region to the hub's bus. IAM tells of access keys in us-east-1
 * alone, Secrets Manager in the secret's Region; both need a trail that logs management events. The role carries the
 * Region in its name, so that one template makes it in every Region.
 */
export class BirthForwarding extends Construct {
  /** ARN of the hub's bus, and the role that may put events on it. */
  readonly bus: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, { names, hubAccount, homeRegion }: BirthForwardingProps) {
    super(scope, id);
    this.bus = `arn:${Aws.PARTITION}:events:${homeRegion}:${hubAccount}:event-bus/${names.bus}`;
    this.role = grantedRole(this, 'Role', {
      roleName: `${names.prefix}-forward-${Aws.REGION}`,
      service: 'events.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
      description: 'Credential Janitor: forwards births of credentials to the hub',
      grants: [{ sid: 'ForwardBirths', actions: ['events:PutEvents'], resources: [this.bus] }],
    });
    new CfnRule(this, 'Rule', {
      name: names.forwardingRule,
      description: 'Credential Janitor: forwards births of credentials to the hub',
      eventPattern: BIRTH_PATTERN,
      state: 'ENABLED',
      targets: [{ id: 'hub', arn: this.bus, roleArn: this.role.roleArn }],
    });
  }
}
