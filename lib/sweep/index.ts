export { type ActivationOutcome, activatePolicy, activationState } from './activate-policy.ts';
export { approvePlan, type PlanDecision, rejectPlan } from './approve-plan.ts';
export type { ReadingContext, RecordingContext, SweepContext } from './context.ts';
export { type HaltTarget, liftHalt, placeHalt } from './halt.ts';
export { placeHold } from './hold.ts';
export { readPlans } from './plans.ts';
export { scanAccount } from './read-account.ts';
export { recordBounce } from './record-bounce.ts';
export { type Restored, restoreCredential } from './restore-credential.ts';
export type {
  AccountSummary,
  HeldStep,
  Progress,
  ReadingOptions,
  SweepAction,
  SweepResult,
} from './result.ts';
export { readHalts } from './run.ts';
export { type SweepOptions, sweepAccount } from './sweep-account.ts';
