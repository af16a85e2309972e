import { boundaryClauses } from './break-glass-boundary.ts';
import type { BreakGlassRole } from './break-glass-rules.ts';
import { SESSION_SECONDS } from './grant.ts';
import { MINUTE_MS } from './time.ts';

/** Exactly what a grant of a role allows and denies, in words. */
export interface GrantSummary {
  readonly role: string;
  readonly accounts: readonly string[];
  readonly allows: readonly string[];
  /** By clause of the boundary. */
  readonly denies: readonly { readonly sid: string; readonly says: string }[];
  readonly ends: readonly string[];
}

type Summed = Pick<BreakGlassRole, 'name' | 'accounts' | 'permissions' | 'sessionManager' | 'longestMs'>;

export function grantSummary(role: Summed): GrantSummary {
  const { name, accounts, permissions, sessionManager, longestMs } = role;
  // What a clause says names no account: words stand where ARNs would.
  const nowhere = { partition: '', accountId: '', hubAccount: '', prefix: '', stackName: '' };
  return {
    role: name,
    accounts,
    allows: [
      ...permissions.managedPolicies.map((arn) => `what the managed policy ${arn} allows`),
      ...permissions.statements.map(
        ({ actions, resources }) => `${actions.join(', ')} on ${resources.map(everything).join(', ')}`,
      ),
    ],
    denies: boundaryClauses(nowhere, { sessionManager }).map(({ sid, says }) => ({ sid, says })),
    ends: [
      `Everything is denied from the second of its end on, ${longestMs / MINUTE_MS} minutes after it was asked for at the latest.`,
      `Credentials last ${SESSION_SECONDS / 60} minutes and are renewed while the grant is active; its end is also denied by its tag.`,
      ...(sessionManager
        ? [
            'Session Manager is allowed: shells outlive credentials and are ended apart, at the end of the grant.',
          ]
        : []),
    ],
  };
}

/** Plain text, a line each. */
export function grantSummaryLines(role: Summed): readonly string[] {
  const { accounts, allows, denies, ends } = grantSummary(role);
  return [
    `In ${accounts.join(', ')} it may:`,
    ...allows.map((each) => `  + ${each}`),
    'Whatever that allows, it may not:',
    ...denies.map(({ says }) => `  - ${says}`),
    ...ends,
  ];
}

function everything(resource: string): string {
  return resource === '*' ? 'everything' : resource;
}
