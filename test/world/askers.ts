import type { ApiCaller } from '../../lib/api/index.ts';
import type { RoleIdentity } from '../../lib/identity/index.ts';
import { MAIN } from './places.ts';

/** The account of a registered outside party under contract, and one that nobody registered. */
export const PARTNER_ACCOUNT = '777788889999';
const STRANGERS_ACCOUNT = '999900001111';

/**
 * Everybody who calls the API: people of the directory, mallory who is in none, a workload, autonomous agents with and
 * without a person behind them, an outside party's program and a stranger's.
 */
export const ASKERS = [
  'alice',
  'bob',
  'carol',
  'dave',
  'erin',
  'mallory',
  'robot',
  'copilot',
  'drone',
  'partner',
  'stranger',
] as const;
export type AskerName = (typeof ASKERS)[number];

const STAFF = 'AWSReservedSSO_Staff_0123456789abcdef';
const STAFF_ROLE: RoleIdentity = {
  roleId: 'AROASTAFF00000000001',
  path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
};

const WORKLOADS: Readonly<Partial<Record<AskerName, { readonly account: string; readonly role: string }>>> = {
  robot: { account: MAIN, role: 'robot' },
  copilot: { account: MAIN, role: 'copilot' },
  drone: { account: MAIN, role: 'drone' },
  partner: { account: PARTNER_ACCOUNT, role: 'integration' },
  stranger: { account: STRANGERS_ACCOUNT, role: 'integration' },
};

/** As API Gateway authenticated the caller. */
export function callerOf(name: AskerName): ApiCaller {
  const { account, role } = WORKLOADS[name] ?? { account: MAIN, role: STAFF };
  const id = role === STAFF ? STAFF_ROLE.roleId : `AROA${role.toUpperCase().padEnd(16, '0')}`;
  return {
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    userId: `${id}:${name}`,
  };
}

export async function roleOf(accountId: string, roleName: string): Promise<RoleIdentity | undefined> {
  return accountId === MAIN && roleName === STAFF ? STAFF_ROLE : undefined;
}

export async function standingOf(accountId: string): Promise<'member' | 'outside'> {
  return accountId === PARTNER_ACCOUNT || accountId === STRANGERS_ACCOUNT ? 'outside' : 'member';
}
