import {
  Aws,
  CfnCondition,
  type CfnResource,
  Duration,
  Fn,
  type IResolvable,
  Tags,
  Validations,
} from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type BreakGlassPlace, HUB_TAG } from '../../domain/break-glass-boundary.ts';
import {
  BREAK_GLASS_PATH,
  boundaryDocument,
  boundaryName,
  drillDocuments,
  INLINE_POLICY,
  type RoleDocuments,
  roleDocuments,
  type WrittenPolicy,
} from '../../domain/break-glass-documents.ts';
import { ENDED_POLICY, endedPolicyText } from '../../domain/break-glass-names.ts';
import { accountsOf, type DeployedRole } from './deployed.ts';

export interface BreakGlassRolesProps {
  readonly roles: readonly DeployedRole[];
  /** With references of CloudFormation where a template serves many accounts. */
  readonly place: BreakGlassPlace;
  /** Whom the roles trust; a template asks for the organisation. */
  readonly trust: WrittenPolicy | IResolvable;
  /** What else has to hold where they are made, beside the account being named. */
  readonly only?: CfnCondition;
}

/**
 * The break-glass roles of an account, as the documents of the domain say, each only in the accounts that the policy names:
 * the template is the same for all of them. Their text is written as it is and not by CDK's own classes, since drift is
 * told by comparing it.
 *
 * `ended-grants` is empty here for ever. Its versions at runtime are the janitor's own; CloudFormation, which compares
 * templates and not what there is, touches the policy only if this text changed, and the reconciler denies again within
 * minutes what such a deployment would forget.
 */
export class BreakGlassRoles extends Construct {
  readonly #props: BreakGlassRolesProps;
  readonly #conditions = new Map<string, CfnCondition>();

  constructor(scope: Construct, id: string, props: BreakGlassRolesProps) {
    super(scope, id);
    this.#props = props;
    // What bears the hub's tag is out of reach of every grant, and a drill looks at its own role.
    Tags.of(this).remove(HUB_TAG);
    const { roles, place } = props;
    const everywhere = this.inAccounts(accountsOf(roles));
    const ended = this.#managed('Ended', {
      name: ENDED_POLICY,
      description: 'Credential Janitor: denies everything to grants that have ended',
      document: JSON.parse(endedPolicyText([])),
      condition: everywhere,
    });
    const boundaries = new Map(
      [false, true].flatMap((sessionManager) => {
        const under = roles.filter((role) => role.sessionManager === sessionManager);
        if (sessionManager && under.length === 0) return [];
        const policy = this.#managed(sessionManager ? 'BoundaryWithShells' : 'Boundary', {
          name: boundaryName({ sessionManager }),
          description: 'Credential Janitor: the most that a break-glass role can ever do',
          document: boundaryDocument(place, { sessionManager }),
          condition: sessionManager ? this.inAccounts(accountsOf(under)) : everywhere,
        });
        return [[sessionManager, policy] as const];
      }),
    );
    const needed = (sessionManager: boolean) => [ended, boundaries.get(sessionManager)];
    this.#role(drillDocuments(place), everywhere, needed(false), DRILL);
    for (const role of roles) {
      const why = `The activated policy says so of the break-glass role ${role.name}; its boundary and the grant's end hold all the same.`;
      this.#role(
        roleDocuments(place, role),
        this.inAccounts(role.accounts),
        needed(role.sessionManager),
        why,
      );
    }
  }

  /** Holds in these accounts; one condition for the same accounts. */
  inAccounts(accounts: readonly string[]): CfnCondition {
    const key = accounts.join();
    const known = this.#conditions.get(key);
    if (known !== undefined) return known;
    const named = accounts.map((account) => Fn.conditionEquals(Aws.ACCOUNT_ID, account));
    const { only } = this.#props;
    const isNamed = Fn.conditionOr(...named);
    const condition = new CfnCondition(this, `In${this.#conditions.size}`, {
      expression: only === undefined ? isNamed : Fn.conditionAnd(only, isNamed),
    });
    this.#conditions.set(key, condition);
    return condition;
  }

  #managed(
    id: string,
    {
      name,
      description,
      document,
      condition,
    }: {
      readonly name: string;
      readonly description: string;
      readonly document: WrittenPolicy;
      readonly condition: CfnCondition;
    },
  ): CfnManagedPolicy {
    const scope = new Construct(this, id);
    const policy = new CfnManagedPolicy(scope, 'Resource', {
      managedPolicyName: name,
      path: BREAK_GLASS_PATH,
      description,
      policyDocument: document,
    });
    policy.cfnOptions.condition = condition;
    acknowledge(scope, document, 'A boundary allows nothing by itself: it allows all that it does not deny.');
    return policy;
  }

  #role(
    { name, managed, boundaryArn, inline }: RoleDocuments,
    condition: CfnCondition,
    needed: readonly (CfnResource | undefined)[],
    why: string,
  ): void {
    const scope = new Construct(this, `Role-${name}`);
    const role = new CfnRole(scope, 'Resource', {
      roleName: name,
      path: BREAK_GLASS_PATH,
      description: `Credential Janitor: break-glass role ${name}`,
      assumeRolePolicyDocument: this.#props.trust,
      maxSessionDuration: Duration.hours(1).toSeconds(),
      permissionsBoundary: boundaryArn,
      managedPolicyArns: [...managed],
      ...(inline === undefined ? {} : { policies: [{ policyName: INLINE_POLICY, policyDocument: inline }] }),
    });
    role.cfnOptions.condition = condition;
    for (const each of needed) if (each !== undefined) role.addResourceDependency(each);
    if (inline !== undefined) acknowledge(scope, inline, why);
    for (const policy of managed.filter((each) => /:iam::aws:policy\//.test(each))) {
      Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM4[Policy::${policy}]`, reason: why });
    }
  }
}

const DRILL = 'The role for drills may look at itself and do nothing else.';

/** Acknowledges AwsSolutions-IAM5 for each wildcard that a document allows. */
function acknowledge(scope: Construct, { Statement }: WrittenPolicy, reason: string): void {
  for (const { Effect, Action = [], Resource = [] } of Statement) {
    if (Effect === 'Deny') continue;
    const parts = [
      ...[Action].flat().map((each) => `Action::${each}`),
      ...[Resource].flat().map((each) => `Resource::${each}`),
    ];
    for (const part of parts.filter((each) => each.includes('*'))) {
      Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[${part}]`, reason });
    }
  }
}
