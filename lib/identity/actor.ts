import type { Actor } from '../domain/actor.ts';
import { parsePrincipalArn } from './principal-arn.ts';

/** A role as IAM knows it: what a session's ARN does not show. */
export interface RoleIdentity {
  /** `AROA...`: unique for ever, also among roles of the same name. */
  readonly roleId: string;
  readonly path: string;
}

export interface ActorLookups {
  /** The directory's person of a principal: an IAM user's ARN, or `sso:<user>` of Identity Center. */
  readonly personOf: (principal: string) => string | undefined;
  /** The role of this name in the caller's account; undefined when it is gone or cannot be read. */
  readonly roleByName: (roleName: string) => Promise<RoleIdentity | undefined>;
}

/** Identity Center names its roles so, and keeps them where nobody else can create roles. */
const SSO_PREFIX = 'AWSReservedSSO_';
const SSO_PATH = '/aws-reserved/sso.amazonaws.com/';

/**
 * Who a caller is (G1, G20). An Identity Center session is its user only when the role that signed really lives
 * under AWS's reserved path: the session's role id must be that role's, since a role of that name elsewhere, or
 * one created anew, is somebody else's. Any other role is a workload whose session name it chose itself.
 */
export async function resolveActor(
  caller: { readonly arn: string; readonly userId: string },
  lookups: ActorLookups,
): Promise<Actor> {
  const { arn } = caller;
  const principal = parsePrincipalArn(arn);
  if (principal.kind === 'user') return personOrUnresolved(arn, lookups.personOf(arn));
  if (principal.kind !== 'role-session') return { kind: 'unresolved', arn };
  const { roleName, sessionName } = principal;
  if (await isIdentityCenterSession(caller.userId, roleName, lookups)) {
    return personOrUnresolved(arn, lookups.personOf(`sso:${sessionName}`));
  }
  return { kind: 'workload', arn, claimed: sessionName };
}

function personOrUnresolved(arn: string, person: string | undefined): Actor {
  return person === undefined ? { kind: 'unresolved', arn } : { kind: 'person', arn, person };
}

async function isIdentityCenterSession(
  userId: string,
  roleName: string,
  { roleByName }: ActorLookups,
): Promise<boolean> {
  if (!roleName.startsWith(SSO_PREFIX)) return false;
  const role = await roleByName(roleName);
  if (role === undefined || !role.path.startsWith(SSO_PATH)) return false;
  return userId.split(':')[0] === role.roleId;
}
