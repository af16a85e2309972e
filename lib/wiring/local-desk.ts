import { type CallerIdentity, principalArnOf } from '../identity/index.ts';
import {
  activatePolicy,
  allowRotations,
  approvePlan,
  liftHalt,
  orderRotation,
  placeHalt,
  type RecordingContext,
  rejectPlan,
  restoreCredential,
} from '../sweep/index.ts';
import { resolveCredentialId, resolveSeenCredentialId } from './credential-id.ts';
import type { Desk } from './desk.ts';
import type { RecordingFlags } from './flags.ts';
import { openRecording, openSweep } from './open-recording.ts';
import type { Opened } from './opened.ts';
import { orderingContext } from './ordering-context.ts';
import type { OpenRotator } from './rotate-key.ts';
import type { Surroundings } from './surroundings.ts';

/** Records what a person decides in the ledger of the state folder, as the caller that AWS authenticates. */
export function localDesk(flags: RecordingFlags, surroundings: Surroundings): Desk {
  const recording = <T>(work: (context: RecordingContext) => Promise<T>) =>
    within(openRecording(flags, surroundings), work);
  return {
    halt: (order) => recording((context) => placeHalt(context, order)),
    resume: (order) => recording((context) => liftHalt(context, order)),
    allowRotations: (order) => recording((context) => allowRotations(context, order)),
    approve: (planId) => recording((context) => approvePlan(context, planId)),
    reject: (planId, reason) => recording((context) => rejectPlan(context, planId, reason)),
    restore: (typed, reason) =>
      within(openSweep({ ...flags, enforce: true }, surroundings), async (context) => {
        const credentialId = await resolveCredentialId(context, typed);
        return { credentialId, ...(await restoreCredential(context, credentialId, { reason })) };
      }),
    rotate: (typed, reason) =>
      within(openSweep({ ...flags, enforce: true }, surroundings), async (context, caller) => {
        const credentialId = await resolveSeenCredentialId(context, typed, context.clock.now());
        const janitor = await principalArnOf(context.clients, caller);
        const open: OpenRotator = async () => ({ ok: true, clients: context.clients });
        return orderRotation(orderingContext(context, { janitor, open }), credentialId, { reason });
      }),
    activate: () => recording(activatePolicy),
  };
}

async function within<Context, T>(
  opening: Promise<Opened<Context>>,
  work: (context: Context, caller: CallerIdentity) => Promise<T>,
): Promise<T> {
  const { context, caller, close } = await opening;
  try {
    return await work(context, caller);
  } finally {
    await close();
  }
}
