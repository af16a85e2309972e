import { JanitorError } from '../domain/error.ts';
import { foldRotations } from '../domain/rotation.ts';
import { subjects } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import { appendDeciding } from './append.ts';
import { refuseResuming } from './authority.ts';
import type { RecordingContext } from './context.ts';
import { plainFields } from './draft.ts';

/** The failed rotation after which none began in an account any more. */
interface StoppedRotations {
  readonly accountId: string;
  readonly rotationId: string;
  readonly credentialId: string;
  /** Why it failed: a stable code, and a sentence. */
  readonly code: string;
  readonly reason: string;
  readonly at: Instant;
}

/**
 * Lets rotations begin again in an account, after one failed there and somebody looked at it. It takes a person who
 * approves guarded steps.
 * @throws JanitorError `rotations-not-stopped`; with source `policy`: `unresolved-may-not-resume`, `may-not-resume`.
 */
export async function allowRotations(
  context: RecordingContext,
  { accountId, reason }: { readonly accountId: string; readonly reason: string },
): Promise<StoppedRotations> {
  let lifted: StoppedRotations | undefined;
  await appendDeciding(context.ledger, subjects.rotations(accountId), (events) => {
    const stopped = foldRotations(events);
    if (stopped === undefined) throw notStopped(accountId);
    refuseResuming(context, {});
    const { at, data } = stopped;
    lifted = { accountId, ...data, reason: stopped.reason ?? '', at };
    return { ...plainFields(context), type: 'rotations.allowed', reason, data: {} };
  });
  if (lifted === undefined) throw notStopped(accountId);
  return lifted;
}

function notStopped(accountId: string): JanitorError {
  return new JanitorError(`rotations are not stopped in account ${accountId}`, {
    code: 'rotations-not-stopped',
    source: 'user',
    hint: `janitor explain rotations#${accountId} shows when they were stopped, why, and who let them go on.`,
  });
}
