import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './nag/wildcards.ts';
import type { DeployedNames } from './names.ts';
import {
  auditorGrants,
  onCallGrants,
  operatorGrants,
  type PeopleResources,
  requesterGrants,
} from './permissions/index.ts';
import { policyDocument } from './roles.ts';

/**
 * What people may do who use `janitor --stack`, for permission sets to attach: auditors read the record, operators
 * also start sweeps and decide over the API, requesters only ask; where roles are lent, those on call take and review them.
 * None can write the record or act in an account.
 */
export class PeoplePolicies extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly names: DeployedNames; readonly resources: PeopleResources },
  ) {
    super(scope, id);
    const { names, resources } = props;
    const policies = {
      auditor: auditorGrants(resources),
      operator: operatorGrants(resources),
      requester: requesterGrants(resources),
      ...(resources.breakGlass === undefined ? {} : { 'on-call': onCallGrants(resources) }),
    };
    for (const [who, grants] of Object.entries(policies)) {
      const policy = new ManagedPolicy(this, who, {
        managedPolicyName: `${names.prefix}-${who}`,
        description: `Credential Janitor: what is needed as ${who} for janitor --stack`,
        document: policyDocument(grants),
      });
      acknowledgeWildcards(policy, grants);
    }
  }
}
