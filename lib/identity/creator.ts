import type { Actor } from '../domain/actor.ts';
import * as z from '../domain/zod.ts';
import { type ActorLookups, type RoleIdentity, resolveActor } from './actor.ts';
import { parsePrincipalArn } from './principal-arn.ts';

/**
 * `userIdentity` of a CloudTrail event, as far as it tells who called; the rest is passed over.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export const userIdentitySchema = z.object({
  type: z.string(),
  /** Absent for AWS services and some federated callers. */
  arn: z.optional(z.string()),
  /** `AIDA...`, `AROA...:<session name>`. */
  principalId: z.optional(z.string()),
  invokedBy: z.optional(z.string()),
  sessionContext: z.optional(
    z.object({
      sessionIssuer: z.catch(
        z.optional(z.object({ arn: z.optional(z.string()), principalId: z.optional(z.string()) })),
        undefined,
      ),
    }),
  ),
});
export type UserIdentity = z.infer<typeof userIdentitySchema>;

const ROLE = /^arn:aws[a-z-]*:iam::(\d{12}):role(\/(?:[^/]+\/)*)([^/]+)$/;

/**
 * Who made a call that CloudTrail recorded. Unlike a session's ARN, the ARN of its issuer has the role's path, and AWS
 * writes it: that proves an Identity Center session in any account, where the role itself cannot be looked up.
 */
export async function actorOfCall(
  identity: UserIdentity,
  personOf: ActorLookups['personOf'],
): Promise<Actor> {
  const { type, arn, principalId, invokedBy, sessionContext } = identity;
  if (arn === undefined) {
    const service = type === 'AWSService' ? invokedBy : undefined;
    if (service !== undefined) return { kind: 'workload', arn: service };
    return { kind: 'unresolved', arn: principalId ?? type };
  }
  const issuer = sessionContext?.sessionIssuer;
  return resolveActor(
    { arn, userId: principalId ?? '' },
    { personOf, roleByName: async (name) => issuedBy(arn, name, issuer) },
  );
}

/** The issuer as the role of this session: only when account and name are those of the session's ARN. */
function issuedBy(
  sessionArn: string,
  roleName: string,
  issuer: NonNullable<UserIdentity['sessionContext']>['sessionIssuer'],
): RoleIdentity | undefined {
  const session = parsePrincipalArn(sessionArn);
  const [, account, path, name] = ROLE.exec(issuer?.arn ?? '') ?? [];
  const roleId = issuer?.principalId;
  if (session.kind !== 'role-session' || path === undefined || roleId === undefined) return undefined;
  return account === session.accountId && name === roleName ? { roleId, path } : undefined;
}
