import type { CallerDirectory } from '../../lib/identity/index.ts';

/** The home account, another of the organisation, a registered party's, one whose contract is over, and a stranger's. */
export const HOME = '111122223333';
export const MEMBER = '222233334444';
export const PARTNER = '333344445555';
export const FORMER = '444455556666';
export const STRANGER = '999988887777';

export const SSO_ROLE = 'AWSReservedSSO_Admin_0123456789abcdef';
export const SSO_PATH = '/aws-reserved/sso.amazonaws.com/eu-central-1/';

const PEOPLE: Readonly<Record<string, string>> = {
  [`arn:aws:iam::${HOME}:user/people/ana`]: 'ana',
  [`arn:aws:iam::${PARTNER}:user/ana`]: 'ana',
  'sso:ana@example.com': 'ana',
  'sso:bob@example.com': 'bob',
};

/** ana (two ARNs) and bob of ours; acme at an account and a path, gone at another; agents with and without a sponsor. */
export function callerDirectory(overrides: Partial<CallerDirectory> = {}): CallerDirectory {
  return {
    personOf: (principal) => PEOPLE[principal],
    roleOf: async () => undefined,
    standingOf: async (accountId) => ([HOME, MEMBER].includes(accountId) ? 'member' : 'outside'),
    partyOf: (accountId, arn) => {
      if (accountId === PARTNER || arn.includes(':user/acme/')) return { id: 'acme', contractEnded: false };
      return accountId === FORMER ? { id: 'former', contractEnded: true } : undefined;
    },
    agentOf: (workload) => {
      if (workload === `arn:aws:iam::${HOME}:role/planner`) return { id: 'planner', sponsor: 'bob' };
      if (workload === `arn:aws:iam::${HOME}:user/people/bot`) return { id: 'bot' };
      return workload === `arn:aws:iam::${HOME}:role/orphan` ? { id: 'orphan' } : undefined;
    },
    ...overrides,
  };
}
