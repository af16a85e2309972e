import { MOST_CHARACTERS, permissionDocument } from '../../domain/break-glass-documents.ts';
import type { BreakGlassRole } from '../../domain/break-glass-rules.ts';
import { JanitorError } from '../../domain/error.ts';
import type { Policy } from '../../policy/index.ts';

export type DeployedRole = Pick<BreakGlassRole, 'name' | 'accounts' | 'permissions' | 'sessionManager'>;

/** What of the policy's break-glass access is deployed. */
export interface DeployedBreakGlass {
  readonly roles: readonly DeployedRole[];
  /** Accounts that have a role. */
  readonly accounts: readonly string[];
  /** ARNs of users and roots in a vault, whose use is detected. */
  readonly emergencyIdentities: readonly string[];
}

/** Undefined where the policy lends no roles. Throws `break-glass-role-too-large`. */
export function breakGlassOf({
  document,
  directory,
}: Pick<Policy, 'document' | 'directory'>): DeployedBreakGlass | undefined {
  if (document.breakGlass === undefined) return undefined;
  const roles = document.breakGlass.roles.map(({ name, accounts, permissions, sessionManager }) => ({
    name,
    accounts: [...new Set(accounts)].toSorted(),
    permissions,
    sessionManager,
  }));
  for (const role of roles) fits(role);
  const registered = document.breakGlass.emergencyIdentities.map(({ arn }) => arn);
  const emergencyIdentities = [...new Set([...registered, ...directory.emergencyIdentities])].toSorted();
  return { roles, accounts: accountsOf(roles), emergencyIdentities };
}

export function accountsOf(roles: readonly DeployedRole[]): readonly string[] {
  return [...new Set(roles.flatMap(({ accounts }) => accounts))].toSorted();
}

function fits(role: DeployedRole): void {
  const { length } = JSON.stringify(permissionDocument(role) ?? {}).replaceAll(/\s/g, '');
  if (length <= MOST_CHARACTERS.inline) return;
  throw new JanitorError(
    `The statements of the break-glass role ${role.name} are ${length} characters long, and IAM takes ${MOST_CHARACTERS.inline}`,
    {
      code: 'break-glass-role-too-large',
      source: 'user',
      hint: 'Put some of them into a managed policy and name it under managedPolicies, or split the role.',
    },
  );
}
