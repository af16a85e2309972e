import {
  activatePolicy,
  approvePlan,
  liftHalt,
  placeHalt,
  type RecordingContext,
  rejectPlan,
  restoreCredential,
} from '../sweep/index.ts';
import { resolveCredentialId } from './credential-id.ts';
import type { Desk } from './desk.ts';
import type { RecordingFlags } from './flags.ts';
import { openRecording, openSweep } from './open-recording.ts';
import type { Opened } from './opened.ts';
import type { Surroundings } from './surroundings.ts';

/** Records what a person decides in the ledger of the state folder, as the caller that AWS authenticates. */
export function localDesk(flags: RecordingFlags, surroundings: Surroundings): Desk {
  const recording = <T>(work: (context: RecordingContext) => Promise<T>) =>
    within(openRecording(flags, surroundings), work);
  return {
    halt: (order) => recording((context) => placeHalt(context, order)),
    resume: (order) => recording((context) => liftHalt(context, order)),
    approve: (planId) => recording((context) => approvePlan(context, planId)),
    reject: (planId, reason) => recording((context) => rejectPlan(context, planId, reason)),
    restore: (typed, reason) =>
      within(openSweep({ ...flags, enforce: true }, surroundings), async (context) => {
        const credentialId = await resolveCredentialId(context, typed);
        return { credentialId, ...(await restoreCredential(context, credentialId, { reason })) };
      }),
    activate: () => recording(activatePolicy),
  };
}

async function within<Context, T>(
  opening: Promise<Opened<Context>>,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { context, close } = await opening;
  try {
    return await work(context);
  } finally {
    await close();
  }
}
