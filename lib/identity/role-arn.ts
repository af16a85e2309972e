import type { AwsClients } from '../aws/index.ts';
import type { CallerIdentity } from './caller.ts';
import { parsePrincipalArn } from './principal-arn.ts';
import { readRole } from './role.ts';

/**
 * The caller as policies name it (`aws:PrincipalArn`): a user or root by its own ARN, a role session by its role's. The
 * path of the role, which session ARNs omit, is looked up; a role that cannot be read is taken to have none.
 */
export async function principalArnOf(
  clients: AwsClients,
  { arn, partition }: Pick<CallerIdentity, 'arn' | 'partition'>,
): Promise<string> {
  const principal = parsePrincipalArn(arn);
  if (principal.kind !== 'role-session') return arn;
  const { accountId, roleName } = principal;
  const role = await readRole(clients, roleName);
  return `arn:${partition}:iam::${accountId}:role${role?.path ?? '/'}${roleName}`;
}
