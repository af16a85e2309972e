import type {
  ApiCaller,
  allowRotationsBody,
  credentialBody,
  restoredView,
  rotationView,
  stoppedRotationsView,
} from '../../api/index.ts';
import { accountOf } from '../../domain/credential.ts';
import { JanitorError } from '../../domain/error.ts';
import type * as z from '../../domain/zod.ts';
import { mayAsk } from '../../identity/index.ts';
import { allowRotations, type OrderedRotation, planRotation, restoreCredential } from '../../sweep/index.ts';
import { resolveCredentialId, resolveSeenCredentialId } from '../credential-id.ts';
import { decider, insider } from './callers.ts';
import type { ServiceDesk } from './desk.ts';
import { viewOfPlan } from './plans.ts';
import { recordingContext } from './recording-context.ts';

type Body = z.output<typeof credentialBody>;
type RotationView = z.output<typeof rotationView>;

/** Gives back what the janitor took, at once: whoever the credential belongs to need not ask anybody. */
export async function restore(
  desk: ServiceDesk,
  caller: ApiCaller,
  { credentialId: typed, reason }: Body,
): Promise<z.output<typeof restoredView>> {
  const { policy, caller: known } = await insider(desk, caller);
  const credentialId = await resolveCredentialId(desk, typed);
  const session = {
    accountId: accountFor(credentialId),
    purpose: 'restore',
    policy,
    actor: known.actor,
  } as const;
  const { changes, left, holdUntil } = await desk.inAccount(session, (context) =>
    restoreCredential(context, credentialId, { reason }),
  );
  return { changes: [...changes], left: [...left], holdUntil };
}

/** Freezes a plan, or has the approved one carried out. */
export async function rotate(
  desk: ServiceDesk,
  caller: ApiCaller,
  { credentialId: typed, reason }: Body,
): Promise<RotationView> {
  const { policy, caller: known } = await insider(desk, caller);
  if (!mayAsk({ caller: known, hops: [] }, 'guarded').ok) throw sponsorMissing(caller);
  const credentialId = await resolveSeenCredentialId(desk, typed, desk.clock.now());
  const session = {
    accountId: accountFor(credentialId),
    purpose: 'rotate',
    policy,
    actor: known.actor,
  } as const;
  const ordered = await desk.inAccount(session, (context, rotator) =>
    planRotation(desk.planning(context, rotator), credentialId, { reason }),
  );
  if (ordered.state === 'carrying-out') {
    await desk.carryOut({ kind: 'rotation', planId: ordered.plan.planId });
  }
  return viewOfRotation(ordered);
}

function viewOfRotation(ordered: OrderedRotation): RotationView {
  return ordered.state === 'rotated' ? ordered : { ...ordered, plan: viewOfPlan(ordered.plan) };
}

/** A rotation is above the routine tier (G20). */
function sponsorMissing({ arn }: ApiCaller): JanitorError {
  return new JanitorError(`${arn} is an autonomous agent, and no person answers for it`, {
    code: 'may-not-rotate',
    source: 'policy',
    hint: 'Name the person who answers for it as its sponsor in directory.yaml.',
  });
}

export async function letRotate(
  desk: ServiceDesk,
  caller: ApiCaller,
  body: z.output<typeof allowRotationsBody>,
): Promise<z.output<typeof stoppedRotationsView>> {
  const { policy, caller: person } = await decider(desk, caller);
  return allowRotations(recordingContext(desk, policy, person.actor), body);
}

export function accountFor(credentialId: string): string {
  const accountId = accountOf(credentialId);
  if (accountId !== undefined) return accountId;
  throw new JanitorError(`"${credentialId}" is not the id of a credential`, {
    code: 'credential-not-found',
    source: 'user',
    hint: 'Give a whole credential id as explain prints it.',
  });
}
