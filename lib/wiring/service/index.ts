/** The API's service over whatever an environment gives, and the carrying out of what was approved. */
export { carryOutWith } from './carry-out.ts';
export type { AccountSession, CarryOutOrder, ServiceDesk } from './desk.ts';
export { type LocalParts, type LocalService, localService } from './local-service.ts';
export { reconcile } from './reconcile.ts';
export { serviceOf } from './service.ts';
