/** Replacing an access key that lives in a secret without breaking who uses it: the four steps and who drives them. */
export { type StoresByValue, storesByValue } from './compare-ids.ts';
export type {
  Citation,
  DrivenRotation,
  Rotation,
  RotationContext,
  StepRequest,
} from './context.ts';
export { driveRotation } from './drive.ts';
export { rotateStep } from './rotate-step.ts';
export { STEPS, type Step, stepSchema } from './steps.ts';
