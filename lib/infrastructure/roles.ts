import { Duration } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from './nag/wildcards.ts';
import type { Grant } from './permissions/index.ts';

export interface GrantedRoleProps {
  readonly roleName: string;
  readonly service: string;
  readonly description: string;
  readonly grants: readonly Grant[];
  /** Limits the service to work for this account (confused deputy). */
  readonly sourceAccount?: string;
}

/**
 * A role that holds exactly these grants, inline, from its first instant. Constructs must be given
 * `withoutPolicyUpdates()`, so that CDK adds nothing that stands in no table.
 */
export function grantedRole(scope: Construct, id: string, props: GrantedRoleProps): Role {
  const principal = new ServicePrincipal(props.service);
  const role = new Role(scope, id, {
    roleName: props.roleName,
    description: props.description,
    maxSessionDuration: Duration.hours(1),
    assumedBy:
      props.sourceAccount === undefined
        ? principal
        : principal.withConditions({ StringEquals: { 'aws:SourceAccount': props.sourceAccount } }),
    inlinePolicies: { grants: policyDocument(props.grants) },
  });
  acknowledgeWildcards(role, props.grants);
  return role;
}

export function policyDocument(grants: readonly Grant[]): PolicyDocument {
  return new PolicyDocument({ statements: grants.map(statementOf), minimize: false });
}

function statementOf({ sid, actions, resources, conditions }: Grant): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions }),
  });
}
