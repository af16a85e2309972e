import { breakGlassRole } from './break-glass-drill.ts';
import type { BreakGlassRules } from './break-glass-rules.ts';
import type { Grant } from './grant.ts';

/**
 * Why the reason of a grant is gone by the policy in force (G13); undefined while it stands. Who left the directory is
 * eligible for nothing. Whose turn of being on call is over keeps what was granted: an emergency does not end with a shift.
 */
export function reasonGone(
  rules: BreakGlassRules,
  { role: name, accountId, requestedBy, standing }: Grant,
): string | undefined {
  const role = breakGlassRole(rules, name);
  if (role === undefined) return `the policy has no break-glass role ${name} any more`;
  if (!role.accounts.includes(accountId)) return `${name} is not for account ${accountId} any more`;
  const person = requestedBy.person ?? '';
  if (role.eligible.includes(person)) return undefined;
  if (standing === 'emergency' && rules.emergency.includes(person)) return undefined;
  return `${person} is not among those any more who may have ${name}`;
}
