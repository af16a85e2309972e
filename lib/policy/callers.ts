import type { Instant } from '../domain/time.ts';
import { contractEnded, hasLeft, personOf } from './directory.ts';
import type { ExternalParty } from './directory-schema.ts';
import type { Policy } from './policy.ts';

/** What the policy alone knows of callers; what AWS knows of roles and accounts is added where it is wired. */
export interface PolicyCallers {
  /** The person of an IAM user's ARN or of `sso:<user>`. Whoever has left is nobody. */
  personOf(principal: string): string | undefined;
  /** The registered outside party behind a principal, by its account or its user's path (G19). */
  partyOf(
    accountId: string,
    arn: string,
  ): { readonly id: string; readonly contractEnded: boolean } | undefined;
  /** The agent of an IAM user's ARN or of a role's, with or without its path; a sponsor who left is none (G20). */
  agentOf(workload: string): { readonly id: string; readonly sponsor?: string } | undefined;
}

/** Who is who among callers by the directory of a policy, as of an instant. */
export function callerDirectoryOf(policy: Policy, now: Instant): PolicyCallers {
  const { agents, externalParties } = policy.directory;
  return {
    personOf: (principal) => {
      const person = personOf(policy, principal);
      return person === undefined || hasLeft(policy, person, now) ? undefined : person;
    },
    partyOf: (accountId, arn) => {
      const party = externalParties.find((candidate) => isTheirs(candidate, accountId, arn));
      return party === undefined ? undefined : { id: party.id, contractEnded: contractEnded(party, now) };
    },
    agentOf: (workload) => {
      const wanted = withoutRolePath(workload);
      const agent = agents.find(({ principals }) =>
        principals.some((arn) => withoutRolePath(arn) === wanted),
      );
      if (agent === undefined) return undefined;
      const { id, sponsor } = agent;
      return sponsor === undefined || hasLeft(policy, sponsor, now) ? { id } : { id, sponsor };
    },
  };
}

/** Whether a principal lies in one of the party's accounts, or is a user under one of its paths. */
export function isTheirs(
  { accounts = [], paths = [] }: Pick<Partial<ExternalParty>, 'accounts' | 'paths'>,
  accountId: string,
  arn: string,
): boolean {
  if (accounts.includes(accountId)) return true;
  const path = /^arn:[a-z-]+:iam::\d{12}:user(\/(?:[^/]+\/)*)[^/]+$/.exec(arn)?.[1];
  return path !== undefined && paths.some((prefix) => path.startsWith(prefix));
}

/** A role's ARN as its sessions show it: without the path. Names of roles are unique in an account whatever their path. */
export function withoutRolePath(arn: string): string {
  return arn.replace(/^(arn:[a-z-]+:iam::\d{12}:role\/).*\/([^/]+)$/, '$1$2');
}
