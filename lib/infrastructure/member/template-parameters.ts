import { CfnParameter } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** What a member template asks for; the hub's values are filled in where they are known at synth. */
export interface TemplateParameters {
  readonly hubAccount: string;
  readonly homeRegion: string;
  readonly organizationId: string;
  readonly prefix: string;
}

export interface TemplateDefaults {
  readonly hubAccount?: string | undefined;
  readonly homeRegion?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly prefix: string;
}

export function templateParameters(scope: Construct, defaults: TemplateDefaults): TemplateParameters {
  const text = (id: string, description: string, allowedPattern: string, value: string | undefined) =>
    new CfnParameter(scope, id, {
      type: 'String',
      description,
      allowedPattern,
      ...(value === undefined ? {} : { default: value }),
    }).valueAsString;
  return {
    hubAccount: text('HubAccount', 'Id of the account the hub stack is in', '\\d{12}', defaults.hubAccount),
    homeRegion: text(
      'HomeRegion',
      'Region of the hub stack; roles are made by the stack in this Region alone',
      '[a-z]{2}(-[a-z]+)+-\\d',
      defaults.homeRegion,
    ),
    organizationId: text(
      'OrganizationId',
      'Id of the organisation that hub and member belong to; empty without one, and the hub is trusted by its account alone',
      '(o-[a-z0-9]{10,32})?',
      defaults.organizationId ?? '',
    ),
    prefix: text(
      'Prefix',
      'Prefix of the names of hub and member roles',
      '[a-z][a-z0-9-]{2,31}',
      defaults.prefix,
    ),
  };
}
