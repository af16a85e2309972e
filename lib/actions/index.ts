export type { ActingClients } from './attempt.ts';
export { type ChangeRequest, REVERSE } from './change.ts';
export { describeChange, performChange, prepareChange, readBackChange, reverseRequest } from './changes.ts';
export { deliverySecretId } from './delivery-secret.ts';
export { drivenRotationOf } from './driven-rotation.ts';
export type { RotationClients } from './rotation/clients.ts';
export { identityOfKey } from './rotation/key-identity.ts';
export {
  CURRENT,
  PENDING,
  PREVIOUS,
  readCurrent,
  readStore,
  readVersion,
  type Store,
  type VersionValue,
  versionWith,
} from './rotation/store.ts';
export { promote, putPending, tagStore, unlabelPending } from './rotation/store-changes.ts';
export {
  createUserKey,
  type KeyUse,
  type NewKey,
  type RotatedUser,
  readKeyUse,
  readUser,
  readUserKeys,
  removeUserKey,
  type UserKey,
} from './rotation/user-keys.ts';
export { lookAtRotation, type RotationSight } from './rotation-sight.ts';
export { PURPOSE_OF_CHANGE, type RolePurpose, sessionPolicyFor } from './session-policy.ts';
