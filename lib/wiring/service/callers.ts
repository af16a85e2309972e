import type { ApiCaller } from '../../api/index.ts';
import type { Actor } from '../../domain/actor.ts';
import { JanitorError } from '../../domain/error.ts';
import {
  type CallerDirectory,
  type CallerResolution,
  mayDecide,
  type ResolvedCaller,
  resolveCaller,
} from '../../identity/index.ts';
import { callerDirectoryOf, type Policy } from '../../policy/index.ts';
import type { ServiceDesk } from './desk.ts';

/** What it takes to find out who calls. */
export type CallerDesk = Pick<ServiceDesk, 'policyInForce' | 'lookups' | 'clock'>;

type Refused = Extract<CallerResolution, { ok: false }>;

/** Who calls, by the version of the policy in force at this call. */
export interface Known {
  readonly policy: Policy;
  readonly directory: CallerDirectory;
  readonly caller: ResolvedCaller;
}

export type Resolved =
  | ({ readonly ok: true } & Known)
  | (Refused & { readonly policy: Policy; readonly directory: CallerDirectory });

/** Resolves a caller; it takes the policy in force, whose trouble is thrown. */
export async function resolved(desk: CallerDesk, caller: ApiCaller): Promise<Resolved> {
  const policy = await desk.policyInForce();
  const directory = directoryOf(desk, policy);
  const resolution = await resolveCaller(caller, directory);
  return { ...resolution, policy, directory };
}

export function directoryOf(
  { lookups, clock }: Omit<CallerDesk, 'policyInForce'>,
  policy: Policy,
): CallerDirectory {
  return {
    ...callerDirectoryOf(policy, clock.now()),
    roleOf: (accountId, roleName) => lookups.roleOf(accountId, roleName),
    standingOf: (accountId) => lookups.standingOf(accountId),
  };
}

/** Throws `caller-unresolved`, `caller-refused` or `organisation-unreadable` when the caller may not come in. */
export async function knownCaller(desk: CallerDesk, caller: ApiCaller): Promise<Known> {
  const resolution = await resolved(desk, caller);
  if (resolution.ok) return resolution;
  throw callerRefused(resolution);
}

/** As `knownCaller`; outside parties see what they asked for themselves and nothing else: `may-not-read`. */
export async function insider(desk: CallerDesk, caller: ApiCaller): Promise<Known> {
  const known = await knownCaller(desk, caller);
  const { outsideParty, arn } = known.caller.actor;
  if (outsideParty === undefined) return known;
  throw new JanitorError(`${arn} belongs to the outside party ${outsideParty}`, {
    code: 'may-not-read',
    source: 'policy',
    hint: 'Outside parties may ask, and see what they asked for; ask your sponsor for everything else.',
  });
}

/** As `knownCaller`, for what a person of ours decides, calling for itself (I16): `not-an-approver`. */
export async function decider(desk: CallerDesk, caller: ApiCaller): Promise<Known> {
  const known = await knownCaller(desk, caller);
  const decides = mayDecide({ caller: known.caller, hops: [] });
  if (decides.ok) return known;
  throw new JanitorError(`${known.caller.actor.arn} is no person of ours, and only people decide`, {
    code: 'not-an-approver',
    source: 'policy',
    hint: 'Sign in as yourself: by IAM Identity Center, or as an IAM user that directory.yaml maps to you.',
    details: { reason: decides.reason },
  });
}

/** Anybody of the organisation, also whom the directory does not know. Throws `caller-refused` for everybody else. */
export async function oneOfOurs(
  desk: CallerDesk,
  caller: ApiCaller,
): Promise<{ readonly policy: Policy; readonly actor: Actor }> {
  const who = await resolved(desk, caller);
  if (!who.ok && who.reason !== 'unresolved' && who.reason !== 'organisation-unreadable') {
    throw callerRefused(who);
  }
  const actor = who.ok ? who.caller.actor : who.actor;
  if (actor.outsideParty !== undefined) throw notOurs(caller);
  return { policy: who.policy, actor };
}

export function notOurs({ arn }: Pick<ApiCaller, 'arn'>): JanitorError {
  return new JanitorError(`${arn} is not of this organisation`, {
    code: 'caller-refused',
    source: 'policy',
    hint: 'Ask your sponsor in the organisation to do it.',
  });
}

const WHY: Readonly<Record<Refused['reason'], { readonly says: string; readonly hint: string }>> = {
  unresolved: {
    says: 'is nobody the directory knows',
    hint: 'Map the principal to a person in directory.yaml, or call as a role.',
  },
  inconsistent: {
    says: 'is named by an account, an ARN and a user id that do not belong together',
    hint: 'Sign the request with credentials of an IAM user or role, and send it to the API itself.',
  },
  'organisation-unreadable': {
    says: "cannot be placed: the organisation's accounts could not be read",
    hint: 'Send the same request again in a moment.',
  },
  'outside-unregistered': {
    says: 'is of an account outside the organisation that no registered party has',
    hint: 'Register the outside party and its account in directory.yaml.',
  },
  'contract-ended': {
    says: 'is of an outside party whose contract has ended',
    hint: 'Its sponsor renews the contract in directory.yaml.',
  },
};

/** Code and sentence for a caller who is not let in. */
export function whyRefused({ reason, actor }: Refused): { readonly code: string; readonly why: string } {
  const why = `${actor.arn} ${WHY[reason].says}`;
  if (reason === 'organisation-unreadable') return { code: reason, why };
  return { code: reason === 'unresolved' ? 'caller-unresolved' : 'caller-refused', why };
}

export function callerRefused(refused: Refused): JanitorError {
  const { reason } = refused;
  const { code, why } = whyRefused(refused);
  const source = reason === 'organisation-unreadable' ? 'access' : 'policy';
  return new JanitorError(why, { code, source, hint: WHY[reason].hint, details: { reason } });
}
