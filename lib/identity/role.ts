import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { AwsClients } from '../aws/index.ts';
import type { RoleIdentity } from './actor.ts';

/**
 * Looks a role up in the clients' account with iam:GetRole. Undefined when it does not exist or may not be
 * read: then nothing about it is believed.
 */
export async function readRole(
  clients: Pick<AwsClients, 'iam'>,
  roleName: string,
): Promise<RoleIdentity | undefined> {
  try {
    const { Role } = await clients.iam.send(new GetRoleCommand({ RoleName: roleName }));
    if (Role?.RoleId === undefined || Role.Path === undefined) return undefined;
    return { roleId: Role.RoleId, path: Role.Path };
  } catch {
    return undefined;
  }
}
