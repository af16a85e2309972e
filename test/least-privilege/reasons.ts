import { memberGrants } from '../../lib/infrastructure/member/member-grants.ts';
import { FUNCTION_NAMES, MEMBER_PURPOSES } from '../../lib/infrastructure/names.ts';
import { functionGrants, type Grant } from '../../lib/infrastructure/permissions/index.ts';
import { plainResources } from '../infrastructure/plain-resources.ts';
import type { Grain } from './check.ts';

export interface Reason {
  readonly role: string;
  readonly sid: string;
  /** How the part ends. */
  readonly part: string;
  readonly why: string;
}

/** Parts of statements that a role is given although no recorded run needs them. Each row has to be true still. */
export const REASONS: readonly Reason[] = [
  {
    role: 'decide-account',
    sid: 'SeeEvidence',
    part: 'notices/*',
    why: 'A prepared notice has its text in the bucket; were it gone, S3 should say so and not "forbidden".',
  },
  {
    role: 'act-on-account',
    sid: 'SeeEvidence',
    part: 'policies/*',
    why: 'Deciding has archived the policy; were it gone, S3 should say so and not "forbidden".',
  },
  {
    role: 'answer-requests',
    sid: 'SeeEvidence',
    part: 'manifests/*',
    why: 'What is explained names a manifest; were it gone, S3 should say so and not "forbidden".',
  },
  {
    role: 'carry-out-requests',
    sid: 'WriteToOwners',
    part: 'identity/example.com',
    why: 'SES asks for the identity it verified: the address, or its domain. Which one is not known at synth.',
  },
  {
    role: 'carry-out-requests',
    sid: 'SeeEvidence',
    part: 'notices/*',
    why: 'The text of a notice is put there; were its name taken already, S3 should say so and not "forbidden".',
  },
  ...['grant-access', 'reconcile-grants'].map((role) => ({
    role,
    sid: 'WriteToOwners',
    part: 'identity/example.com',
    why: 'SES asks for the identity it verified: the address, or its domain. Which one is not known at synth.',
  })),
  {
    role: 'act-on-account',
    sid: 'WriteToOwners',
    part: 'identity/example.com',
    why: 'SES asks for the identity it verified: the address, or its domain. Which one is not known at synth.',
  },
  {
    role: 'member-read',
    sid: 'ReadAccountWide',
    part: 'sts:GetCallerIdentity',
    why: 'Nobody needs a right for it; it is granted so that the role equals docs/permissions-read-only.json.',
  },
];

/** Roles of the templates whose calls AWS services make, not functions; the deploy test runs them. */
export const ROLES_OF_SERVICES: Readonly<Record<string, string>> = {
  'credential-janitor-workflow': 'Step Functions runs the workflow with it.',
  'credential-janitor-api-log': 'API Gateway writes the logs of its stages with it.',
  'credential-janitor-schedule': 'EventBridge Scheduler starts the workflow with it.',
  'credential-janitor-end-grants': 'EventBridge Scheduler ends grants with it.',
  'credential-janitor-forward-eu-central-1': 'EventBridge forwards births to the bus of the hub with it.',
};

/** The tables that roles are made of, by role. */
export function grantsByRole(): ReadonlyMap<string, readonly Grant[]> {
  const member = { partition: 'aws', account: '111122223333' };
  return new Map([
    ...FUNCTION_NAMES.map((name) => [name, functionGrants(name, plainResources, 'log')] as const),
    ...MEMBER_PURPOSES.map((purpose) => [`member-${purpose}`, memberGrants(purpose, member)] as const),
  ]);
}

/**
 * What is left of unused parts after all reasons. That a service makes the calls (`indirect`) is a reason only for a
 * statement of which nothing was needed at all.
 */
export function unexplained(unused: readonly Grain[], used: ReadonlySet<string>): Grain[] {
  const tables = grantsByRole();
  return unused.filter((grain) => {
    const { role, sid } = grain;
    const isIndirect = tables.get(role)?.find((each) => each.sid === sid)?.indirect !== undefined;
    if (isIndirect && !used.has(`${role} ${sid}`)) return false;
    return !REASONS.some((reason) => explains(reason, grain));
  });
}

export function explains(reason: Reason, { role, sid, part }: Grain): boolean {
  return reason.role === role && reason.sid === sid && part.endsWith(reason.part);
}
