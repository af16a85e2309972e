import { partitionOfArn } from '../aws/index.ts';
import type { Actor } from '../domain/actor.ts';
import { type RoleIdentity, resolveActor } from './actor.ts';
import { type PrincipalArn, parsePrincipalArn } from './principal-arn.ts';

/** A caller as AWS authenticated it: API Gateway's `requestContext.identity`, or an answer of GetCallerIdentity. */
export interface AuthenticatedCaller {
  readonly accountId: string;
  readonly arn: string;
  /** `AIDA...` of a user, `AROA...:<session name>` of a role session. */
  readonly userId: string;
}

/** A workload that decides by itself what it asks for (G20). */
export interface Agent {
  readonly id: string;
  /** The person of the directory who answers for it; absent when nobody does any more. */
  readonly sponsor?: string;
}

/** What is known of callers beyond what AWS says of them. */
export interface CallerDirectory {
  /** The person of an IAM user's ARN or of `sso:<user>`. Whoever has left is nobody. */
  personOf(principal: string): string | undefined;
  /** A role of an account of the organisation; undefined when it is gone or cannot be read. */
  roleOf(accountId: string, roleName: string): Promise<RoleIdentity | undefined>;
  /** Whether the organisation has this account; `unknown` when its list could not be read. */
  standingOf(accountId: string): Promise<'member' | 'outside' | 'unknown'>;
  /** The registered outside party behind a principal, by its account or its path (G19). */
  partyOf(
    accountId: string,
    arn: string,
  ): { readonly id: string; readonly contractEnded: boolean } | undefined;
  /** The registered agent, by an IAM user's ARN or by `workloadOf` a role's session. */
  agentOf(workload: string): Agent | undefined;
}

/** Who calls. The actor is a person or a workload; it names its outside party. */
export interface ResolvedCaller {
  readonly actor: Actor;
  readonly accountId: string;
  readonly agent?: Agent;
}

export type CallerRefusal =
  /** A user of no person, root, a federated user, or no principal at all. */
  | 'unresolved'
  /** Account, ARN and user id do not speak of one principal. */
  | 'inconsistent'
  | 'organisation-unreadable'
  | 'outside-unregistered'
  | 'contract-ended';

export type CallerResolution =
  | { readonly ok: true; readonly caller: ResolvedCaller }
  /** Denied; `actor` is who the record of the denial names. */
  | { readonly ok: false; readonly reason: CallerRefusal; readonly actor: Actor };

type Named = Extract<PrincipalArn, { kind: 'user' | 'role-session' }>;

/**
 * Who a caller of the API is (G1, G19, G20), on top of `resolveActor`: accounts outside the organisation belong to a
 * registered party under contract or are refused, their Identity Center is not ours, and what is nobody is denied.
 */
export async function resolveCaller(
  caller: AuthenticatedCaller,
  directory: CallerDirectory,
): Promise<CallerResolution> {
  const { arn, accountId } = caller;
  const principal = parsePrincipalArn(arn);
  const denied = (reason: CallerRefusal): CallerResolution => {
    return { ok: false, reason, actor: { kind: 'unresolved', arn, ...claimOf(principal) } };
  };
  if (principal.kind !== 'user' && principal.kind !== 'role-session') return denied('unresolved');
  if (!isOnePrincipal(caller, principal)) return denied('inconsistent');
  const standing = await directory.standingOf(accountId);
  if (standing === 'unknown') return denied('organisation-unreadable');
  const party = directory.partyOf(accountId, arn);
  if (standing === 'outside' && party === undefined) return denied('outside-unregistered');
  if (party?.contractEnded === true) return denied('contract-ended');
  const agent = directory.agentOf(workloadOf(arn) ?? arn);
  const found = await resolveActor(caller, {
    personOf: (name) => directory.personOf(name),
    roleByName: async (name) => (standing === 'member' ? directory.roleOf(accountId, name) : undefined),
  });
  const isWorkload = agent !== undefined || (party !== undefined && found.kind === 'unresolved');
  const actor: Actor = isWorkload ? { kind: 'workload', arn, ...claimOf(principal) } : found;
  if (actor.kind === 'unresolved') return denied('unresolved');
  return {
    ok: true,
    caller: {
      actor: party === undefined ? actor : { ...actor, outsideParty: party.id },
      accountId,
      ...(agent === undefined ? {} : { agent }),
    },
  };
}

/**
 * The role behind a session, without the path that session ARNs omit: `arn:aws:iam::111122223333:role/deploy`. Role
 * names are unique in an account whatever their path. Undefined for everything that is no role session.
 */
export function workloadOf(arn: string): string | undefined {
  const principal = parsePrincipalArn(arn);
  if (principal.kind !== 'role-session') return undefined;
  return `arn:${partitionOfArn(arn)}:iam::${principal.accountId}:role/${principal.roleName}`;
}

function claimOf(principal: PrincipalArn): Pick<Actor, 'claimed'> {
  return principal.kind === 'role-session' ? { claimed: principal.sessionName } : {};
}

function isOnePrincipal({ accountId, userId }: AuthenticatedCaller, principal: Named): boolean {
  if (accountId !== principal.accountId) return false;
  const [uniqueId, sessionName] = userId.split(':');
  if (uniqueId === undefined || !/^[A-Z0-9]{16,128}$/.test(uniqueId)) return false;
  return sessionName === (principal.kind === 'role-session' ? principal.sessionName : undefined);
}
