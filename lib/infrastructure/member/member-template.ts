import {
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnParameter,
  CfnResource,
  Fn,
  type ICfnConditionExpression,
  type ICfnRuleConditionExpression,
  Stack,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { BirthForwarding } from '../born-tagged/forwarding.ts';
import { deployedNames, MEMBER_PURPOSES, type MemberPurpose } from '../names.ts';
import type { RotationReach } from '../rotation/reach.ts';
import { MemberRoles } from './member-roles.ts';
import { type TemplateDefaults, templateParameters } from './template-parameters.ts';

export interface MemberTemplateProps extends TemplateDefaults {
  /** Roles the template can make; all but `read` are switched by parameters. */
  readonly purposes: readonly MemberPurpose[];
  /** Which of them are made unless a parameter says otherwise. */
  readonly madeByDefault: readonly MemberPurpose[];
  readonly description: string;
  /** How far the role to rotate reaches. */
  readonly reach?: RotationReach;
}

/**
 * A plain CloudFormation template without assets or bootstrap version, for a StackSet or the console. Deployed in
 * several Regions, it makes the roles in the home Region alone, since IAM is global, and forwards births from each.
 */
export class MemberTemplate extends Stack {
  constructor(scope: Construct, id: string, props: MemberTemplateProps) {
    super(scope, id, {
      description: props.description,
      stackName: id,
      synthesizer: new BootstraplessSynthesizer(),
    });
    const { hubAccount, homeRegion, organizationId, prefix } = templateParameters(this, props);
    const names = deployedNames(prefix);
    const inHomeRegion = new CfnCondition(this, 'InHomeRegion', {
      expression: Fn.conditionEquals(Aws.REGION, homeRegion),
    });
    const purposes = MEMBER_PURPOSES.filter((purpose) => props.purposes.includes(purpose));
    const member = new MemberRoles(this, 'Member', {
      names,
      purposes,
      partition: Aws.PARTITION,
      account: Aws.ACCOUNT_ID,
      reach: props.reach,
      hubAccount,
      organization: this.#organization(organizationId),
    });
    onlyIf(member.boundary, inHomeRegion);
    for (const [purpose, role] of member.roles) {
      onlyIf(role, this.#made(purpose, inHomeRegion, props.madeByDefault));
    }
    new BirthForwarding(this, 'Births', { names, hubAccount, homeRegion });
  }

  /** The condition on the organisation, gone when the parameter is empty. */
  #organization(organizationId: string): ICfnRuleConditionExpression {
    const hasOne = new CfnCondition(this, 'HasOrganization', {
      expression: Fn.conditionNot(Fn.conditionEquals(organizationId, '')),
    });
    return Fn.conditionIf(hasOne.logicalId, { 'aws:PrincipalOrgID': organizationId }, Aws.NO_VALUE);
  }

  #made(
    purpose: MemberPurpose,
    inHomeRegion: CfnCondition,
    byDefault: readonly MemberPurpose[],
  ): CfnCondition {
    if (purpose === 'read') return inHomeRegion;
    const name = `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}`;
    const wanted = new CfnParameter(this, `${name}Role`, {
      type: 'String',
      description: `Whether the role to ${purpose} exists: only where an activated rule needs it`,
      allowedValues: ['true', 'false'],
      default: byDefault.includes(purpose) ? 'true' : 'false',
    });
    const isWanted: ICfnConditionExpression = Fn.conditionEquals(wanted.valueAsString, 'true');
    return new CfnCondition(this, `${name}RoleWanted`, {
      expression: Fn.conditionAnd(inHomeRegion, isWanted),
    });
  }
}

function onlyIf(construct: Construct, condition: CfnCondition): void {
  const resource = construct.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) resource.cfnOptions.condition = condition;
}
