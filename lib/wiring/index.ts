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
  type ActivationOutcome,
  activatePolicy,
  approvePlan,
  type HaltTarget,
  type HeldStep,
  liftHalt,
  type PlanDecision,
  placeHalt,
  type RecordingContext,
  type Restored,
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
export { judgeFromArchive } from './archive.ts';
export { resolveCredentialId } from './credential-id.ts';
export { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';
export { explainingInstant } from './explaining.ts';
export { makeFolder } from './make-folder.ts';
export { type Opened, openReading } from './open-reading.ts';
export { type OpenSweep, openLedger, openRecording, openSweep } from './open-recording.ts';
export { demoPolicyDirectory, policyDirectory } from './policy-directory.ts';
export { openStage, type Stage } from './stage.ts';
export type { Surroundings } from './surroundings.ts';
