import {
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnParameter,
  Fn,
  type ICfnConditionExpression,
  Stack,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { BreakGlassPlace } from '../../domain/break-glass-boundary.ts';
import { trustDocument } from '../../domain/break-glass-documents.ts';
import { BirthForwarding } from '../born-tagged/forwarding.ts';
import { BreakGlassRoles } from '../break-glass/break-glass-roles.ts';
import type { DeployedBreakGlass } from '../break-glass/deployed.ts';
import { BreakGlassForwarding } from '../break-glass/forwarding.ts';
import { deployedNames, MEMBER_PURPOSES, type MemberPurpose } from '../names.ts';
import type { RotationReach } from '../rotation/reach.ts';
import { MemberRoles, onlyIf } from './member-roles.ts';
import { type TemplateDefaults, templateParameters } from './template-parameters.ts';

export interface MemberTemplateProps extends TemplateDefaults {
  /** Roles the template can make; all but `read` are switched by parameters. */
  readonly purposes: readonly MemberPurpose[];
  /** Which of them are made unless a parameter says otherwise. */
  readonly madeByDefault: readonly MemberPurpose[];
  readonly description: string;
  /** How far the role to rotate reaches. */
  readonly reach?: RotationReach;
  /** Roles that are lent, in the accounts they name. */
  readonly breakGlass?: TemplateBreakGlass;
}

interface TemplateBreakGlass extends Pick<BreakGlassPlace, 'stackName' | 'ownSecrets'> {
  readonly deployed: DeployedBreakGlass;
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
      // CloudFormation takes 51,200 characters inline, white space included, which is half of an indented one.
      suppressTemplateIndentation: true,
    });
    const { hubAccount, homeRegion, organizationId, prefix } = templateParameters(this, props);
    const names = deployedNames(prefix);
    const inHomeRegion = new CfnCondition(this, 'InHomeRegion', {
      expression: Fn.conditionEquals(Aws.REGION, homeRegion),
    });
    const hasOrganization = new CfnCondition(this, 'HasOrganization', {
      expression: Fn.conditionNot(Fn.conditionEquals(organizationId, '')),
    });
    const inOrganization = (yes: unknown, no: unknown) => Fn.conditionIf(hasOrganization.logicalId, yes, no);
    const purposes = MEMBER_PURPOSES.filter((purpose) => props.purposes.includes(purpose));
    const member = new MemberRoles(this, 'Member', {
      names,
      purposes,
      partition: Aws.PARTITION,
      account: Aws.ACCOUNT_ID,
      reach: props.reach,
      hubAccount,
      organization: inOrganization({ 'aws:PrincipalOrgID': organizationId }, Aws.NO_VALUE),
    });
    for (const boundary of member.boundaries) onlyIf(boundary, inHomeRegion);
    for (const [purpose, role] of member.roles) {
      if (purpose === 'break-glass') continue;
      onlyIf(role, this.#made(purpose, inHomeRegion, props.madeByDefault));
    }
    const { bus, role } = new BirthForwarding(this, 'Births', { names, hubAccount, homeRegion });
    if (props.breakGlass === undefined) return;
    const { deployed, ...about } = props.breakGlass;
    const place = {
      ...about,
      partition: Aws.PARTITION,
      accountId: Aws.ACCOUNT_ID,
      hubAccount,
      prefix,
    };
    const lent = new BreakGlassRoles(this, 'BreakGlass', {
      roles: deployed.roles,
      place,
      trust: inOrganization(trustDocument({ ...place, organizationId }), trustDocument(place)),
      only: inHomeRegion,
    });
    onlyIf(member.roles.get('break-glass'), lent.inAccounts(deployed.accounts));
    new BreakGlassForwarding(this, 'Used', {
      names,
      bus,
      role,
      emergencyIdentities: deployed.emergencyIdentities,
    });
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
