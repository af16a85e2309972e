import type { RotationContext, StepRequest } from './context.ts';
import { recordFailure } from './failure.ts';
import { performStep, type Step } from './steps.ts';

/**
 * One step as Secrets Manager asks its rotation function for it. Throws the trouble, recorded as `rotation.failed` unless
 * it passes by itself: Secrets Manager then tries again and tells its owner's alarms.
 */
export async function rotateStep(
  context: RotationContext,
  request: Omit<StepRequest, 'driver' | 'trigger' | 'credentialId'>,
  step: Step,
): Promise<void> {
  const asked: StepRequest = { ...request, driver: 'secrets-manager', trigger: 'schedule' };
  const result = await performStep(context, asked, step);
  if (result.ok) return;
  const { error } = await recordFailure(context, asked, result);
  throw error;
}
