import type { Actor } from '../../domain/actor.ts';
import type { Policy } from '../../policy/index.ts';
import type { RecordingContext } from '../../sweep/index.ts';
import type { WorkDesk } from './desk.ts';

/** What the use cases of sweeping record with, in somebody's name and under a version of the policy. */
export function recordingContext(
  { clock, ledger, state, record, evidence }: WorkDesk,
  policy: Policy,
  actor: Actor,
): RecordingContext {
  return { clock, ledger, state, record, evidence, policy, actor };
}
