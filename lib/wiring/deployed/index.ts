/** The composition root of the deployed functions. Nothing of the command line or the embedded AWS is in reach. */

export { noticeOfSlug } from '../../notify/index.ts';
export { rotateStep } from '../../rotation/index.ts';
export {
  actOnAccount,
  allotSteps,
  decideAccount,
  finishRun,
  memberSchema,
  recordBounce,
  startRun,
} from '../../sweep/index.ts';
export { rotateKeyWith } from '../rotate-key.ts';
export { accountEnding } from './account-ending.ts';
export { contextFor, openEverything } from './account-work.ts';
export { birthEventSchema, lookAfter, newbornOf } from './births.ts';
export { openBroker } from './broker.ts';
export { carryOutEventSchema, openCarryOut } from './carry-out.ts';
export { openDelivery, undeliverable } from './delivery.ts';
export { deployedDocument } from './document.ts';
export { readEnvironment } from './environment.ts';
export { expectBuckets, openBucket, openHub, openOwnLedger, openRecord } from './hub.ts';
export { lambda, logger, once } from './lambda.ts';
export { actingIn, openMember, rotatorIn } from './member.ts';
export { accountsToSweep } from './members.ts';
export { metered, metrics } from './metered.ts';
export { sweepOutcome, tellOperators } from './operators.ts';
export { deployedPolicy } from './policy.ts';
export { openReconciler, reconcileEventSchema } from './reconciler.ts';
export { openRotation, rotationEventSchema } from './rotation.ts';
export { openService } from './service.ts';
