import type { JanitorError } from '../domain/error.ts';
import type { RotationOutcome } from '../domain/rotation-outcome.ts';
import type { DrivenRotation, RotationContext, StepRequest } from './context.ts';
import { recordFailure } from './failure.ts';
import { performStep, STEPS } from './steps.ts';

/**
 * Walks all four steps of a rotation into a store that has no rotation function, or takes one up again by its token:
 * every step looks first at what is there. The replaced key is untouched; sweeps retire it. Throws only what is a defect.
 */
export async function driveRotation(
  context: RotationContext,
  rotation: DrivenRotation,
): Promise<RotationOutcome> {
  const request: StepRequest = { ...rotation, driver: 'janitor' };
  let accessKeyId = '';
  for (const step of STEPS) {
    const result = await performStep(context, request, step);
    if (!result.ok) {
      const { outcome, error } = await recordFailure(context, request, result);
      return { outcome, ...told(rotation, error) };
    }
    accessKeyId = result.accessKeyId;
  }
  const { token: rotationId, secretId } = rotation;
  return { outcome: 'finished', rotationId, secretId, accessKeyId };
}

function told({ token, secretId }: DrivenRotation, error: JanitorError) {
  const { code, source, message, hint = '', details } = error;
  return { rotationId: token, secretId, code, source, reason: message, hint, details };
}
