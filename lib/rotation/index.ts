/** Replacing an access key that lives in a secret without breaking who uses it: the four steps and who drives them. */
export { storesByValue } from './compare-ids.ts';
export type { RotationContext } from './context.ts';
export { driveRotation } from './drive.ts';
export { rotateStep } from './rotate-step.ts';
export { STEPS, stepSchema } from './steps.ts';
