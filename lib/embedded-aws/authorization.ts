import type { Role } from './iam/state.ts';
import {
  type ConditionContext,
  coversAction,
  coversResource,
  holdsCondition,
  parsePolicy,
  type Statement,
} from './policy-document.ts';
import type { Principal } from './principal.ts';
import type { Call } from './service.ts';

/** Asks for no permission, so that nothing can deny it. */
const FREE = 'sts:GetCallerIdentity';

/** What a session may do: all that every one of these allows and none denies. */
interface Layer {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/**
 * Why the policies of a session forbid an action, worded as AWS does; undefined when they do not. Layers are the policies
 * of its role, the role's boundary and the session policy. A role that was given no policy at all, and whatever is no
 * session of a role, may do everything that nobody denies: worlds name permissions only where they are the subject.
 * `resource` is as in refusals; where it is no ARN, only actions and conditions are looked at, and Deny statements that
 * name resources do not apply.
 */
export function forbidden(call: Call, action: string, resource: string): string | undefined {
  const { principal } = call;
  if (principal.kind !== 'role-session' || action === FREE) return undefined;
  const layers = layersOf(call, principal);
  const context = contextOf(call);
  const arn = arnOf(call, resource);
  const applying = layers.map(({ name, statements }) => ({
    name,
    effects: statements
      .filter((each) => applies(each, action, arn) && holdsCondition(each, context))
      .map(({ Effect }) => Effect),
  }));
  const denying = applying.find(({ effects }) => effects.includes('Deny'));
  if (denying !== undefined) return `with an explicit deny in ${denying.name}`;
  const silent = applying.find(({ effects }) => !effects.includes('Allow'));
  return silent === undefined
    ? undefined
    : `because no ${silent.name.replace(/^an? /, '')} allows the ${action} action`;
}

function layersOf(call: Call, principal: Principal): readonly Layer[] {
  const role = roleOf(call, principal);
  const boundary = role?.permissionsBoundary;
  return [
    ...(role?.policies === undefined
      ? []
      : [{ name: 'an identity-based policy', statements: identityStatements(call, role.policies) }]),
    ...(boundary === undefined
      ? []
      : [{ name: 'a permissions boundary', statements: managedStatements(call, boundary) }]),
    ...(principal.sessionPolicy === undefined
      ? []
      : [{ name: 'a session policy', statements: principal.sessionPolicy }]),
  ];
}

/** The role as it is now, unless another one has taken its name since. */
function roleOf(call: Call, principal: Principal): Role | undefined {
  const name = principal.principalArn.slice(principal.principalArn.lastIndexOf('/') + 1);
  const role = call.account.iam.roles.get(name.toLowerCase());
  return role !== undefined && principal.userId.startsWith(`${role.id}:`) ? role : undefined;
}

function identityStatements(call: Call, policies: NonNullable<Role['policies']>): readonly Statement[] {
  const inline = policies.inline.flatMap((document) => parsePolicy(document) ?? []);
  return [...inline, ...policies.attached.flatMap((arn) => managedStatements(call, arn))];
}

/** AWS's own managed policies are not known here but for the one that allows everything. */
function managedStatements(call: Call, arn: string): readonly Statement[] {
  if (arn === 'arn:aws:iam::aws:policy/AdministratorAccess') {
    return [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  }
  const policy = call.account.iam.policies.get(arn.slice(arn.lastIndexOf('/') + 1).toLowerCase());
  return policy?.arn === arn ? (parsePolicy(policy.inForce.read(call.now)) ?? []) : [];
}

function applies(statement: Statement, action: string, arn: string | undefined): boolean {
  if (!coversAction(statement, action)) return false;
  if (arn !== undefined) return coversResource(statement, arn);
  return statement.Effect === 'Allow' || coversResource(statement, '*');
}

/** `user alice` as the ARN it stands for; undefined for what is no resource of its own. */
function arnOf(call: Call, resource: string): string | undefined {
  if (resource.startsWith('arn:')) return resource;
  const user = /^user (.+)$/.exec(resource)?.[1];
  return user === undefined ? undefined : call.account.iam.users.get(user.toLowerCase())?.arn;
}

function contextOf({ principal, account, now, region }: Call): ConditionContext {
  const context = new Map([
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:principalarn', principal.principalArn],
    ['aws:principalaccount', principal.accountId],
    ['aws:userid', principal.userId],
    ['aws:requestedregion', region],
  ]);
  if (account.organizationId !== undefined) context.set('aws:principalorgid', account.organizationId);
  if (principal.sourceIdentity !== undefined) context.set('aws:sourceidentity', principal.sourceIdentity);
  if (principal.issuedAt !== undefined)
    context.set('aws:tokenissuetime', new Date(principal.issuedAt).toISOString());
  for (const { key, value } of principal.sessionTags ?? [])
    context.set(`aws:principaltag/${key.toLowerCase()}`, value);
  return context;
}
