/** Replacing an access key that lives in a secret without breaking who uses it: the four steps and who drives them. */
export type { Citation, DrivenRotation, DriveRotation, Rotation, RotationContext } from './context.ts';
