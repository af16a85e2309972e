export type { ActingClients } from './attempt.ts';
export { type ChangeRequest, type Delivery, REVERSE } from './change.ts';
export { describeChange, performChange, prepareChange, readBackChange, reverseRequest } from './changes.ts';
export type { RotationClients } from './rotation/clients.ts';
export { deliverySecretId } from './delivery-secret.ts';
export { PURPOSE_OF_CHANGE, type RolePurpose, sessionPolicyFor } from './session-policy.ts';
