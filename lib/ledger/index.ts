/** The decision ledger, its projection, and the evidence behind it: the only room that writes any of them. */
export { BUCKET_INDEX } from './bucket-index.ts';
export { CredentialRecord, type Recorded } from './credential-record.ts';
export { type Appended, DynamoDecisionLedger, type InspectedChain } from './dynamo-decision-ledger.ts';
export {
  archivePolicyText,
  type EvidenceBody,
  type EvidenceStore,
  manifestKey,
  policyKey,
  readPolicyText,
  readText,
  type StoredEvidence,
} from './evidence-store.ts';
export { explain } from './explain/explain.ts';
export { explainCredential } from './explain/explain-credential.ts';
export { explainNotice } from './explain/explain-notice.ts';
export { explainPlan } from './explain/explain-plan.ts';
export { explainSweep } from './explain/explain-sweep.ts';
export type {
  ExplainDependencies,
  ExplainedFact,
  ExplainedVerdict,
  ExplainOptions,
  Explanation,
  TimelineEntry,
} from './explain/explanation.ts';
export { renderExplanation } from './explain/render.ts';
export { sentenceOf } from './explain/sentence.ts';
export { FileEvidenceStore } from './file-evidence-store.ts';
export { type Manifest, readManifest } from './manifest-reader.ts';
export { type FooterInput, type ManifestWriter, openManifest } from './manifest-writer.ts';
export { type Rebuilt, rebuildState } from './rebuild-state.ts';
export {
  type RememberedKey,
  type RememberedReading,
  rememberedKeys,
  rememberedReading,
} from './remembered-keys.ts';
export { type Replay, type ReplayDifference, type ReplayJudge, replaySweep } from './replay-sweep.ts';
export { S3EvidenceStore } from './s3-evidence-store.ts';
export { newEventId } from './sealed-event.ts';
export { refuseSecretShaped, secretShapeIn } from './secret-shape.ts';
export { bareName, type CredentialStatus, type StateItem, stateItemOf } from './state-item.ts';
export { StateProjection } from './state-projection.ts';
export type { ChainPosition } from './stored-event.ts';
export {
  type AccountItem,
  isSweep,
  MANIFEST_EVIDENCE,
  manifestOf,
  POLICY_EVIDENCE,
  type SweepEvent,
} from './sweep-record.ts';
export { createLedgerTables, type LedgerTableNames, STATE_INDEXES } from './tables.ts';
export type { LedgerProblem } from './verify/problem.ts';
export { type Verification, type VerifyProgress, verifyLedger } from './verify/verify-ledger.ts';
