/** The composition root: builds what use cases need from flags and environment, and hands both to the command line. */
export {
  explain,
  type LedgerProblem,
  type Replay,
  rebuildState,
  renderExplanation,
  replaySweep,
  type Verification,
  verifyLedger,
} from '../ledger/index.ts';
export {
  type CaseResult,
  checkPolicyFolder,
  type Policy,
  policyJsonSchemas,
  runPolicyCases,
} from '../policy/index.ts';
export {
  type AccountSummary,
  activatePolicy,
  approvePlan,
  type HaltTarget,
  type HeldStep,
  liftHalt,
  type PlanDecision,
  placeHalt,
  type RecordingContext,
  readHalts,
  readPlans,
  rejectPlan,
  restoreCredential,
  type SweepAction,
  type SweepContext,
  type SweepResult,
  scanAccount,
  sweepAccount,
} from '../sweep/index.ts';
export type { AskedService } from './api-client/asked-service.ts';
export { isExplanation } from './api-client/explained.ts';
export { proveDelegation } from './api-client/prove-delegation.ts';
export { judgeFromArchive } from './archive.ts';
export { comparePolicies } from './compare-policies.ts';
export type { Desk, DeskFlags } from './desk.ts';
export { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';
export { explainingInstant } from './explaining.ts';
export { makeFolder } from './make-folder.ts';
export { atDesk } from './open-desk.ts';
export { openLedger } from './open-ledger.ts';
export { openReading } from './open-reading.ts';
export { type OpenSweep, openSweep } from './open-recording.ts';
export { demoPolicyDirectory, policyDirectory, policyHashIn } from './policy-directory.ts';
export { openServe, type ServedJanitor } from './serve/open-serve.ts';
export { followRun } from './stack/follow-run.ts';
export { type OpenStack, openStack } from './stack/open-stack.ts';
export { type RunOrder, startSweepRun } from './stack/run-execution.ts';
export { type RunReport, reportOfRun } from './stack/run-report.ts';
export { openStage, type Stage } from './stage.ts';
export type { Surroundings } from './surroundings.ts';
