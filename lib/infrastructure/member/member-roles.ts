import { type CfnCondition, CfnResource, Duration } from 'aws-cdk-lib';
import { AccountPrincipal, ManagedPolicy, type PrincipalBase, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../nag/wildcards.ts';
import { type DeployedNames, MEMBER_ROLE_PATH, type MemberPurpose, TRUSTED_FUNCTIONS } from '../names.ts';
import { policyDocument } from '../roles.ts';
import { boundaryStatements } from './boundary.ts';
import { type MemberAccount, memberGrants } from './member-grants.ts';

/** `account`: the one the roles are in. */
export interface MemberRolesProps extends MemberAccount {
  readonly names: DeployedNames;
  readonly purposes: readonly MemberPurpose[];
  readonly hubAccount: string;
  /** Secrets of the account that the janitor itself needs: its roles there never change them. */
  readonly ownSecrets?: readonly string[];
  /** Condition on `aws:PrincipalOrgID`; none outside an organisation. */
  readonly organization?: object | undefined;
}

/**
 * The janitor's roles in one account, one per purpose. They trust the hub's account only for its functions' fixed role
 * names and, if there is one, for the organisation: a role of that name made elsewhere, or outside, is refused. The
 * boundary caps all of them together, whatever is attached later; the role that ends grants has one of its own, since no
 * managed policy has room for everything.
 */
export class MemberRoles extends Construct {
  readonly boundaries: readonly ManagedPolicy[];
  readonly roles: ReadonlyMap<MemberPurpose, Role>;

  constructor(scope: Construct, id: string, props: MemberRolesProps) {
    super(scope, id);
    const { names, purposes } = props;
    const ending = purposes.filter((purpose) => purpose === 'break-glass');
    const sweeping = purposes.filter((purpose) => purpose !== 'break-glass');
    const boundaries = new Map(
      [
        { id: 'Boundary', name: names.memberBoundary, under: sweeping },
        { id: 'EndingBoundary', name: names.endingBoundary, under: ending },
      ]
        .filter(({ under }) => under.length > 0)
        .flatMap(({ id: of, name, under }) => {
          const boundary = this.#boundary(of, name, under, props);
          return under.map((purpose) => [purpose, boundary] as const);
        }),
    );
    this.boundaries = [...new Set(boundaries.values())];
    this.roles = new Map(
      [...boundaries].map(([purpose, boundary]) => [purpose, this.#role(purpose, props, boundary)] as const),
    );
  }

  #boundary(
    id: string,
    managedPolicyName: string,
    under: readonly MemberPurpose[],
    { names, partition, account, reach, ownSecrets }: MemberRolesProps,
  ): ManagedPolicy {
    const of = { partition, account, reach };
    const boundary = new ManagedPolicy(this, id, {
      managedPolicyName,
      path: MEMBER_ROLE_PATH,
      description: 'Credential Janitor: the most that its roles in this account can ever do',
      statements: boundaryStatements(under, { ...of, names, ownSecrets }),
    });
    acknowledgeWildcards(
      boundary,
      under.flatMap((purpose) => memberGrants(purpose, of)),
    );
    return boundary;
  }

  #role(purpose: MemberPurpose, props: MemberRolesProps, boundary: ManagedPolicy): Role {
    const grants = memberGrants(purpose, props);
    const role = new Role(this, purpose, {
      roleName: props.names.memberRole(purpose),
      path: MEMBER_ROLE_PATH,
      description: `Credential Janitor: ${purpose}`,
      assumedBy: trust(purpose, props),
      maxSessionDuration: Duration.hours(1),
      permissionsBoundary: boundary,
      inlinePolicies: { grants: policyDocument(grants) },
    });
    acknowledgeWildcards(role, grants);
    return role;
  }
}

function trust(purpose: MemberPurpose, props: MemberRolesProps): PrincipalBase {
  const { names, partition, hubAccount, organization } = props;
  const roles = TRUSTED_FUNCTIONS[purpose].map(
    (name) => `arn:${partition}:iam::${hubAccount}:role/${names.functionName(name)}`,
  );
  return new AccountPrincipal(hubAccount).withConditions({
    ArnEquals: { 'aws:PrincipalArn': roles },
    ...(organization === undefined ? {} : { StringEquals: organization }),
  });
}

/** Has a construct made only where a condition holds. */
export function onlyIf(construct: Construct | undefined, condition: CfnCondition): void {
  const resource = construct?.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) resource.cfnOptions.condition = condition;
}
