import { DRILL_ROLE } from './break-glass-documents.ts';
import type { BreakGlassRole, BreakGlassRules } from './break-glass-rules.ts';
import { DAY_MS, MINUTE_MS } from './time.ts';

/** A drill is over after this long, whatever became of it. */
export const DRILL_MS = 5 * MINUTE_MS;

/**
 * The role for drills: in every account that has a break-glass role, for whoever may have any of them and for the
 * emergency group; nobody approves it and nobody reviews it, since it may do nothing. Undefined: there are no roles.
 */
function drillRole({ roles, emergency }: BreakGlassRules): BreakGlassRole | undefined {
  const [first] = roles;
  if (first === undefined) return undefined;
  return {
    name: DRILL_ROLE,
    accounts: each(roles.flatMap(({ accounts }) => accounts)),
    permissions: { managedPolicies: [], statements: [] },
    eligible: each([...roles.flatMap(({ eligible }) => eligible), ...emergency]),
    longestMs: DRILL_MS,
    tier: 'routine',
    approverGroup: first.approverGroup,
    approvers: each(roles.flatMap(({ approvers }) => approvers)),
    reviewers: each(roles.flatMap(({ reviewers }) => reviewers)),
    reviewWithinMs: 3 * DAY_MS,
    sessionManager: false,
  };
}

/** A role by its name, that for drills included. */
export function breakGlassRole(rules: BreakGlassRules, name: string): BreakGlassRole | undefined {
  return name === DRILL_ROLE ? drillRole(rules) : rules.roles.find((role) => role.name === name);
}

function each(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
