import type {
  BreakGlassRole,
  BreakGlassRules,
  EmergencyIdentity,
  OnCallSource,
} from '../domain/break-glass-rules.ts';
import { durationMs, type Instant } from '../domain/time.ts';
import { approvalFor, hasLeft, membersOf } from './directory.ts';
import type { Policy } from './policy.ts';

type Section = NonNullable<Policy['document']['breakGlass']>;
type RoleEntry = Section['roles'][number];

/** What the policy says about break-glass access as of an instant; people who left by then are nobody. */
export function breakGlassRules(policy: Policy, now: Instant): BreakGlassRules {
  const { breakGlass, requests } = policy.document;
  const { pattern } = requests.tickets;
  return {
    policyHash: policy.hash,
    roles: (breakGlass?.roles ?? []).map((entry) => roleOf(policy, entry, now)),
    emergency: breakGlass === undefined ? [] : membersOf(policy, breakGlass.emergencyGroup, now),
    emergencyIdentities: identitiesOf(policy, now),
    shortestReason: breakGlass?.shortestReason ?? 15,
    ...(pattern === undefined ? {} : { ticketPattern: pattern }),
  };
}

/**
 * Identities of the last resort: those of this section, and those that only directory.yaml protects, of which nobody in
 * particular is a custodian and whose uses are reviewed by whoever approves guarded steps.
 */
function identitiesOf(policy: Policy, now: Instant): readonly EmergencyIdentity[] {
  const own = policy.document.breakGlass?.emergencyIdentities ?? [];
  const others = policy.directory.emergencyIdentities.filter((arn) => own.every((each) => each.arn !== arn));
  return [
    ...own.map(({ arn, custodians, reviewers }) => ({
      arn,
      custodians: membersOf(policy, custodians, now),
      reviewers: membersOf(policy, reviewers, now),
    })),
    ...others.map((arn) => ({
      arn,
      custodians: [],
      reviewers: membersOf(policy, approvalFor(policy, 'guarded').group, now),
    })),
  ];
}

function roleOf(policy: Policy, entry: RoleEntry, now: Instant): BreakGlassRole {
  const approverGroup = entry.approvers ?? approvalFor(policy, 'guarded').group;
  const onCall = sourceOf(policy, entry.onCall, now);
  return {
    name: entry.name,
    accounts: entry.accounts,
    permissions: entry.permissions,
    eligible: [...new Set(entry.eligible.flatMap((group) => membersOf(policy, group, now)))],
    ...(onCall === undefined ? {} : { onCall }),
    longestMs: durationMs(entry.longest),
    tier: entry.tier,
    approverGroup,
    approvers: membersOf(policy, approverGroup, now),
    reviewers: membersOf(policy, entry.reviewers, now),
    reviewWithinMs: durationMs(entry.reviewWithin),
    sessionManager: entry.sessionManager,
  };
}

function sourceOf(policy: Policy, source: RoleEntry['onCall'], now: Instant): OnCallSource | undefined {
  if (source?.people !== undefined) {
    return { kind: 'people', people: source.people.filter((id) => !hasLeft(policy, id, now)) };
  }
  if (source?.schedule !== undefined) {
    return { kind: 'schedule', turns: source.schedule.filter(({ person }) => !hasLeft(policy, person, now)) };
  }
  if (source?.http === undefined) return undefined;
  const { url, timeoutSeconds, ifUnknown } = source.http;
  return { kind: 'http', url, timeoutMs: timeoutSeconds * 1000, ifUnknown };
}
